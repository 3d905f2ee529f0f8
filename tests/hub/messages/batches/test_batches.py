"""Batches in the database: taken in, read, decided about, undone, handed over, thrown away."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from hub.errors import NotFoundError, ProtectedPersonError, RoleError
from hub.log.entry import EntryKind, decode
from hub.messages.batches import current, deciding, looking, store, taking
from hub.messages.batches.deciding import Seen
from hub.messages.batches.errors import (
    GivenProblem,
    GivenRefusedError,
    HandedOverError,
    ItemChangedError,
    NotAllowedHereError,
)
from hub.messages.batches.handing import ReadyItem, hand_over
from hub.messages.batches.reader import BatchReader
from hub.messages.batches.settling import Item, ItemState
from hub.messages.batches.taking import Given, GivenFile
from hub.register import numbers
from hub.register.protection import set_protection
from hub.storage.tables import DocumentFinding, DocumentPage, LogEntry
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.messages.batches.cases import front, loose
from tests.hub.messages.batches.rooms import Room, people
from tests.hub.messages.pdf_maker import made
from tests.hub.test_resident_numbers import town

__all__ = ["town"]
A, B, C = "0000000001", "0000000002", "0000000003"
PEOPLE = [(A, "高橋　一郎"), (B, "高田　花子"), (C, "佐藤　健")]
PAGES = [front(A, "髙橋　一郎"), front(B, "髙田　花子"), front(C, "佐藤　健")]


@pytest.fixture
def room(desk: Desk) -> Room:
    return Room(desk.office, staff(desk, "a1", Role.AUTHOR))


@pytest.fixture
def read(room: Room) -> Room:
    room.give([made(PAGES)], people(PEOPLE))
    room.read()
    return room


def handed(room: Room, *items: Item) -> list[ReadyItem]:
    """What delivery would be given, without the pages."""
    return [
        ReadyItem(
            *(room.number, item.number, item.atena_no or "", "", None, "", "", {}, (), item.pages),
            pdf=None,
            document=b"",
            fingerprint=current.fingerprint(item),
        )
        for item in items
    ]


def said(desk: Desk) -> list[dict[str, object]]:
    with desk.office.database.reading() as session:
        rows = session.scalars(select(LogEntry).order_by(LogEntry.index)).all()
        entries = [decode(row.payload) for row in rows if row.payload is not None]
    return [
        {"kind": e.kind.value, **e.body}
        for e in entries
        if e.kind in (EntryKind.DOCUMENT, EntryKind.LOOK)
    ]


def test_a_batch_waits_is_read_and_asks_to_be_looked_at(room: Room) -> None:
    room.give([made(PAGES)], people(PEOPLE))
    assert room.state() == ("waiting", 0, 0, 0)
    room.read()
    assert room.state() == ("to-look-at", 2, 1, 0)


def test_one_spelling_settles_all_and_its_undoing_holds_them_again(read: Room) -> None:
    act = read.decide(1, deciding.same_person)
    assert read.state() == ("ready", 0, 3, 0)
    deciding.undo(read.office, read.author, read.number, act)
    assert read.state() == ("to-look-at", 2, 1, 0)
    assert read.items()[1].acts == ()


def test_two_who_look_at_the_same_pages_do_not_overrule_each_other(read: Room) -> None:
    seen = Seen(read.number, 1, current.fingerprint(read.items()[1]))
    deciding.decide(read.office, read.author, seen, deciding.same_person)
    with pytest.raises(ItemChangedError):
        deciding.decide(read.office, read.author, seen, deciding.take_out)


def test_what_went_out_is_not_touched_any_more(read: Room) -> None:
    act = read.decide(1, deciding.same_person)
    ready = read.items()[2]
    with read.office.journal.appending() as append:
        hand_over(append, read.author, read.number, handed(read, ready))
    assert read.state() == ("ready", 0, 2, 1)
    with pytest.raises(HandedOverError):
        deciding.undo(read.office, read.author, read.number, act)
    with pytest.raises(HandedOverError):
        read.decide(2, deciding.take_out)
    with pytest.raises(HandedOverError):
        read.decide(3, deciding.give_to(1))  # onto the number that went out
    with pytest.raises(HandedOverError):
        deciding.discard(read.office, read.author, read.number)


def test_nothing_goes_out_that_changed_since_it_was_given_out(read: Room) -> None:
    act = read.decide(1, deciding.same_person)
    given = handed(read, *read.items().values())
    deciding.undo(read.office, read.author, read.number, act)
    with pytest.raises(ItemChangedError), read.office.journal.appending() as append:
        hand_over(append, read.author, read.number, given)
    assert read.state() == ("to-look-at", 2, 1, 0)
    with pytest.raises(ItemChangedError), read.office.journal.appending() as append:
        hand_over(append, read.author, read.number, [replace(given[2], fingerprint="x")])


def test_a_mark_is_gone_with_the_transaction_that_set_it(read: Room) -> None:
    def hand_over_and_fail() -> None:
        with read.office.journal.appending() as append:
            hand_over(append, read.author, read.number, handed(read, read.items()[3]))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        hand_over_and_fail()
    assert read.items()[3].state is ItemState.READY


def test_only_what_holds_pages_can_be_set_aside(read: Room) -> None:
    with pytest.raises(NotAllowedHereError):
        read.decide(1, deciding.accept_as_they_are)  # whose pages they are is no matter of a look
    with pytest.raises(NotAllowedHereError):
        read.decide(3, deciding.same_person)
    with pytest.raises(NotAllowedHereError):
        read.decide(3, deciding.release)
    with pytest.raises(GivenRefusedError):
        read.decide(1, deciding.typed("due_date", "いつか"))
    with pytest.raises(GivenRefusedError):
        read.decide(1, deciding.typed("atena_no", B))


def test_decisions_are_an_authors(read: Room, desk: Desk) -> None:
    for login, role in (("s1", Role.SENDER), ("au", Role.AUDITOR), ("p0", Role.PROTECTED_DESK)):
        with pytest.raises(RoleError):
            read.decide(1, deciding.same_person, staff(desk, login, role))


def test_undoing_is_an_authors_too_where_the_decision_shows_no_more(read: Room, desk: Desk) -> None:
    act = read.decide(1, deciding.same_person)
    read.decide(1, deciding.take_out)
    assert act not in read.items()[1].acts
    for login, role in (("s1", Role.SENDER), ("au", Role.AUDITOR), ("p0", Role.PROTECTED_DESK)):
        with pytest.raises(RoleError):
            deciding.undo(read.office, staff(desk, login, role), read.number, act)
    deciding.undo(read.office, read.author, read.number, act)


def test_protection_set_after_reading_holds_at_once(read: Room, town: Desk) -> None:
    assert town.office is read.office
    keeper = staff(town, "p1", Role.PROTECTED_DESK)
    read.decide(1, deciding.same_person)
    given = handed(read, read.items()[3])
    numbers.import_numbers(read.office, f"atena_no,resident_id\n{C},R2\n".encode(), "test")
    set_protection(read.office, keeper, "R2", protect=True, reason="x")
    assert read.items()[3].state is ItemState.HELD
    with pytest.raises(ItemChangedError), read.office.journal.appending() as append:
        hand_over(append, read.author, read.number, given)
    with pytest.raises(ProtectedPersonError):
        looking.look_at(read.office, read.author, read.number, 3)
    with pytest.raises(ProtectedPersonError):
        read.decide(3, deciding.release)
    with pytest.raises(ProtectedPersonError):
        read.decide(3, deciding.take_out)
    look = looking.look_at(read.office, keeper, read.number, 3)
    looking.log_look(read.office, keeper, look)
    assert look.resident_id == "R2"
    assert said(town)[-1]["kind"] == "look"
    read.decide(3, deciding.release, keeper)
    assert read.items()[3].state is ItemState.READY
    assert looking.neighbours(looking.look_at(read.office, read.author, read.number, 2)) == (
        1,
        None,
    )


def test_every_act_is_on_record_without_a_name(read: Room, desk: Desk) -> None:
    act = read.decide(1, deciding.same_person)
    read.decide(2, deciding.typed("name", "高田　花子"))
    deciding.undo(read.office, read.author, read.number, act)
    entries = said(desk)
    assert [e["action"] for e in entries] == ["upload", "same-name", "typed", "undo"]
    assert not any(word in str(entries) for word in ("橋", "田", "花子"))
    with read.office.database.reading() as session:
        acts = store.acts(session, read.number)
    assert [a.action for a in acts] == ["upload", "same-name", "typed", "undo"]
    assert acts[1].undone_by == "a1"


def test_a_discarded_batch_holds_nothing_of_anybody(read: Room) -> None:
    read.decide(1, deciding.same_person)
    deciding.discard(read.office, read.author, read.number)
    with read.office.database.reading() as session:
        batch = store.one(session, read.number)
        assert (batch.state, batch.list_content) == ("discarded", None)
        for table in (DocumentPage, DocumentFinding):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert all(act.fix is None for act in store.acts(session, read.number))
        with pytest.raises(NotFoundError):
            store.content(session, read.number, 1)
    with pytest.raises(NotFoundError):
        looking.look_at(read.office, read.author, read.number, 1)


def test_a_batch_discarded_before_its_reading_begins_stays_discarded(room: Room) -> None:
    room.give([made(PAGES)], people(PEOPLE))
    deciding.discard(room.office, room.author, room.number)
    assert BatchReader(room.office)._begun(room.number) is None
    assert room.state() == ("discarded", 0, 0, 0)


def test_the_same_pages_are_read_by_the_numbers_of_their_own_list(room: Room) -> None:
    document = made([front(A, "佐藤　健"), front("12345678", "佐藤　健")])
    printed: list[tuple[str, ...]] = []
    for listed in ([(A, "佐藤　健")], [(A, "佐藤　健"), ("87654321", "林　葉")]):
        room.give([document], people(listed))
        room.read()
        room.decide(2, deciding.give_to(0))
        printed.append(room.items()[1].examined.numbers)
    assert printed == [(A,), (A, "12345678")]


def test_a_wrong_list_is_replaced_without_the_documents(room: Room) -> None:
    room.give([made(PAGES)], "atena_no,name\n0001,\n,山田\n".encode())
    with room.office.database.reading() as session:
        batch = store.one(session, room.number)
        assert (batch.state, batch.problem) == ("refused", "list")
        assert batch.problem_rows == '[[2, "no-name"], [3, "no-number"]]'
    taking.replace_list(room.office, room.author, room.number, GivenFile("b.csv", people(PEOPLE)))
    room.read()
    assert room.state() == ("to-look-at", 2, 1, 0)
    with pytest.raises(NotAllowedHereError):
        taking.replace_list(room.office, room.author, room.number, GivenFile("b.csv", b"x"))


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (Given([], GivenFile("l", b"x")), GivenProblem.NO_FILE),
        (Given([GivenFile("d", b"x")], None), GivenProblem.NO_LIST),
        (Given([GivenFile("d", b"x")] * 201, GivenFile("l", b"x")), GivenProblem.TOO_MANY_FILES),
        (
            Given([GivenFile("d", b"x")], GivenFile("l", b"x"), template="nothing"),
            GivenProblem.UNKNOWN_TEMPLATE,
        ),
    ],
)
def test_what_is_not_taken_in_says_why(room: Room, given: Given, problem: GivenProblem) -> None:
    with pytest.raises(GivenRefusedError) as refused:
        taking.take(room.office, room.author, given)
    assert refused.value.problem is problem
    with room.office.database.reading() as session:
        assert store.listed(session, 10) == []


def test_several_files_count_their_pages_apart(room: Room) -> None:
    room.give([made([page]) for page in PAGES], people(PEOPLE))
    room.read()
    items = room.items()
    assert [(item.file, item.pages) for item in items.values()] == [(n, (1,)) for n in (1, 2, 3)]
    room.decide(1, deciding.same_person)
    room.decide(2, deciding.give_to(0))  # another file's pages do not join: both wait
    assert {item.state for n, item in room.items().items() if n < 3} == {ItemState.HELD}


def test_pages_given_by_hand_join_and_come_apart_again(room: Room) -> None:
    room.give([made([PAGES[2], loose()])], people(PEOPLE[2:]))
    room.read()
    assert room.state() == ("to-look-at", 2, 0, 0)
    act = room.decide(2, deciding.give_to(0))
    assert room.items()[1].pages == (1, 2)
    assert room.state() == ("ready", 0, 1, 0)
    deciding.undo(room.office, room.author, room.number, act)
    assert room.state() == ("to-look-at", 2, 0, 0)
