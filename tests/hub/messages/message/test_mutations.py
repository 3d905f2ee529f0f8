"""Thousands of mutated signed messages: none is taken for one with other content."""

import os
import random
from dataclasses import dataclass, field

import pytest

from hub.messages.message.checking import check
from hub.messages.message.errors import MessageRefusedError, Reason
from hub.messages.message.making import make
from tests.hub.messages.message.message_samples import NOW, key, trusted
from tests.hub.messages.message.write_examples import full_example

MUTATIONS = int(os.environ.get("MADOGUCHI_EXAMPLES", "0")) or 250
ORIGINAL = make(full_example(), key(), NOW)
OTHER = make(full_example(), key(8), NOW)
PIECES = (
    b"<!-- -->", b"<?x?>", b"<![CDATA[1]]>", b"&#49;", b"&amp;", b'<x Id="', b' xmlns:ds="urn:x"',
    b"<ds:Object/>", b"</Message>", b"<!DOCTYPE x>", b"\x00", b"\xff", b" ", b"\n", b"0", b"9",
)  # fmt: skip


@dataclass
class Tally:
    """What became of the mutated messages."""

    refused: dict[Reason, int] = field(default_factory=dict[Reason, int])
    unchanged: int = 0


def mutated(chance: random.Random) -> bytes:
    """A few changes of the kinds that a careless or a hostile hand makes."""
    data = bytearray(ORIGINAL)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        at, end = sorted(chance.randrange(len(data)) for _ in range(2))
        match chance.randrange(7):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at:at] = chance.choice(PIECES)
            case 2:
                del data[at : at + chance.randrange(1, 40)]
            case 3:
                data[at:at] = data[at : min(end, at + 2000)]
            case 4:
                piece = data[at : at + 60]
                del data[at : at + 60]
                data[min(end, len(data)) : min(end, len(data))] = piece
            case 5:
                data[at : at + 80] = OTHER[at : at + 80]
            case _:
                data = _elements_swapped(data, chance)
    return bytes(data)


def _elements_swapped(data: bytearray, chance: random.Random) -> bytearray:
    """Two pieces between tags exchanged: still XML, often still by the schema."""
    parts = bytes(data).split(b"><")
    if len(parts) > 2:
        a, b = chance.sample(range(len(parts)), 2)
        parts[a], parts[b] = parts[b], parts[a]
    return bytearray(b"><".join(parts))


def tried(count: int, seed: int) -> Tally:
    chance, tally, expected = random.Random(seed), Tally(), full_example()  # noqa: S311 - a test
    for _ in range(count):
        data = mutated(chance)
        try:
            checked = check(data, trusted())
        except MessageRefusedError as error:
            reason = error.problems[0].reason
            tally.refused[reason] = tally.refused.get(reason, 0) + 1
            continue
        assert checked.content == expected, data
        assert checked.signed_at == NOW
        tally.unchanged += 1
    return tally


def test_no_mutated_message_is_taken_for_another():
    tally = tried(MUTATIONS, 20261123)
    assert sum(tally.refused.values()) + tally.unchanged == MUTATIONS
    assert sum(tally.refused.values()) > MUTATIONS * 0.8
    assert {Reason.NOT_XML, Reason.SIGNATURE} <= tally.refused.keys()


@pytest.mark.soak
def test_no_mutated_message_of_very_many_is_taken_for_another():
    for seed in range(20):
        tried(5_000, seed)
