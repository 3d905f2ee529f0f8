"""XML of core systems is read in a child: hostile ones are refused, the good beside them taken."""

import random

import pytest

from hub.messages.message.content import Content
from hub.messages.message.errors import MessageRefusedError, Reason
from hub.messages.message.parsing import BYTES
from hub.messages.systems import reading
from hub.messages.systems.reading import read
from tests.hub.api.conftest import content, xml
from tests.hub.counter_unit import OFFICE

pytestmark = pytest.mark.system  # children: seconds, apart from the fast part

XMLNS = b' xmlns="urn:madoguchi:message:1"'
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<x" + XMLNS + b">&b;</x>"
)
FETCHES = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x' + XMLNS + b">&f;</x>"
DEEP = b"<x" + XMLNS + b">" + b"<y>" * 5000 + b"</y>" * 5000 + b"</x>"
INCLUDES = xml().replace(
    b"<Body",
    b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/><Body',
    1,
)
STYLED = b'<?xml-stylesheet href="http://127.0.0.1/x"?>' + xml().partition(b"?>")[2]


def reason(found: Content | MessageRefusedError) -> Reason:
    assert isinstance(found, MessageRefusedError)
    return found.problems[0].reason


def test_the_hostile_are_refused_and_those_beside_them_taken():
    given = [xml(), LAUGHS, FETCHES, DEEP, INCLUDES, STYLED, xml("7-2"), b"", b"\xff\xfe<\0"]
    first, *hostile, last, empty, other = read(given, OFFICE)
    assert first == content()
    assert last == content("7-2")
    assert [reason(one) for one in hostile] == [
        Reason.DOCTYPE,
        Reason.DOCTYPE,
        Reason.TOO_DEEP,
        Reason.SCHEMA,
        Reason.INSTRUCTION,
    ]
    assert reason(empty) is reason(other) is Reason.SCHEMA


def test_what_needs_no_child_starts_none(monkeypatch: pytest.MonkeyPatch):
    def start(_line: object) -> None:
        raise AssertionError("a child was started")

    monkeypatch.setattr(reading, "start", start)
    found = read([b"<a/>", XMLNS + b" " * BYTES], OFFICE)
    assert [reason(one) for one in found] == [Reason.SCHEMA, Reason.TOO_LARGE]
    with pytest.raises(AssertionError, match="a child"):
        read([xml(), xml()], OFFICE)


def test_where_a_child_ends_without_an_answer_each_is_read_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "CHILD", ("-I", "-c", "print()"))
    first, second, third = read([xml(), LAUGHS, xml("7-2")], OFFICE)
    assert (first, third) == (content(), content("7-2"))
    assert reason(second) is Reason.DOCTYPE


@pytest.mark.parametrize(
    "answer", ["[]", "{}", "[1,2]", '[{"content":{}},null]', "[[],[]]", "nonsense", '"aa"']
)
def test_a_child_that_lies_is_not_believed(monkeypatch: pytest.MonkeyPatch, answer: str):
    says = f"import sys; print(flush=True); sys.stdin.readline(); print({answer!r}, flush=True)"
    monkeypatch.setattr(reading, "CHILD", ("-I", "-c", says))
    for one in read([xml(), xml("7-2")], OFFICE):
        assert isinstance(one, Content) or reason(one) is Reason.CRASHED


def test_another_office_is_not_spoken_for():
    foreign = xml().replace(OFFICE.encode(), b"132241")
    found = read([foreign, xml()], OFFICE)
    assert reason(found[0]) is Reason.WRONG_ISSUER
    assert found[1] == content()


def test_whatever_was_changed_it_is_read_or_refused_together_as_alone():
    chance = random.Random(7)  # noqa: S311 - reproducible damage, not a secret
    damaged = [damage(xml(), chance) for _ in range(100)]
    together = read(damaged, OFFICE)
    assert all(isinstance(one, Content | MessageRefusedError) for one in together)
    assert sum(isinstance(one, MessageRefusedError) for one in together) > 50
    for place in chance.sample(range(100), 4):
        (alone,) = read([damaged[place]], OFFICE)
        assert str(alone) == str(together[place])


def damage(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, taken out or put in, the namespace left."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(200, len(changed))
        match chance.randrange(3):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.randrange(1, 30)]
            case _:
                changed[at:at] = chance.choice([b"<", b"&", b"</Header>", b"<!--", b"]]>", b"\0"])
    return bytes(changed)
