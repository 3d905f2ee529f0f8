"""The unit with a card: PINs typed on its page stand in no draft, event, log or page."""

import datetime as dt
import logging
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from drivers.card_reader.simulated_card import demo_pki
from edge.settings import CardReader
from tests.drivers.card_reader.traces import traces
from tests.edge.a_unit import Client, RunningUnit, running, settings_for
from tests.edge.test_walk import make_office

pytestmark = pytest.mark.system  # real servers: seconds, apart from the fast part
PINS = {"auth": "7391", "text": "8264", "wrong": "7390"}
PERSONA = """
title = "t"
name = "雪村　司"
address = "青海県白波市"
birth_date = 1984-05-17
auth_pin = { value = "7391", tries = 3 }
text_pin = { value = "8264", tries = 3 }
"""


@pytest.fixture
async def unit(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[RunningUnit]:
    cards = tmp_path_factory.mktemp("cards")
    demo_pki.open_pki(cards, dt.datetime.now(dt.UTC))
    persona = cards / "secret.toml"
    persona.write_text(PERSONA, encoding="utf-8")
    reader = CardReader(f"sim:{persona}", cards, cards)
    async with running(settings_for(tmp_path, card_reader=reader), make_office(tmp_path)) as unit:
        yield unit


async def seen_by(client: Client) -> str:
    """Every address of the page that a browser asks for while the card is read."""
    texts: list[str] = []
    for path in ("/", "/state"):
        async with client.session.get(f"{client.base}{path}") as answer:
            texts.append(await answer.text())
    return "\n".join(texts)


def files_below(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def test_pins_typed_at_the_unit_stand_in_nothing_it_writes(
    unit: RunningUnit, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    await unit.log_in()
    await unit.clerk.do("start", procedure="move_in")
    shown: list[str] = []
    for auth in (PINS["wrong"], "12a4", PINS["auth"]):
        answer = await unit.resident.do("read_card", auth_pin=auth, text_pin=PINS["text"])
        shown += [str(answer), await seen_by(unit.resident), await seen_by(unit.clerk)]
    assert (await unit.resident.view())["state"] == "fill"
    files = files_below(tmp_path)
    assert files
    written = b"\n".join([caplog.text.encode(), *map(str.encode, shown), *files])
    assert b"card reading ended: pin_wrong" in written  # the control: this log was written
    assert {name: traces(written, pin) for name, pin in PINS.items()} == {
        "auth": [],
        "text": [],
        "wrong": [],
    }
    assert traces(written + b'"pin": "7390"', PINS["wrong"]) == ["plain"]  # the control
