"""A connection that a card cannot keep busy for ever, however little it gives at a time."""

import time

from drivers.card_reader.errors import CardTimeoutError
from drivers.card_reader.interface import CardConnection, Response

READING_LIMIT_S = 90.0
MAX_COMMANDS = 20_000


class LimitedConnection(CardConnection):
    """Passes commands on until `commands` are used up or `seconds` are over.

    Then CardTimeoutError, as for a card that does not answer at all.
    """

    def __init__(
        self,
        connection: CardConnection,
        *,
        seconds: float = READING_LIMIT_S,
        commands: int = MAX_COMMANDS,
    ) -> None:
        self._connection = connection
        self._deadline = time.monotonic() + seconds
        self._left = commands

    def transmit(self, apdu: bytes | bytearray) -> Response:
        """One command, one answer."""
        self._left -= 1
        if self._left < 0 or time.monotonic() > self._deadline:
            raise CardTimeoutError("the card takes too long; take it off and place it again")
        return self._connection.transmit(apdu)

    def close(self) -> None:
        """Let go of the card."""
        self._connection.close()
