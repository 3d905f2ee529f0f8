"""Channels of many residents at once: all of the list or nothing of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hub.errors import RecipientListError
from hub.messages.delivery.recipient_list import read, take
from hub.messages.delivery.recipients import reach
from hub.storage.tables import MessageRecipient, MessageRegistration
from tests.hub.conftest import Desk

HEADING = (
    "atena_no,channel,to,rank,opted_in,language,large_print,quiet_from,quiet_until,"
    "name,postal_code,address,building"
)
LIST = f"""{HEADING}
0000000000001,mynaportal,BOX-1,1,,,,,,,,,
0000000000001,email,a@example.jp,2,no,,,,,,,,
0000000000002,,,,,en,yes,21:00,07:30,見本 花子,206-0011,東京都多摩市関戸1-2,見本荘 3
""".encode()


def test_channels_wishes_and_addresses_are_taken(desk: Desk):
    assert take(desk.office.journal, LIST, "test") == 3
    with desk.office.database.reading() as session:
        first, second = (reach(session, f"000000000000{n}") for n in (1, 2))
    assert [(way.channel, way.address) for way in first.ways] == [("mynaportal", "BOX-1")]
    assert (second.language, second.large_print, second.quiet) == ("en", True, (1260, 450))
    assert second.postal is not None
    assert second.postal.lines == ("東京都多摩市関戸1-2", "見本荘 3")


@pytest.mark.parametrize(
    "line",
    [
        "0000000000002,,,,,,,,,,,,",
        "0000000000002,,,,,en,,,,,,,",
        "0000000000002,,,,,,yes,,,,,,",
        "0000000000002,,,,,,,21:00,07:30,,,,",
        "0000000000002,email,b@example.jp,,,,,,,見本 花子,206-0011,東京都多摩市関戸1-2,見本荘 3",
    ],
)
def test_what_a_line_leaves_empty_stays_as_it_was(desk: Desk, line: str):
    take(desk.office.journal, LIST, "test")
    with desk.office.database.writing() as session:
        before = replace(reach(session, "0000000000002"), ways=())
        session.get_one(MessageRecipient, "0000000000002").protected = True
    take(desk.office.journal, f"{HEADING}\n{line}\n".encode(), "test")
    with desk.office.database.reading() as session:
        after = reach(session, "0000000000002")
    assert replace(after, ways=()) == replace(before, protected=True)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("atena_no,channel,to\n1,mynaportal,A\n,mynaportal,B\n", "line 3"),
        ("atena_no,channel,to\n1,mynaportal,A\n2,mynaportal,\n", "line 3"),
        ("atena_no,channel,to,rank\n1,mynaportal,A,first\n", "line 2"),
        ("atena_no,channel,to,opted_in\n1,mynaportal,A,perhaps\n", "line 2"),
        ("atena_no,channel,to\n1,mynaportal,A\n2,mynaportal," + "x" * 321 + "\n", "line 3"),
        ("atena_no,language\n1,xx\n", "line 2"),
        ("atena_no,quiet_from,quiet_until\n1,9pm,7am\n", "line 2"),
        ("number,channel\n1,mynaportal\n", "first line"),
        ("atena_no,channel,to\n1,mynaportal,A,and,more\n", "first line"),
        ("", "first line"),
    ],
)
def test_one_wrong_line_takes_nothing(desk: Desk, wrong: str, named: str):
    with pytest.raises(RecipientListError, match=named):
        take(desk.office.journal, wrong.encode(), "test")
    with desk.office.database.reading() as session:
        assert session.scalars(select(MessageRegistration)).all() == []


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_whatever_is_given_is_read_or_refused(data: bytes):
    for head in (b"", b"atena_no,channel,to,rank,quiet_from,quiet_until\n"):
        try:
            read(head + data)
        except RecipientListError:
            continue
