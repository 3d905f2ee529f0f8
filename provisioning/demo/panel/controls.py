"""What the panel can do to the demo office; each control returns the sentence to show."""

import asyncio
from dataclasses import dataclass

from drivers.card_reader.simulated_card.persona import Persona, load_persona, persona_names
from drivers.tablet import handwriting
from provisioning.demo import processes
from provisioning.demo.bench import order
from provisioning.demo.places import Places
from provisioning.demo.runner import Runner
from provisioning.errors import DemoError

HEAD_PERSONA = "head_of_household"


@dataclass(frozen=True)
class Card:
    """A virtual card that can be put on the reader."""

    name: str
    persona: Persona


@dataclass(frozen=True)
class State:
    """What the panel shows as it is now. `card` is the persona on the reader, empty for none."""

    card: str
    broker: bool


class Controls:
    """The hands of the demo; one action at a time."""

    def __init__(self, places: Places, runner: Runner) -> None:
        self._places = places
        self._runner = runner
        self._busy = asyncio.Lock()

    async def state(self) -> State:
        """What lies on the reader and whether the broker runs, asked now."""
        broker = self._runner.pid("broker") is not None
        try:
            bench = await order(self._places.card_control, op="status")
        except DemoError:
            return State("", broker)
        return State(str(bench["card"]), broker)

    async def insert(self, name: str) -> str:
        """Put a card on the reader, in place of one that lies there."""
        async with self._busy:
            await order(self._places.card_control, op="insert", persona=name)
        return "card_inserted"

    async def remove(self) -> str:
        """Take the card from the reader."""
        async with self._busy:
            await order(self._places.card_control, op="remove")
        return "card_removed"

    async def write(self, name: str) -> str:
        """Let the simulated pen write a prepared character or the signature; waits until done."""
        strokes = handwriting.load(name).strokes
        async with self._busy:
            await order(self._places.tablet_control, op="write", strokes=strokes, speed=2)
        return "written"

    async def stop_broker(self) -> str:
        """Stop the broker: the unit goes on taking notifications."""
        async with self._busy:
            await self._runner.stop("broker")
        return "broker_stopped"

    async def start_broker(self) -> str:
        """Start the broker again: what waited on the unit's disk is sent."""
        async with self._busy:
            if self._runner.pid("broker") is None:
                await self._runner.start(processes.broker(self._places))
        return "broker_started"


def cards() -> list[Card]:
    """Every persona that comes with the house; the one of the walk stands first."""
    names = sorted(persona_names(), key=lambda name: (name != HEAD_PERSONA, name))
    return [Card(name, load_persona(name)) for name in names]


def writings() -> list[handwriting.Handwriting]:
    """Every character that the simulated pen knows, and the signature."""
    return [handwriting.load(name) for name in handwriting.names()]
