"""What can go wrong with characters."""

from intake.errors import IntakeError


class CharacterError(IntakeError):
    """A character names a repertoire or id that cannot be; take it again from the candidates."""
