"""62,000 mutated TLV objects and APDU answers: no crash, no hang, nothing believed that is not so.

Runs with the system tests, because it takes half a minute.
"""

import datetime as dt
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from drivers.card_reader.card_reading import CardReading, CounterWish, Want
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.interface import CardReader
from drivers.card_reader.pin import Pin
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import InProcessReader, make_card
from drivers.card_reader.simulated_card.demo_pki import DemoPki
from drivers.card_reader.simulated_card.issue import KeyMaker
from drivers.card_reader.simulated_card.persona import load_persona
from intake.certificates.anchors import AnchorSet, Hierarchy
from intake.certificates.card_key import digest_info
from intake.certificates.errors import CardDataError
from intake.certificates.face_record import check_face, parse_face
from intake.certificates.genuineness import TextFiles, check_genuineness
from intake.certificates.text_record import parse_attributes, parse_number
from intake.certificates.tlv import Tlv, read_fields, read_tlv, write_tlv
from intake.office.environment import Environment
from tests.drivers.card_reader.lying_card import LyingReader
from tests.drivers.card_reader.places import SURFACE_AID, TEXT_AID, SurfaceFile, TextFile

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
HEAD = load_persona("head_of_household")
CHALLENGE = bytes(range(32))
ACCEPTED = frozenset(Hierarchy)
OBJECTS, ANSWERS = 42_000, 20_000
UNEXPECTED = (0, 0x7F, 0x80, 0x81, 0x82, 0xFF)
LONGEST_CPU_S = 1.0
Mutation = Callable[[random.Random, bytes], bytes]


def _set_byte(dice: random.Random, data: bytes) -> bytes:
    place = dice.randrange(len(data))
    return data[:place] + bytes([dice.randrange(256)]) + data[place + 1 :]


def _flip_bit(dice: random.Random, data: bytes) -> bytes:
    place = dice.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << dice.randrange(8)]) + data[place + 1 :]


def _cut(dice: random.Random, data: bytes) -> bytes:
    return data[: dice.randrange(len(data))]


def _drop(dice: random.Random, data: bytes) -> bytes:
    place = dice.randrange(len(data))
    return data[:place] + data[place + dice.randint(1, 40) :]


def _insert(dice: random.Random, data: bytes) -> bytes:
    place = dice.randrange(len(data) + 1)
    return data[:place] + dice.randbytes(dice.randint(1, 40)) + data[place:]


def _repeat(dice: random.Random, data: bytes) -> bytes:
    place = dice.randrange(len(data))
    return data[:place] + data[place : place + dice.randint(1, 80)] + data[place:]


def _header(dice: random.Random, data: bytes) -> bytes:
    """Another tag or length at the start of one of the objects."""
    starts = [0, *(read_tlv(data).value_start + item.start for item in _inner(data))]
    place = dice.choice(starts) + dice.randint(0, 3)
    return (
        data[:place] + bytes([dice.choice((0, 0x7F, 0x80, 0x81, 0x82, 0xFF))]) + data[place + 1 :]
    )


def _exchange_fields(dice: random.Random, data: bytes) -> bytes:
    """The same objects in another order, or one of them twice: every length still right."""
    outer, items = read_tlv(data), list(_inner(data))
    raw = [outer.value[item.start : item.end] for item in items]
    dice.shuffle(raw)
    raw += raw[: dice.randint(0, 1)]
    return write_tlv(outer.tag, b"".join(raw))


def _inner(data: bytes) -> Iterator[Tlv]:
    return read_fields(read_tlv(data).value)


MUTATIONS: tuple[Mutation, ...] = (
    *(_set_byte, _flip_bit, _cut, _drop, _insert, _repeat),
    *(_header, _exchange_fields),
)


@dataclass(frozen=True)
class Target:
    """One kind of file: the honest bytes, and what is believed of mutated ones (None: nothing)."""

    name: str
    honest: bytes
    believed: Callable[[bytes], object | None]


@pytest.fixture(scope="module")
def card(pki: DemoPki, key_pool: KeyMaker) -> SimulatedCard:
    return make_card(HEAD, pki, NOW, key_pool)


@pytest.fixture(scope="module")
def targets(card: SimulatedCard, anchors: AnchorSet) -> tuple[Target, ...]:
    text, face = card.applications[TEXT_AID], card.applications[SURFACE_AID]
    files = TextFiles(
        attributes=text.files[TextFile.ATTRIBUTES].content,
        integrity=text.files[TextFile.INTEGRITY].content,
        certificate=text.files[TextFile.CERTIFICATE].content,
        signed_key=text.files[TextFile.SIGNED_KEY].content,
        number=text.files[TextFile.NUMBER].content,
    )
    picture = face.files[SurfaceFile.FACE].content
    answers = {aid: _answer(card, aid) for aid in (TEXT_AID, SURFACE_AID)}

    def text_with(**changed: bytes) -> object | None:
        mutated = replace(files, **changed)
        result = check_genuineness(
            mutated,
            challenge=CHALLENGE,
            signature=answers[TEXT_AID],
            anchors=anchors,
            accepted=ACCEPTED,
        )
        if not result.genuine:
            return None
        assert mutated.number is not None
        stated = parse_attributes(mutated.attributes)
        return stated.name, stated.address, stated.birth_date, stated.sex, mutated.number

    def face_with(file: bytes, certificate: bytes) -> object | None:
        _, record = check_face(
            file,
            certificate,
            challenge=CHALLENGE,
            signature=answers[SURFACE_AID],
            anchors=anchors,
            accepted=ACCEPTED,
        )
        return record and (record.birth, record.name, record.address, record.photo)

    return (
        Target("attributes", files.attributes, lambda data: text_with(attributes=data)),
        Target("integrity", files.integrity, lambda data: text_with(integrity=data)),
        Target("certificate", files.certificate, lambda data: text_with(certificate=data)),
        Target("signed key", files.signed_key, lambda data: text_with(signed_key=data)),
        Target("number", files.number or b"", lambda data: text_with(number=data)),
        Target("face", picture, lambda data: face_with(data, files.certificate)),
        Target("face certificate", files.certificate, lambda data: face_with(picture, data)),
    )


