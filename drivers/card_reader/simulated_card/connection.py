"""A reader without PC/SC: the virtual card in this process, for unit tests and `sim:` addresses."""

import dataclasses
import datetime as dt
from collections.abc import Callable

from drivers.card_reader.errors import (
    CardBusyError,
    CardRemovedError,
    NoCardError,
    NoReaderError,
    NoServiceError,
)
from drivers.card_reader.interface import (
    CardConnection,
    ReaderState,
    ReaderStatus,
    Response,
    StateListener,
)
from drivers.card_reader.profile import CardProfile
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.demo_pki import DemoPki, new_key
from drivers.card_reader.simulated_card.issue import KeyMaker, issue_card
from drivers.card_reader.simulated_card.persona import Persona
from drivers.card_reader.status import StatusBoard

_NAME = "Virtual reader in this process"


def make_card(
    persona: Persona,
    pki: DemoPki,
    now: dt.datetime,
    make_key: KeyMaker = new_key,
    profile: CardProfile | None = None,
) -> SimulatedCard:
    """A card for `persona`, issued by `pki`; `make_key` and `profile` as in `issue_card`."""
    return SimulatedCard(issue_card(persona, pki, now, make_key, profile), persona.faults)


class InProcessReader:
    """A CardReader whose card, service and reader are set by the caller."""

    def __init__(self, card: SimulatedCard | None = None) -> None:
        self._board = StatusBoard()
        self._card: SimulatedCard | None = None
        self._remove_after: int | None = None
        self._connected = False
        self.remove()
        if card is not None:
            self.insert(card)

    @property
    def state(self) -> ReaderState:
        """The newest known state."""
        return self._board.state

    def wait_for(self, *wanted: ReaderStatus, timeout_s: float) -> ReaderState:
        """Block until the status is one of `wanted` or the time is over."""
        return self._board.wait_for(*wanted, timeout_s=timeout_s)

    def on_change(self, listener: StateListener) -> Callable[[], None]:
        """Call `listener` at every change, from the thread that caused it."""
        return self._board.on_change(listener)

    def insert(self, card: SimulatedCard) -> None:
        """Put a card on the reader."""
        card.power_on()
        self._card = card
        self._board.post(ReaderStatus.PRESENT, _NAME)

    def remove(self) -> None:
        """Take the card off."""
        self._card = None
        self._board.post(ReaderStatus.EMPTY, _NAME)

    def remove_after(self, commands: int) -> None:
        """Take the card off instead of answering the command after so many."""
        self._remove_after = commands

    def lose(self, status: ReaderStatus) -> None:
        """Play a missing service or reader."""
        self._card = None
        self._board.post(status)

    def connect(self) -> "InProcessConnection":
        """The card; the errors of CardReader.connect."""
        if self.state.status is ReaderStatus.NO_SERVICE:
            raise NoServiceError("the service was taken away; start it")
        if self.state.status is ReaderStatus.NO_READER:
            raise NoReaderError("the reader was taken away; plug it in")
        if self._card is None:
            raise NoCardError("no card on the reader; place it")
        if self._connected:
            raise CardBusyError("another program uses the card; close it")
        self._connected = True
        self._card.power_on()
        return InProcessConnection(self)

    def exchange(self, apdu: bytes) -> Response:
        """One command to whatever card lies there now."""
        if self._remove_after is not None:
            if self._remove_after == 0:
                self._remove_after = None
                self.remove()
            else:
                self._remove_after -= 1
        if self._card is not None and self._card.leaves_now:
            self.remove()
        if self._card is None:
            raise CardRemovedError("the card left the reader; place it again")
        answer = self._card.process(apdu)
        return Response(answer[:-2], int.from_bytes(answer[-2:], "big"))

    def release(self) -> None:
        """End the connection: the card loses its PIN states."""
        self._connected = False
        if self._card is not None:
            self._card.power_on()

    def close(self) -> None:
        """Nothing to end here."""


@dataclasses.dataclass
class InProcessConnection(CardConnection):
    """The connection an InProcessReader gives."""

    _reader: InProcessReader
    _open: bool = True

    def transmit(self, apdu: bytes | bytearray) -> Response:
        """One command, one answer."""
        if not self._open:
            raise CardRemovedError("this connection has ended; place the card again")
        return self._reader.exchange(bytes(apdu))

    def close(self) -> None:
        """Let go of the card."""
        if self._open:
            self._open = False
            self._reader.release()
