from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import EncodeError, WrongTopicError
from intake.event import topics
from intake.event.topics import All, Direction, Down, Topic, Up
from intake.record import DEVICE, OFFICE

offices = st.from_regex(OFFICE, fullmatch=True).filter(str.isascii)
devices = st.from_regex(DEVICE, fullmatch=True)


@given(offices, devices, st.sampled_from([*Up, *Down, *All]))
def test_topics_are_read_back(office: str, device: str, channel: Up | Down | All) -> None:
    match channel:
        case Up():
            text, known = topics.up(office, device, channel), Direction.UP
        case Down():
            text, known = topics.down(office, device, channel), Direction.DOWN
        case All():
            text, known = topics.everyone(office, channel), Direction.ALL
    named = None if known is Direction.ALL else device
    assert topics.parse(text) == Topic(office, known, named, channel)


def test_the_written_forms() -> None:
    assert topics.up("131016", "counter-01", Up.INTAKE) == "madoguchi/1/131016/up/counter-01/intake"
    assert topics.down("131016", "c-1", Down.RECEIPT) == "madoguchi/1/131016/down/c-1/receipt"
    assert topics.everyone("131016", All.KEYS) == "madoguchi/1/131016/all/keys"
    assert topics.up_filter("131016", Up.ASK) == "madoguchi/1/131016/up/+/ask"
    assert topics.down_filter("131016", "c-1") == "madoguchi/1/131016/down/c-1/+"
    assert topics.everyone_filter("131016") == "madoguchi/1/131016/all/+"


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "madoguchi/1/131016",
        "madoguchi/1/131016/up/counter-01",
        "madoguchi/1/131016/up/counter-01/intake/more",
        "madoguchi/1/131016/up/counter-01/receipt",
        "madoguchi/1/131016/down/counter-01/intake",
        "madoguchi/1/131016/all/counter-01/keys",
        "madoguchi/1/131016/all/intake",
        "madoguchi/1/131016/side/counter-01/intake",
        "madoguchi/2/131016/up/counter-01/intake",
        "other/1/131016/up/counter-01/intake",
        "madoguchi/1/13101/up/counter-01/intake",
        "madoguchi/1/131016/up/Counter/intake",
        "madoguchi/1/131016/up/+/intake",
        "madoguchi/1/131016/up/counter-01\n/intake",
    ],
)
def test_other_topics_are_refused(topic: str) -> None:
    with pytest.raises(WrongTopicError):
        topics.parse(topic)


@pytest.mark.parametrize(("office", "device"), [("13101", "c-1"), ("131016", "a/b"), ("+", "c-1")])
def test_no_wildcard_or_slash_gets_into_a_topic(office: str, device: str) -> None:
    with pytest.raises(EncodeError):
        topics.up(office, device, Up.INTAKE)
    with pytest.raises(EncodeError):
        topics.down_filter(office, device)