def _answer(card: SimulatedCard, aid: bytes) -> bytes:
    """What the card's own key of an application signs of the challenge."""
    card.power_on()
    for command in (
        f"00a4040c{len(aid):02x}{aid.hex()}",
        f"802a000033{digest_info(CHALLENGE).hex()}00",
    ):
        answer = card.process(bytes.fromhex(command))
    return answer[:-2]


def test_no_mutated_object_is_believed_to_say_something_else(targets: tuple[Target, ...]):
    dice = random.Random(20261123)  # noqa: S311 - a seed, no secret
    truth = {target.name: target.believed(target.honest) for target in targets}
    assert None not in truth.values(), "the control: what is not mutated is accepted"
    refused, longest = 0, 0.0
    for number in range(OBJECTS):
        target = targets[number % len(targets)]
        mutated = target.honest
        for _ in range(dice.choice((1, 1, 1, 2, 5))):
            mutated = _mutated(dice, mutated)
        began = time.thread_time()
        believed = target.believed(mutated)
        longest = max(longest, time.thread_time() - began)
        # filler behind an object and the unsigned table of offsets may change and change nothing
        assert believed in (None, truth[target.name]), (number, target.name)
        refused += believed is None
    assert longest < LONGEST_CPU_S
    assert refused > 0.85 * OBJECTS


def _mutated(dice: random.Random, data: bytes) -> bytes:
    mutation = dice.choice(MUTATIONS)
    try:
        return mutation(dice, data) if data else dice.randbytes(8)
    except CardDataError:
        return _set_byte(dice, data)  # no longer an object: nothing to take apart


@pytest.mark.parametrize("parse", [parse_attributes, parse_number, parse_face, read_tlv])
def test_noise_is_read_or_refused_and_nothing_else(parse: Callable[[bytes], object]):
    dice = random.Random(7)  # noqa: S311 - a seed, no secret
    for _ in range(2_000):
        noise = dice.choice((b"\xff\x20", b"\xff\x10", b"\x7f\x21", b"")) + dice.randbytes(
            dice.randint(0, 300)
        )
        try:
            parse(noise)
        except CardDataError:
            continue


def read(reader: CardReader, anchors: AnchorSet) -> CardReading:
    wish = CounterWish(
        want=frozenset(Want),
        challenge=CHALLENGE,
        auth_pin=Pin.from_text("1234"),
        text_pin=Pin.from_text("1234"),
        sign_password=Pin.from_text("DEMO1234"),
        b_code=Pin.from_text("59051720314821"),
        document=b"what is signed",
    )
    return read_counter_card(reader, wish, anchors=anchors, environment=Environment.DEMO, at=NOW)


def said(reading: CardReading) -> tuple[object, ...]:
    """Everything a counter would believe."""
    stated, signed, face = reading.attributes, reading.signature, reading.face
    assert stated is not None
    assert signed is not None
    assert face is not None
    return (
        *(stated.name, stated.address, stated.birth_date, stated.sex, reading.my_number),
        *(signed.certificate, signed.signature, signed.substituted, face.photo, face.name),
    )


def test_no_mutated_answer_of_a_whole_reading_is_believed(card: SimulatedCard, anchors: AnchorSet):
    honest = read(InProcessReader(card), anchors)
    assert honest.outcome.ok, "the control: a card that does not lie is believed"
    truth = said(honest)
    dice = random.Random(20261124)  # noqa: S311 - a seed, no secret
    lies, longest, believed = 0, 0.0, 0
    for one_in, wanted in ((3, 12_000), (10, 7_000), (30, ANSWERS - 19_000)):
        goal = lies + wanted
        while lies < goal:
            _give_tries_back(card)
            reader = LyingReader(InProcessReader(card), dice, one_in)
            began = time.thread_time()
            reading = read(reader, anchors)
            longest = max(longest, time.thread_time() - began)
            assert reader.connection is not None
            lies += reader.connection.lies
            parts = (reading.attributes, reading.signature, reading.face, reading.evidence)
            if reading.outcome.ok:
                believed += 1
                assert said(reading) == truth
            else:
                assert parts == (None, None, None, None)
    assert lies >= ANSWERS
    assert longest < LONGEST_CPU_S
    assert believed < 0.1 * lies


def _give_tries_back(card: SimulatedCard) -> None:
    for application in card.applications.values():
        for pin in application.pins.values():
            pin.left = pin.full
