"""A unit whose reader is in this process: cards are put on and taken off by the test."""

import asyncio
import contextlib
import datetime as dt
import itertools
from collections.abc import AsyncGenerator
from functools import cache
from pathlib import Path

from drivers.card_reader.interface import ReaderStatus
from drivers.card_reader.simulated_card import demo_pki
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import (
    InProcessConnection,
    InProcessReader,
    make_card,
)
from drivers.card_reader.simulated_card.demo_pki import DemoPki, new_key
from drivers.card_reader.simulated_card.issue import KeyMaker
from drivers.card_reader.simulated_card.persona import Persona, load_persona
from drivers.errors import DriverError
from edge.settings import CardReader
from tests.edge.a_unit import RunningUnit, make_office, running, settings_for, until

FIRST = "not_my_number"  # the one that needs no keys


@cache
def keys() -> KeyMaker:
    """Eight keys in turn for all cards: a key takes a third of a second."""
    return itertools.cycle([new_key() for _ in range(8)]).__next__


def on_disk(folder: Path) -> list[bytes]:
    """The bytes of every file below `folder`."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


class RefusingReader:
    """Stands before a reader and answers every attempt to connect with one failure."""

    def __init__(self, reader: InProcessReader, error: DriverError) -> None:
        self._reader = reader
        self._error = error
        self.state = reader.state

    def close(self) -> None:
        self._reader.close()

    def connect(self) -> InProcessConnection:
        raise self._error


class CardBench:
    """The unit, its reader and the authority of its cards."""

    def __init__(self, unit: RunningUnit, pki: DemoPki) -> None:
        self.unit = unit
        self._pki = pki
        self.desk = unit.process.counter.card_desk
        reader = self.desk._reader
        assert isinstance(reader, InProcessReader)
        self.reader = reader

    def make(self, persona: str | Persona) -> SimulatedCard:
        chosen = load_persona(persona) if isinstance(persona, str) else persona
        return make_card(chosen, self._pki, dt.datetime.now(dt.UTC), keys())

    async def put(self, persona: str | Persona | SimulatedCard) -> SimulatedCard:
        """Put a card on, and wait until the unit has looked at it where it wants to."""
        card = persona if isinstance(persona, SimulatedCard) else self.make(persona)
        self.reader.insert(card)
        await asyncio.sleep(0)
        if self.unit.process.session.wants_card:
            await until(lambda: self.desk.seen is not None)
        return card

    async def take(self) -> None:
        self.reader.remove()
        await asyncio.sleep(0)

    async def lose(self, status: ReaderStatus) -> None:
        self.reader.lose(status)
        await asyncio.sleep(0)

    def refuse(self, error: DriverError) -> None:
        """From now on nothing connects: `error` says why."""
        self.desk._reader = RefusingReader(self.reader, error)  # pyright: ignore[reportAttributeAccessIssue]


@contextlib.asynccontextmanager
async def card_bench(folder: Path, cards: Path, **card_reader: object) -> AsyncGenerator[CardBench]:
    """A running unit with somebody logged in and an empty reader; `cards` is their authority's."""
    pki = demo_pki.open_pki(cards, dt.datetime.now(dt.UTC))
    chosen = CardReader(f"sim:{FIRST}", cards, cards, **card_reader)  # pyright: ignore[reportArgumentType]
    settings = settings_for(folder, card_reader=chosen)
    async with running(settings, make_office(folder)) as unit:
        await unit.log_in()
        bench = CardBench(unit, pki)
        await bench.take()
        yield bench
