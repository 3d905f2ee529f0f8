"""The words for where a message and each handing over of it stand (docs/delivery.md)."""

from enum import StrEnum
from typing import Final


class MessageState(StrEnum):
    """Where a message stands as a whole, in the spirit of GOV.UK Notify's states."""

    CREATED = "created"
    """Accepted; its time or its turn has not come."""
    SENDING = "sending"
    """A channel is being called, or will be called again after a temporary failure."""
    HANDED = "handed"
    """A channel took it and will report; nobody has seen it yet."""
    DELIVERED = "delivered"
    """It lies where the resident can read it."""
    READ = "read"
    """The resident opened it."""
    SENT = "sent"
    """Handed to a channel that reports nothing more: e-mail, a printed letter."""
    UNKNOWN = "unknown"
    """A channel was called and it is not known whether it took the message."""
    HELD = "held"
    """It waits for a person, who sees the reason."""
    PERMANENT_FAILURE = "permanent_failure"
    """No channel could take it, and none is left."""
    TECHNICAL_FAILURE = "technical_failure"
    """The message itself cannot be handed over; it is mended and accepted anew."""
    CANCELLED = "cancelled"
    """A person withdrew it before any channel took it."""
    RETURNED = "returned_letter"
    """The letter came back."""


FINAL: Final = frozenset(
    {
        MessageState.READ,
        MessageState.PERMANENT_FAILURE,
        MessageState.TECHNICAL_FAILURE,
        MessageState.CANCELLED,
    }
)
"""States in which nothing is left to do by itself."""


class DispatchState(StrEnum):
    """Where the handing over of one message to one channel stands."""

    DUE = "due"
    CALLING = "calling"
    UNKNOWN = "unknown"
    HANDED = "handed"
    DELIVERED = "delivered"
    READ = "read"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Doubt(StrEnum):
    """Whether a channel may have what nobody saw it take: a call of it ended unknown.

    Only a word of the other side ends it: that it has the message, or that it never took it.
    """

    NONE = ""
    OPEN = "open"
    ACCEPTED = "accepted"
    """A person who was told let the message go on all the same."""


class Purpose(StrEnum):
    """What a channel is asked to carry."""

    MESSAGE = "message"
    ANNOUNCEMENT = "announcement"
    """A line that says a message waits elsewhere; what it says is not in it."""
    REMINDER_1 = "reminder_1"
    REMINDER_2 = "reminder_2"


class Outcome(StrEnum):
    """How an attempt ended; CALLING until that is stored."""

    CALLING = "calling"
    HANDED = "handed"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


class CancelReason(StrEnum):
    """Why a message is cancelled, where not a person cancelled this one for itself."""

    OVERTAKEN = "overtaken"
    """A later decision is told instead."""
    TAKEN_BACK = "taken_back"
    """With its whole batch."""


class HoldReason(StrEnum):
    """Why a message waits for a person."""

    OUTCOME_UNKNOWN = "outcome_unknown"
    PROTECTED_NO_CHANNEL = "protected_no_channel"
    PROTECTED_ADDRESS = "protected_address"
    NO_CHANNEL = "no_channel"
    NO_ADDRESS = "no_address"
    LETTER_CHECKS = "letter_checks"
    PREPARED = "prepared"
    """A core system that may only prepare handed it in; a sender lets it go (send_again)."""
