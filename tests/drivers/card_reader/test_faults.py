"""Cards that lie, loop, are late, change or leave: each ends in its outcome, none is believed."""

import dataclasses
import datetime as dt
import time
from collections.abc import Callable

import pytest

from drivers.card_reader.card_reading import CardReading, CounterWish, Want
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.errors import CardTimeoutError
from drivers.card_reader.limited_connection import LimitedConnection
from drivers.card_reader.outcomes import OutcomeCode
from drivers.card_reader.pin import Pin
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import InProcessReader
from drivers.card_reader.simulated_card.persona import Faults, Persona, load_persona, persona_names
from intake.certificates.anchors import AnchorSet
from intake.office.environment import Environment

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
ReaderWith = Callable[[str | Persona], tuple[InProcessReader, SimulatedCard]]
HEAD = load_persona("head_of_household")
EVERYTHING = frozenset(Want)
REFUSED = {OutcomeCode.CARD_REFUSED, OutcomeCode.NOT_GENUINE, OutcomeCode.CERTIFICATE_INVALID}


def read(reader: InProcessReader, anchors: AnchorSet) -> CardReading:
    wish = CounterWish(
        want=EVERYTHING,
        challenge=bytes(range(32)),
        auth_pin=Pin.from_text("1234"),
        text_pin=Pin.from_text("1234"),
        sign_password=Pin.from_text("DEMO1234"),
        b_code=Pin.from_text("59051720314821"),
        document=b"a notification",
    )
    return read_counter_card(reader, wish, anchors=anchors, environment=Environment.DEMO, at=NOW)


def _short(value: object) -> str:
    """The faults that are set, for the test's name."""
    if not isinstance(value, Faults):
        return ""
    changed = [
        field.name
        for field in dataclasses.fields(Faults)
        if getattr(value, field.name) != field.default
    ]
    return "-".join(changed) or "none"


CASES: list[tuple[Faults, set[OutcomeCode]]] = [
    (Faults(), {OutcomeCode.OK}),
    (Faults(filler=300), {OutcomeCode.OK}),
    (Faults(short_reads=1), {OutcomeCode.OK}),
    (Faults(short_reads=100, end_of_file=True, filler=7, no_extended=True), {OutcomeCode.OK}),
    (Faults(chained=True), {OutcomeCode.OK}),
    (Faults(strict_le=True), {OutcomeCode.OK}),
    (Faults(le_refused=True), {OutcomeCode.OK}),
    (Faults(late_ms=300, late_at=7), {OutcomeCode.OK}),
    (Faults(slow_ms=1), {OutcomeCode.OK}),
    (Faults(lying_length=1), REFUSED),
    (Faults(lying_length=40, filler=80), REFUSED),
    (Faults(lying_length=30_000), REFUSED),
    (Faults(endless=True), {OutcomeCode.CARD_REFUSED}),
    (Faults(changing=True), REFUSED),
    (Faults(foreign_files=True), {OutcomeCode.NOT_GENUINE}),
    (Faults(foreign_card_key=True), {OutcomeCode.NOT_GENUINE}),
    (Faults(tampered_text=True), {OutcomeCode.NOT_GENUINE}),
    (Faults(forged_issuer=True), {OutcomeCode.NOT_GENUINE}),
    (Faults(wrong_signature=True), {OutcomeCode.NOT_GENUINE}),
    (Faults(torn_at=1), {OutcomeCode.REMOVED}),
    (Faults(torn_at=30), {OutcomeCode.REMOVED}),
]


@pytest.mark.parametrize(("faults", "codes"), CASES, ids=_short)
def test_each_fault_ends_in_its_outcome_and_gives_nothing_away(
    faults: Faults, codes: set[OutcomeCode], reader_with: ReaderWith, anchors: AnchorSet
):
    reader, _ = reader_with(dataclasses.replace(HEAD, faults=faults))
    began = time.monotonic()
    reading = read(reader, anchors)
    assert reading.outcome.code in codes
    assert time.monotonic() - began < 5.0
    personal = (reading.attributes, reading.evidence, reading.signature, reading.face)
    assert (None in personal) == (not reading.outcome.ok)


def test_every_fault_is_played():
    played = {
        field.name
        for field in dataclasses.fields(Faults)
        if any(getattr(faults, field.name) != field.default for faults, _ in CASES)
    }
    assert played == {field.name for field in dataclasses.fields(Faults)}


def test_every_command_of_a_whole_reading_may_be_the_last(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("head_of_household")
    assert read(reader, anchors).outcome.ok
    whole = card.commands_seen
    for index in range(1, whole + 1):
        card.faults = Faults(torn_at=index)
        reader.insert(card)
        reading = read(reader, anchors)
        assert reading.outcome.code is OutcomeCode.REMOVED, index
        assert (reading.attributes, reading.signature, reading.face) == (None, None, None)
    card.faults = Faults()
    reader.insert(card)
    reading = read(reader, anchors)
    assert reading.outcome.ok
    assert reading.tries_left == {"auth": 3, "sign": 5, "text": 3, "b_code": 10}


def test_a_card_cannot_keep_us_busy_for_ever(reader_with: ReaderWith):
    reader, _ = reader_with("head_of_household")
    with LimitedConnection(reader.connect(), commands=2) as connection:
        for _ in range(2):
            connection.transmit(bytes.fromhex("00a40000"))
        with pytest.raises(CardTimeoutError):
            connection.transmit(bytes.fromhex("00a40000"))
    with LimitedConnection(reader.connect(), seconds=-1.0) as late, pytest.raises(CardTimeoutError):
        late.transmit(bytes.fromhex("00a40000"))


@pytest.mark.parametrize("name", persona_names())
def test_every_persona_has_an_outcome(name: str, reader_with: ReaderWith, anchors: AnchorSet):
    reading = read(reader_with(name)[0], anchors)
    assert reading.outcome.message("ja")
    assert reading.outcome.message("en")
