"""A card that lies: whatever it answers, a reading ends in an outcome and believes nothing."""

import datetime as dt
import random
from collections.abc import Callable
from types import TracebackType
from typing import Self

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.card_reader.card_reading import CounterWish, Want
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.interface import CardConnection, ReaderState, ReaderStatus, Response
from drivers.card_reader.outcomes import OutcomeCode
from drivers.card_reader.pin import Pin
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import InProcessReader
from intake.certificates.anchors import AnchorSet
from intake.office.environment import Environment

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


class LyingConnection:
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


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


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32), one_in=st.sampled_from([2, 8, 25, 60]))
def test_a_lying_card_ends_in_an_outcome_and_gets_nothing_believed(
    seed: int, one_in: int, liar: tuple[SimulatedCard, str], anchors: AnchorSet
):
    card, name = liar
    for application in card.applications.values():
        for pin in application.pins.values():
            pin.left = pin.full
    reader = LyingReader(InProcessReader(card), random.Random(seed), one_in)  # noqa: S311 (a seed)
    wish = CounterWish(
        want=frozenset(Want),
        challenge=bytes(32),
        auth_pin=Pin.from_text("1234"),
        text_pin=Pin.from_text("1234"),
        sign_password=Pin.from_text("DEMO1234"),
        b_code=Pin.from_text("59051720314821"),
        document=b"a notification",
    )
    reading = read_counter_card(reader, wish, anchors=anchors, environment=Environment.DEMO, at=NOW)
    assert reading.outcome.message("ja")
    if reading.outcome.code is OutcomeCode.OK:
        assert reading.attributes is not None
        assert (reading.attributes.name, reading.my_number) == (name, "123456789018")
    else:
        assert (reading.attributes, reading.evidence, reading.my_number) == (None, None, None)
