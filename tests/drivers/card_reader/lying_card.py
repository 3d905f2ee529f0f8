"""A reader whose card bends some of its answers: changed, cut, longer, another status, noise."""

import random
from collections.abc import Callable

from drivers.card_reader.interface import CardConnection, ReaderState, ReaderStatus, Response
from drivers.card_reader.simulated_card.connection import InProcessReader


class LyingConnection(CardConnection):
    """Passes commands on and bends one answer in `one_in`."""

    def __init__(self, connection: CardConnection, dice: random.Random, one_in: int) -> None:
        self._connection = connection
        self._dice = dice
        self._one_in = one_in
        self.lies = 0

    def transmit(self, apdu: bytes | bytearray) -> Response:
        honest = self._connection.transmit(apdu)
        if self._dice.randrange(self._one_in):
            return honest
        self.lies += 1
        return self._dice.choice(
            (self._changed, self._cut, self._longer, self._other_status, self._noise)
        )(honest)

    def _changed(self, honest: Response) -> Response:
        data = bytearray(honest.data)
        for _ in range(self._dice.randint(1, 4)):
            if data:
                data[self._dice.randrange(len(data))] = self._dice.randrange(256)
        return Response(bytes(data), honest.sw)

    def _cut(self, honest: Response) -> Response:
        return Response(honest.data[: self._dice.randint(0, len(honest.data))], honest.sw)

    def _longer(self, honest: Response) -> Response:
        return Response(honest.data + self._dice.randbytes(self._dice.randint(1, 300)), honest.sw)

    def _other_status(self, honest: Response) -> Response:
        known = (0x9000, 0x6282, 0x61FF, 0x6C00, 0x63C0, 0x63CF, 0x6982, 0x6984, 0x6700, 0x6A82)
        return Response(honest.data, self._dice.choice(known))

    def _noise(self, _: Response) -> Response:
        return Response(
            self._dice.randbytes(self._dice.randint(0, 300)), self._dice.getrandbits(16)
        )

    def close(self) -> None:
        self._connection.close()


class LyingReader:
    """A reader with a lying card."""

    def __init__(self, reader: InProcessReader, dice: random.Random, one_in: int) -> None:
        self._reader = reader
        self._dice = dice
        self._one_in = one_in
        self.connection: LyingConnection | None = None

    @property
    def state(self) -> ReaderState:
        return self._reader.state

    def wait_for(self, *wanted: ReaderStatus, timeout_s: float) -> ReaderState:
        return self._reader.wait_for(*wanted, timeout_s=timeout_s)

    def on_change(self, listener: Callable[[ReaderState], None]) -> Callable[[], None]:
        return self._reader.on_change(listener)

    def connect(self) -> LyingConnection:
        self.connection = LyingConnection(self._reader.connect(), self._dice, self._one_in)
        return self.connection

    def close(self) -> None:
        self._reader.close()
