"""Bent DER in numbers: certificates, lists and responses with bytes changed, cut, doubled, swapped.

Every mutation must be answered, quickly, and with anything but acceptance.
"""

import random
import time
from dataclasses import dataclass, replace

from intake.certificates.outcome import CheckResult
from tests.intake.certificates.authority import NONCE, SERIAL
from tests.intake.certificates.cases import Question, World

SLOWEST_S = 1.0
KINDS = ("leaf", "crl", "ocsp")


@dataclass
class Tally:
    """What came of a run; `accepted` and `slow` describe what must not have happened."""

    asked: int
    accepted: list[str]
    slow: list[str]
    results: dict[str, int]


def questions(world: World) -> dict[str, Question]:
    """A valid question of each kind: what is bent in it is all that vouches for it."""
    listed = (SERIAL + 1, None)
    responder = world.sign.responder()
    return {
        "leaf": world.signing(),
        "crl": world.signing(crl=world.sign.crl(listed)),
        "ocsp": world.signing(
            crl=None, ocsp=world.sign.ocsp(nonce=NONCE, by=responder), nonce=NONCE
        ),
    }


def run(world: World, each: int, seed: int) -> Tally:
    """`each` mutations of each kind; the same seed bends the same places."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    tally = Tally(0, [], [], {})
    for kind, question in questions(world).items():
        assert question.answer().result is CheckResult.VALID
        whole = question.der if kind == "leaf" else getattr(question, kind)
        for _ in range(each):
            data = mutated(whole, chance)
            if data == whole:
                continue
            _judge(replace(question, **{kind: data}), f"{kind} {data.hex()}", tally)
    return tally


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` bent in one to three places."""
    bent = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(bent)) if bent else 0
        match chance.randrange(6):
            case 0:
                bent[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                bent[at : at + 1] = bytes([bent[at] ^ 1 << chance.randrange(8)] if bent else b"")
            case 2:
                del bent[at:]
            case 3:
                del bent[at : at + chance.randint(1, 8)]
            case 4:
                bent[at:at] = bent[at : at + chance.randint(1, 32)]
            case _:
                bent[at : at + 2] = bytes([chance.choice((0x80, 0x84, 0xFF)), 0xFF])
    return bytes(bent)


def _judge(question: Question, what: str, tally: Tally) -> None:
    begin = time.perf_counter()
    result = question.answer().result
    tally.asked += 1
    tally.results[result.value] = tally.results.get(result.value, 0) + 1
    if time.perf_counter() - begin > SLOWEST_S:
        tally.slow.append(what)
    if result is CheckResult.VALID:
        tally.accepted.append(what)
