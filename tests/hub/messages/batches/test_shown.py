"""What pages show of batches: nothing of protected persons, their files' names included."""

import pytest

from hub.accounts.staff import StaffMember
from hub.messages.batches import store, taking
from hub.messages.batches.shown import item_line
from hub.messages.batches.store import FileRow
from hub.messages.batches.taking import Given, GivenFile
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.messages.batches.cases import Case, front
from tests.hub.messages.batches.rooms import people

NUMBER, NAME = "0000000001", "髙橋　一郎"
FILES = {n: FileRow(n, f"{NUMBER}_{NAME}.pdf", b"", 1, None) for n in (1, 2)}


def member(*roles: Role) -> StaffMember:
    return StaffMember("a1", "a1", "職員", frozenset(roles))


@pytest.mark.parametrize(
    ("protected", "roles", "shown"),
    [
        ((), (Role.AUTHOR,), True),
        ((NUMBER,), (Role.AUTHOR,), False),
        ((NUMBER,), (Role.AUTHOR, Role.PROTECTED_DESK), True),
    ],
)
def test_the_file_of_a_protected_person_is_not_named(
    protected: tuple[str, ...], roles: tuple[Role, ...], *, shown: bool
) -> None:
    case = Case([front(NUMBER, NAME)], [(NUMBER, NAME)])
    (item,) = case.settled(protected=protected).values()
    line = item_line(item, FILES, member(*roles))
    assert line.hidden is not shown
    assert (line.file, line.name) == ((FILES[1].file_name, NAME) if shown else ("", ""))


@pytest.mark.parametrize(
    ("files", "listed", "given", "name"),
    [
        (["1_甲.pdf", "2_乙.pdf"], [("1", "甲"), ("2", "乙")], "", "文書 2件"),
        (["1_甲.pdf"], [("1", "甲")], "", "文書 1件"),
        (["納税通知.pdf"], [("1", "甲"), ("2", "乙")], "", "納税通知.pdf"),
        (["1_甲.pdf", "2_乙.pdf"], [("1", "甲")], "納税", "納税"),
        (["1_甲.pdf"], [], "", "文書 1件"),
    ],
)
def test_a_batch_is_not_named_after_a_file_of_one_person(
    desk: Desk, files: list[str], listed: list[tuple[str, str]], given: str, name: str
) -> None:
    author = staff(desk, "a1", Role.AUTHOR)
    number = taking.take(
        desk.office,
        author,
        Given([GivenFile(one, b"x") for one in files], GivenFile("l.csv", people(listed)), given),
    )
    with desk.office.database.reading() as session:
        assert store.one(session, number).name == name
