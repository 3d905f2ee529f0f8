"""The card reader of the counter: its state for the pages, and one whole reading in a thread.

PINs pass through here once, as values that the driver wipes; nothing of them is kept or logged.
"""

import asyncio
import secrets
from collections.abc import Callable

from drivers.card_reader.counter_reading import CardReading, read_counter_card
from drivers.card_reader.interface import CardReader, ReaderState
from drivers.card_reader.outcomes import Outcome, OutcomeCode
from drivers.card_reader.pin import Pin
from edge.session.draft import CardUse
from intake.certificates import evidence as evidences
from intake.certificates.anchors import AnchorSet
from intake.office.environment import Environment


class CardDesk:
    """One card reader, and what an environment accepts as a genuine card."""

    def __init__(self, reader: CardReader, anchors: AnchorSet, environment: Environment) -> None:
        self._reader = reader
        self._anchors = anchors
        self._environment = environment
        self.reading = False

    @property
    def state(self) -> ReaderState:
        """The reader now."""
        return self._reader.state

    def on_change(self, tell: Callable[[], None]) -> None:
        """Call `tell` on the running event loop whenever the reader's state changes."""
        loop = asyncio.get_running_loop()

        def listener(_state: ReaderState) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(tell)

        self._reader.on_change(listener)

    async def read(
        self, notification_id: str, auth_pin: str, text_pin: str, *, allow_last_try: bool
    ) -> CardReading:
        """Read the card for one notification; never raises for what a card or reader can do."""
        try:
            pins = Pin.from_text(auth_pin), Pin.from_text(text_pin)
        except ValueError:
            return CardReading(Outcome(OutcomeCode.PIN_FORMAT))
        self.reading = True
        try:
            return await asyncio.to_thread(
                read_counter_card,
                self._reader,
                auth_pin=pins[0],
                text_pin=pins[1],
                challenge=evidences.challenge_for(
                    notification_id, secrets.token_bytes(evidences.NONCE_BYTES)
                ),
                anchors=self._anchors,
                environment=self._environment,
                allow_last_try=allow_last_try,
            )
        finally:
            self.reading = False

    def close(self) -> None:
        """Let the reader go."""
        self._reader.close()


def use_of(reading: CardReading) -> CardUse:
    """What the draft keeps of a reading."""
    outcome = reading.outcome
    return CardUse(
        outcome=outcome.code,
        evidence=None if reading.evidence is None else evidences.encode(reading.evidence),
        tries_left=outcome.tries,
        pin=outcome.pin,
        reason=outcome.reason,
    )


def outcome_of(use: CardUse) -> Outcome:
    """The outcome again, for its sentences."""
    return Outcome(OutcomeCode(use.outcome), reason=use.reason, pin=use.pin, tries=use.tries_left)
