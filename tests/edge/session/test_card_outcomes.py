"""Every way a reading can end, over the pages' interface: what both see, and what it cost."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.card_reader import errors
from drivers.card_reader.interface import ReaderStatus
from drivers.card_reader.outcomes import OutcomeCode
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.persona import (
    Faults,
    Persona,
    load_persona,
    with_faults,
)
from drivers.errors import DriverError
from edge.session import card_desk
from intake.office.environment import Environment
from tests.edge.a_unit import Json, until
from tests.edge.card_bench import CardBench, card_bench
from tests.edge.session.steps import refused

JPKI, TEXT = bytes.fromhex("D392F000260100000001"), bytes.fromhex("D3921000310001010408")
pytestmark = pytest.mark.system  # real servers and keys: seconds, apart from the fast part


@pytest.fixture
async def bench(tmp_path: Path, demo_cards: Path) -> AsyncGenerator[CardBench]:
    async with card_bench(tmp_path, demo_cards) as found:
        await found.unit.clerk.do("start", procedure="move_in")
        yield found


async def read(bench: CardBench, pin: str = "1234", **more: str) -> Json:
    """Read as the resident does; both pages must say the same."""
    await bench.unit.resident.do("read_card", auth_pin=pin, **more)
    resident = (await bench.unit.resident.view())["card"]
    clerk = (await bench.unit.clerk.view())["card"]
    assert {k: v for k, v in resident.items() if k != "face"} == {
        k: v for k, v in clerk.items() if k != "face"
    }
    if resident["outcome"] not in (None, "ok"):
        assert resident["message"]["ja"]
        assert resident["message"]["en"]
        assert resident["next"] != "other"
        assert (await bench.unit.resident.view())["state"] == "identify"
    return clerk


def tries(card: SimulatedCard) -> tuple[int, int]:
    """What is left of the authentication PIN and of the card-text PIN."""
    return card.applications[JPKI].pins[0x18].left, card.applications[TEXT].pins[0x11].left


async def asked(bench: CardBench) -> dict[str, tuple[str, int | None]]:
    card = (await bench.unit.resident.view())["card"]
    return {ask["pin"]: (ask["state"], ask["tries"]) for ask in card["asks"]}


async def test_without_a_card_nothing_is_asked(bench: CardBench) -> None:
    assert await asked(bench) == {}
    assert (await read(bench))["outcome"] == OutcomeCode.NO_CARD
    await bench.put("head_of_household")
    card = (await bench.unit.resident.view())["card"]
    assert card["outcome"] is None, "a card was put on: that there was none is no news"
    assert await asked(bench) == {"auth": ("ask", 3), "text": ("ask", 3)}


@pytest.mark.parametrize(
    ("status", "code", "following"),
    [
        (ReaderStatus.NO_SERVICE, OutcomeCode.NO_SERVICE, "service"),
        (ReaderStatus.NO_READER, OutcomeCode.NO_READER, "plug"),
    ],
)
async def test_a_missing_reader_is_told_before_anything_is_tried(
    bench: CardBench, status: ReaderStatus, code: OutcomeCode, following: str
) -> None:
    await bench.lose(status)
    card = (await bench.unit.resident.view())["card"]
    assert (card["reader"], card["reader_next"]) == (status, following)
    assert (await read(bench))["outcome"] == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.CardBusyError("busy"), OutcomeCode.READER_BUSY),
        (errors.CardUnresponsiveError("mute"), OutcomeCode.CARD_MUTE),
        (errors.CardTimeoutError("late"), OutcomeCode.TIMEOUT),
        (errors.CardRefusedError("reading", 0x6F00), OutcomeCode.CARD_REFUSED),
    ],
)
async def test_a_card_that_is_not_to_be_had(
    bench: CardBench, error: DriverError, code: OutcomeCode
) -> None:
    await bench.put("head_of_household")
    bench.refuse(error)
    assert (await read(bench))["outcome"] == code


async def test_a_foreign_card_is_told_before_any_pin(bench: CardBench) -> None:
    await bench.put("not_my_number")
    card = (await bench.unit.resident.view())["card"]
    assert "マイナンバーカードではありません" in card["seen"]["problem"]["message"]["ja"]
    assert (card["asks"], card["seen"]["problem"]["next"]) == ([], "other_card")


async def test_a_wrong_pin_is_sent_once_and_the_tries_are_counted(bench: CardBench) -> None:
    card = await bench.put("head_of_household")
    found = await read(bench, "0000", text_pin="1234")
    assert (found["outcome"], found["tries_left"]) == (OutcomeCode.PIN_WRONG, 2)
    assert tries(card) == (2, 3)
    assert (await asked(bench))["auth"] == ("ask", 2)
    assert (await read(bench))["outcome"] == OutcomeCode.OK
    assert tries(card) == (3, 3)


@pytest.mark.parametrize("pin", ["12", "12345", "ABCD", "１２３４", ""])
async def test_what_cannot_be_a_pin_is_not_sent(bench: CardBench, pin: str) -> None:
    card = await bench.put("head_of_household")
    assert (await read(bench, pin))["outcome"] == OutcomeCode.PIN_FORMAT
    assert tries(card) == (3, 3)


async def test_the_last_try_needs_the_clerk_and_counts_for_one_reading(bench: CardBench) -> None:
    card = await bench.put("one_try_left")
    assert (await asked(bench))["auth"] == ("one_left", 1)
    assert (await read(bench))["outcome"] == OutcomeCode.PIN_ONE_LEFT
    assert tries(card) == (1, 3)
    assert await refused(bench.unit, "resident", "allow_last_try") == "unknown_action"
    await bench.unit.clerk.do("allow_last_try")
    assert (await asked(bench))["auth"] == ("ask", 1)
    await read(bench, "12")
    assert (await asked(bench))["auth"] == ("one_left", 1), "it was allowed for one reading"
    await bench.unit.clerk.do("allow_last_try")
    assert (await read(bench, "0000", text_pin="1234"))["outcome"] == OutcomeCode.PIN_BLOCKED
    assert tries(card) == (0, 3)


async def test_a_blocked_pin_is_not_asked_for(bench: CardBench) -> None:
    await bench.put("blocked")
    card = (await bench.unit.resident.view())["card"]
    (auth, _text) = card["asks"]
    assert (auth["state"], auth["message"]["next"]) == ("blocked", "unblock")
    assert "窓口" in auth["message"]["message"]["ja"]
    await bench.unit.clerk.do("allow_last_try")
    assert (await read(bench))["outcome"] == OutcomeCode.PIN_BLOCKED


async def test_a_phone_says_that_it_shows_nothing_before_its_pin(bench: CardBench) -> None:
    await bench.put("android")
    assert (await bench.unit.resident.view())["card"]["seen"]["phone"]
    assert (await read(bench))["outcome"] == OutcomeCode.OK


async def test_a_child_is_asked_for_no_password(bench: CardBench) -> None:
    await bench.unit.clerk.do("card_way", card_way="certificate")
    await bench.put("under_15")
    assert (await asked(bench))["sign"] == ("absent", None)
    assert (await read(bench))["outcome"] == OutcomeCode.OK


@pytest.mark.parametrize(
    ("persona", "code", "word"),
    [
        ("tampered_text", OutcomeCode.NOT_GENUINE, "氏名・住所"),
        ("clone", OutcomeCode.NOT_GENUINE, "写し"),
        ("forged_issuer", OutcomeCode.NOT_GENUINE, "発行者"),
        ("expired", OutcomeCode.CERTIFICATE_INVALID, "有効期限"),
    ],
)
async def test_what_is_not_as_issued_is_named(
    bench: CardBench, persona: str, code: OutcomeCode, word: str
) -> None:
    await bench.put(persona)
    found = await read(bench)
    assert found["outcome"] == code
    assert word in found["message"]["ja"]
    assert (await bench.unit.clerk.view())["notification"]["identity_proof"] is None


async def test_a_test_card_in_production_is_refused_by_name(bench: CardBench) -> None:
    bench.desk._environment = Environment.PRODUCTION  # no virtual reader serves a production unit
    await bench.put("test_hierarchy")
    found = await read(bench)
    assert found["outcome"] in (OutcomeCode.CERTIFICATE_INVALID, OutcomeCode.NOT_GENUINE)
    assert "試験用" in found["message"]["ja"]


@pytest.mark.parametrize("commands", [0, 3, 9, 20, 30])
async def test_a_card_taken_away_is_put_back_and_read(bench: CardBench, commands: int) -> None:
    card = await bench.put("head_of_household")
    bench.reader.remove_after(commands)
    found = await read(bench)
    assert found["outcome"] in (OutcomeCode.REMOVED, OutcomeCode.NO_CARD)
    assert "置" in found["message"]["ja"]
    assert (await bench.unit.clerk.view())["notification"]["identity_proof"] is None
    await bench.put(card)
    assert (await bench.unit.clerk.view())["card"]["outcome"] is None
    assert (await read(bench))["outcome"] == OutcomeCode.OK


async def test_a_signature_that_does_not_verify(bench: CardBench) -> None:
    await bench.put(faulty(wrong_signature=True))
    assert (await read(bench))["outcome"] in (
        OutcomeCode.SIGNATURE_UNVERIFIED,
        OutcomeCode.NOT_GENUINE,
    )


async def test_a_slow_card_is_said_to_be_slow_while_it_is_read(
    bench: CardBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_desk, "SLOW_SECONDS", 0.05)
    card = await bench.put("head_of_household")
    card.faults = with_faults(Faults(), {"slow_ms": 15})
    heard: list[tuple[bool, bool]] = []
    changed = bench.desk._tell
    bench.desk._tell = lambda: (heard.append((bench.desk.reading, bench.desk.slow)), changed())[1]
    assert (await read(bench))["outcome"] == OutcomeCode.OK
    assert heard[:2] == [(True, False), (True, True)]
    assert not bench.desk.slow


async def test_what_nobody_has_asked_yet_is_provisional(bench: CardBench) -> None:
    await bench.put("head_of_household")
    assert (await read(bench))["provisional"]
    assert (await bench.unit.clerk.view())["state"] == "fill"


async def test_a_card_that_is_on_before_the_notification_begins_is_looked_at(
    bench: CardBench,
) -> None:
    await bench.unit.clerk.do("cancel")
    await bench.put("one_try_left")
    assert bench.desk.seen is None, "nobody is served: the card is nobody's business"
    await bench.unit.clerk.do("start", procedure="move_in")
    await until(lambda: bench.desk.seen is not None)
    assert (await asked(bench))["auth"] == ("one_left", 1)


def faulty(**values: object) -> Persona:
    head = load_persona("head_of_household")
    return replace(head, faults=with_faults(head.faults, values))


async def test_a_card_put_on_while_another_is_read_is_looked_at(bench: CardBench) -> None:
    card = await bench.put("head_of_household")
    card.faults = with_faults(Faults(), {"slow_ms": 30})
    reading = asyncio.create_task(bench.unit.resident.act("read_card", auth_pin="1234"))
    await until(lambda: bench.desk.reading)
    await bench.unit.clerk.do("cancel")
    await bench.unit.clerk.do("start", procedure="move_in")
    await bench.take()
    bench.reader.insert(bench.make("one_try_left"))
    assert (await reading)[0] == 200
    await until(lambda: bench.desk.seen is not None)
    assert (await asked(bench))["auth"] == ("one_left", 1)
    assert (await bench.unit.clerk.view())["card"]["outcome"] is None
