"""The card reader of the counter: what lies on it, and one whole reading in a thread.

PINs pass through here once, as values that the driver wipes; nothing of them is kept or logged.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Final

from drivers.card_reader.card_reading import CardReading, CounterWish
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.interface import CardReader, ReaderState, ReaderStatus
from edge.session.card_seen import CardSeen, seen_by
from intake.certificates import evidence as evidences
from intake.certificates.anchors import AnchorSet
from intake.notification import Procedure
from intake.office.environment import Environment

SLOW_SECONDS: Final = 4.0
"""After so long a reading says that it is slow; the driver gives a card up after 15 s."""
NOTHING: Final = CounterWish(frozenset(), challenge=b"")
"""A wish that only has the card described."""


@dataclass(frozen=True)
class CardPolicy:
    """What the office wants of cards: procedures that need the individual number, or are signed."""

    numbers: frozenset[Procedure] = frozenset()
    signed: frozenset[Procedure] = frozenset()


class CardDesk:
    """One card reader, and what an environment accepts as a genuine card."""

    def __init__(
        self,
        reader: CardReader,
        anchors: AnchorSet,
        environment: Environment,
        policy: CardPolicy = CardPolicy(),
    ) -> None:
        self._reader = reader
        self._anchors = anchors
        self._environment = environment
        self.policy = policy
        self.judge: Callable[[CardReading], CardReading] = lambda reading: reading
        self._wanted: Callable[[], bool] = lambda: False
        self._tell: Callable[[], None] = lambda: None
        self._seen: CardSeen | None = None
        self._turn = asyncio.Lock()  # the card is held by one of us at a time
        self._looking: asyncio.Task[None] | None = None
        self.reading = False
        self.slow = False  # the reading under way takes longer than people expect

    @property
    def state(self) -> ReaderState:
        """The reader now."""
        return self._reader.state

    @property
    def seen(self) -> CardSeen | None:
        """What is known without a PIN of the card that lies there; None while nothing is."""
        state, seen = self.state, self._seen
        if seen is None or state.status is not ReaderStatus.PRESENT:
            return None
        return seen if seen.insertion == state.insertion else None

    @property
    def has_signing_certificate(self) -> bool:
        """Whether the card that lies there has one, as far as is known."""
        return self.seen is None or self.seen.has_signing_certificate

    def watch(self, wanted: Callable[[], bool], tell: Callable[[], None]) -> None:
        """Call `tell` on the running event loop whenever something about the card changes.

        While `wanted` says so, a card that is put on is looked at without any PIN.
        """
        self._wanted, self._tell = wanted, tell
        loop = asyncio.get_running_loop()

        def changed() -> None:
            tell()
            self.consider()

        def listener(_state: ReaderState) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(changed)

        self._reader.on_change(listener)

    def consider(self) -> None:
        """Look at the card if that is wanted now and has not been done."""
        present = self.state.status is ReaderStatus.PRESENT
        busy = self.reading or (self._looking is not None and not self._looking.done())
        if present and self.seen is None and self._wanted() and not busy:
            self._looking = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        async with self._turn:
            insertion = self.state.insertion
            reading = await asyncio.to_thread(self._read, NOTHING)
        self._seen = seen_by(insertion, reading)
        self._tell()
        if self.state.insertion != insertion:
            asyncio.get_running_loop().call_soon(self.consider)

    async def read(self, wish: CounterWish) -> CardReading:
        """Read the card as wished; never raises for what a card or reader can do.

        `judge` completes the reading by what the office has said about revocation.
        """
        with self._busy():
            async with self._turn:
                reading = await asyncio.to_thread(self._read, wish)
        self._learn(reading)
        self.consider()  # another card may have been put on meanwhile
        return self.judge(reading)

    @contextlib.contextmanager
    def _busy(self) -> Generator[None]:
        self.reading = True
        self._tell()
        timer = asyncio.get_running_loop().call_later(SLOW_SECONDS, self._say_slow)
        try:
            yield
        finally:
            timer.cancel()
            self.reading = self.slow = False

    def _say_slow(self) -> None:
        self.slow = True
        self._tell()

    def _read(self, wish: CounterWish) -> CardReading:
        return read_counter_card(
            self._reader, wish, anchors=self._anchors, environment=self._environment
        )

    def _learn(self, reading: CardReading) -> None:
        """A reading knows better how many tries the card that still lies there has left."""
        seen = self.seen
        if seen is not None and reading.tries_left:
            self._seen = replace(seen, tries_left={**seen.tries_left, **reading.tries_left})

    def close(self) -> None:
        """Let the reader go."""
        if self._looking is not None:
            self._looking.cancel()
        self._reader.close()


def challenge_for(notification_id: str) -> bytes:
    """A fresh challenge for the card, tied to one notification."""
    return evidences.challenge_for(notification_id, secrets.token_bytes(evidences.NONCE_BYTES))
