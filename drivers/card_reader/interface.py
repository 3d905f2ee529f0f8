"""What a card reader is to the rest of the house: a status, and one exclusive connection."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self


class ReaderStatus(StrEnum):
    """What stands at the reader now."""

    NO_SERVICE = "no_service"
    NO_READER = "no_reader"
    EMPTY = "empty"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class ReaderState:
    """`name` is empty without a reader; `insertion` counts the cards seen since the start."""

    status: ReaderStatus
    name: str = ""
    insertion: int = 0


@dataclass(frozen=True, slots=True)
class Response:
    """A card's answer: data (never shown in a repr) and status word."""

    data: bytes = field(repr=False)
    sw: int

    def __repr__(self) -> str:
        return f"Response({len(self.data)} bytes, {self.sw:04X})"

    @property
    def ok(self) -> bool:
        """Whether the status word is 9000."""
        return self.sw == 0x9000


StateListener = Callable[[ReaderState], None]


class CardConnection(Protocol):
    """The card, held for this process alone. Leaving the block removes power and PIN states.

    Who gives one derives from it, so that leaving the block always means `close`.
    """

    def transmit(self, apdu: bytes | bytearray) -> Response:
        """One command, one answer as the card gave it (61xx and 6Cxx are the caller's).

        Raises CardRemovedError, CardTimeoutError, NoServiceError or NoReaderError; the
        connection is of no use afterwards.
        """
        ...

    def close(self) -> None:
        """Unpower the card and let go of it. May be called twice; never raises."""
        ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class CardReader(Protocol):
    """One reader. Its status survives a missing daemon, a missing reader and a torn card."""

    @property
    def state(self) -> ReaderState:
        """The newest known state; never blocks."""
        ...

    def wait_for(self, *wanted: ReaderStatus, timeout_s: float) -> ReaderState:
        """Block until the status is one of `wanted`, or the time is over; the state then."""
        ...

    def on_change(self, listener: StateListener) -> Callable[[], None]:
        """Call `listener` at every change, from the reader's own thread; returns the way out."""
        ...

    def connect(self) -> CardConnection:
        """The card for this process alone.

        Raises NoServiceError, NoReaderError, NoCardError, CardBusyError (another program has
        it) or CardUnresponsiveError.
        """
        ...

    def close(self) -> None:
        """End the status loop. May be called twice."""
        ...
