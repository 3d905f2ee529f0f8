"""What every channel is: one call that hands a message over, and an honest word about how it went.

The three errors are the contract. A channel that cannot tell whether the other side took a message
raises UnknownOutcomeError; it never guesses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Protocol

from hub.errors import HubError
from hub.messages.delivery.states import Purpose
from intake.characters import NameText


class ChannelError(HubError):
    """A channel did not take a message."""

    status: ClassVar[int] = 502
    code: ClassVar[str] = "channel"

    def __init__(self, reason: str, again_s: float | None = None) -> None:
        """`reason` is a machine code without personal data; `again_s`: not before so long."""
        super().__init__(f"the channel did not take the message: {reason}")
        self.reason = reason
        self.again_s = again_s


class TemporaryError(ChannelError):
    """It surely did not take the message; later it may. It will be tried again."""


class RateLimitedError(TemporaryError):
    """It asks for fewer calls. No try is counted; nothing is called for `again_s`."""


class PermanentError(ChannelError):
    """It will never take this message for this address. The next channel is tried."""

    def __init__(self, reason: str, *, suppress: bool = False, person: bool = False) -> None:
        """`suppress`: the address itself is dead, for every message. `person`: one can mend it."""
        super().__init__(reason)
        self.suppress = suppress
        self.person = person


class UnknownOutcomeError(ChannelError):
    """It was called and may have taken the message, or not."""


class Assurance(StrEnum):
    """What a hand-over is worth."""

    ASSURED = "assured"
    BEST_EFFORT = "best_effort"
    """Never enough by itself for a legal notice: SMS, LINE, e-mail."""


@dataclass(frozen=True)
class Traits:
    """How a channel behaves; the engine decides by these and never by a channel's name.

    keeps_keys: handing the same key over again does nothing. reports: says when a message was
    delivered and read. announces: may carry a line about a message that waits elsewhere. rings:
    may wake somebody, so quiet hours hold. paper:
    goes to the postal address and costs postage and print.
    """

    assurance: Assurance
    keeps_keys: bool
    reports: bool = False
    announces: bool = False
    rings: bool = True
    paper: bool = False
    bounces: bool = False
    """It says afterwards what could not be delivered, though nothing of what was."""


@dataclass(frozen=True)
class PostalAddress:
    """Whom and where a letter goes to; `lines` without postal code and name.

    postal_code: seven digits with or without hyphen, or empty where the register has none.
    characters: the name by its characters where the register has it, to be printed exactly.
    """

    postal_code: str
    lines: tuple[str, ...]
    name: str
    characters: NameText | None = None


@dataclass(frozen=True)
class Parcel:
    """One hand-over. `key` is the same in every attempt; `address` is the channel's own kind.

    content: the signed XML; channels that only announce leave it out. link: where the message can
    be read, or empty. number, postal: what a letter shows, for channels with paper.
    """

    key: str
    message_id: str
    purpose: Purpose
    address: str
    title: str
    content: bytes = field(repr=False)
    issuer: str = ""
    legal: bool = False
    language: str = "ja"
    large_print: bool = False
    link: str = ""
    batch: str = ""
    number: int = 0
    postal: PostalAddress | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Handed:
    """The other side took it. `reference`: its own name for it. `pages`: printed, for paper."""

    reference: str
    pages: int = 0


class ReceiptKind(StrEnum):
    """What a channel reports afterwards."""

    DELIVERED = "delivered"
    READ = "read"
    REFUSED = "refused"
    """It could not be delivered after all: a bounce, a closed box."""


@dataclass(frozen=True)
class Receipt:
    """A report about the hand-over with this key, at `time_us` by the other side's clock."""

    key: str
    kind: ReceiptKind
    time_us: int
    reason: str = ""
    suppress: bool = False


class Channel(Protocol):
    """One way to a resident. One lane of the engine calls it, from several threads."""

    @property
    def name(self) -> str:
        """Its name in settings, tables and pages."""
        ...

    @property
    def traits(self) -> Traits:
        """How it behaves."""
        ...

    def send(self, parcel: Parcel) -> Handed:
        """Hand a parcel over; TemporaryError, PermanentError or UnknownOutcomeError otherwise.

        Returns or raises within the channel's time limit, whatever the other side does.
        """
        ...

    def receipts(self, cursor: str) -> tuple[Sequence[Receipt], str]:
        """Reports after `cursor` ("" at first), and the cursor to ask with next time."""
        ...

    def check(self) -> str:
        """Send a test message to the office's own address; returns the reference.

        The same errors as `send`. PermanentError("check_address_missing") without such an address.
        """
        ...
