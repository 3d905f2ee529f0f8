"""What goes wrong with bytes that claim to come from a card or a trust folder."""

from intake.errors import DecodeError, IntakeError


class CardDataError(DecodeError):
    """Bytes from a card do not have the form the card's files have; read the card again."""


class AnchorError(IntakeError):
    """A trust anchor cannot be used; the message names the file and what to replace."""


class ProfileError(IntakeError):
    """A certificate profile is not in its form; the message names what to compare it with."""
