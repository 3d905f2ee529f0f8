"""Outside numbers of residents: linked all at once or not at all, and they survive a rebuild."""

import json

import pytest
from sqlalchemy import select

from hub.errors import BadRequestError, ConflictError
from hub.log.entry import decode
from hub.register import numbers, projection
from hub.register.protection import set_protection
from hub.storage.tables import Household, LogEntry, Resident
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff


@pytest.fixture
def town(desk: Desk) -> Desk:
    """Two households, in the second of which two live."""
    with desk.office.database.writing() as session:
        for household, members in (("H1", ("R1",)), ("H2", ("R2", "R3"))):
            session.add(
                Household(
                    household_id=household,
                    lg_code="131016",
                    prefecture_city="東京都千代田区",
                    town="",
                    lot="",
                    building="",
                )
            )
            session.flush()
            session.add_all(resident(household, one) for one in members)
    return desk


def resident(household: str, resident_id: str) -> Resident:
    texts = ("name_plain", "kana", "birth_date", "sex", "relationship", "registered_domicile")
    texts += ("domicile_head", "resident_code", "nationality", "became_resident_on", "moved_on")
    texts += ("notified_on", "previous_address", "moved_out_on", "moved_out_to", "notification_id")
    return Resident(
        resident_id=resident_id,
        household_id=household,
        status="current",
        last_index=0,
        **dict.fromkeys(texts, ""),
    )


def linked(desk: Desk) -> dict[str, str]:
    with desk.office.database.reading() as session:
        return dict(numbers.residents_of(session, {"001", "002", "003"}))


def test_numbers_are_linked_and_replaced(town: Desk) -> None:
    data = "atena_no,resident_id\n001,R1\n002,R2\n".encode("utf-8-sig")
    assert numbers.import_numbers(town.office, data, "test") == 2
    assert linked(town) == {"001": "R1", "002": "R2"}
    numbers.import_numbers(town.office, b"resident_id,atena_no\nR1,003\nR2,001\n", "test")
    assert linked(town) == {"003": "R1", "001": "R2"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "atena_no,resident_id\n",
        "number,resident_id\n001,R1\n",
        "atena_no,resident_id\n001,R1\n002,R9\n",
        "atena_no,resident_id\n001,R1\n001,R2\n",
        "atena_no,resident_id\n001,R1\n002,R1\n",
        "atena_no,resident_id\n,R1\n",
        "atena_no,reception_number\n001,nothing\n",
    ],
)
def test_a_wrong_line_changes_nothing(town: Desk, text: str) -> None:
    with pytest.raises(BadRequestError):
        numbers.import_numbers(town.office, text.encode(), "test")
    assert linked(town) == {}


def test_a_number_does_not_move_from_somebody_who_keeps_it(town: Desk) -> None:
    numbers.import_numbers(town.office, b"atena_no,resident_id\n001,R1\n", "test")
    with pytest.raises(ConflictError):
        numbers.import_numbers(town.office, b"atena_no,resident_id\n001,R2\n", "test")
    assert linked(town) == {"001": "R1"}


def test_the_numbers_of_a_protected_household_are_hidden(town: Desk) -> None:
    desk_member = staff(town, "p1", Role.PROTECTED_DESK)
    data = b"atena_no,resident_id\n001,R1\n002,R2\n003,R3\n"
    numbers.import_numbers(town.office, data, "test")
    set_protection(town.office, desk_member, "R2", protect=True, reason="x")
    with town.office.database.reading() as session:
        assert numbers.hidden_numbers(session) == {"002", "003"}


def test_a_rebuilt_register_keeps_them(town: Desk) -> None:
    numbers.import_numbers(town.office, b"atena_no,resident_id\n001,R1\n", "test")
    projection.rebuild(town.office.journal, town.office.ring)
    assert linked(town) == {"001": "R1"}


def test_the_log_says_how_many_and_of_which_file(town: Desk) -> None:
    numbers.import_numbers(town.office, b"atena_no,resident_id\n001,R1\n", "test")
    with town.office.database.reading() as session:
        row = session.scalar(select(LogEntry).order_by(LogEntry.index.desc()).limit(1))
        assert row is not None
        assert row.payload is not None
        body = decode(row.payload).body
    assert (body["action"], body["count"]) == ("resident-numbers", 1)
    assert "001" not in json.dumps(body, default=str)
