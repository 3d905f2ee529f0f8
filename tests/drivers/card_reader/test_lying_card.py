"""A card that lies: whatever it answers, a reading ends in an outcome and believes nothing."""

import datetime as dt
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.card_reader.card_reading import CounterWish, Want
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.outcomes import OutcomeCode
from drivers.card_reader.pin import Pin
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import InProcessReader
from intake.certificates.anchors import AnchorSet
from intake.office.environment import Environment
from tests.drivers.card_reader.lying_card import LyingReader

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


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
