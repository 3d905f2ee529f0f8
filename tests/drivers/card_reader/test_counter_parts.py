"""The parts beside the two PINs: check number B, photo, signature over a document, number."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.card_reader.card_reading import CardReading, CounterWish, Want
from drivers.card_reader.check_number import check_number_b
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.outcomes import OutcomeCode
from drivers.card_reader.pin import Pin
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import InProcessReader
from drivers.card_reader.simulated_card.persona import Faults, Persona, load_persona
from intake.certificates.anchors import AnchorSet
from intake.certificates.card_key import signature_holds
from intake.certificates.certificate import CheckResult
from intake.notification.era import EraError
from intake.office.environment import Environment
from tests.drivers.card_reader.places import JPKI_AID, SURFACE_AID, TEXT_AID, JpkiFile, SurfaceFile

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
ReaderWith = Callable[[str | Persona], tuple[InProcessReader, SimulatedCard]]
HEAD = load_persona("head_of_household")
B_CODE = check_number_b(HEAD.birth_date, HEAD.expires_on.year, HEAD.security_code)
DOCUMENT = "転入届".encode()


def read(reader: InProcessReader, anchors: AnchorSet, want: Collection[Want], **secrets: str):
    pins = {name: Pin.from_text(text) for name, text in secrets.items()}
    wish = CounterWish(
        want=frozenset(want),
        challenge=bytes(range(32)),
        document=DOCUMENT,
        auth_pin=pins.get("auth_pin"),
        text_pin=pins.get("text_pin"),
        sign_password=pins.get("sign_password"),
        b_code=pins.get("b_code"),
    )
    return read_counter_card(reader, wish, anchors=anchors, environment=Environment.DEMO, at=NOW)


def personal_parts(reading: CardReading) -> list[object]:
    return [reading.attributes, reading.evidence, reading.signature, reading.face]


def tries(card: SimulatedCard, aid: bytes, pin: int) -> int:
    return card.applications[aid].pins[pin].left


def test_check_number_b_gives_text_and_face_without_a_pin(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, _ = reader_with("head_of_household")
    reading = read(reader, anchors, {Want.TEXT, Want.PHOTO}, b_code=B_CODE)
    assert reading.outcome.ok
    assert reading.attributes is not None
    assert reading.attributes.name == HEAD.name
    assert reading.face is not None
    assert reading.face.name.startswith(b"\x89PNG")
    assert reading.face.photo
    assert reading.evidence is not None
    assert reading.evidence.text is not None
    assert reading.my_number is None


def test_a_wrong_check_number_is_sent_once_to_one_application_only(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("head_of_household")
    reading = read(reader, anchors, {Want.TEXT, Want.PHOTO}, b_code="59051720314822")
    assert (reading.outcome.code, reading.outcome.pin) == (OutcomeCode.PIN_WRONG, "b_code")
    assert reading.tries_left["b_code"] == tries(card, TEXT_AID, 0x0015) == 9
    assert tries(card, SURFACE_AID, SurfaceFile.CODE_B) == 10
    assert personal_parts(reading) == [None] * 4


def test_the_signing_key_signs_the_document_and_the_certificate_names_the_substituted(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, _ = reader_with("head_of_household")
    reading = read(reader, anchors, {Want.SIGN}, sign_password="DEMO1234")
    assert reading.outcome.ok
    signed = reading.signature
    assert signed is not None
    key = x509.load_der_x509_certificate(signed.certificate).public_key()
    assert isinstance(key, RSAPublicKey)
    assert signature_holds(key, signed.signature, DOCUMENT)
    assert not signature_holds(key, signed.signature, DOCUMENT + b" ")
    assert (signed.substituted.name, signed.substituted.address) == ((0,), ())
    assert (signed.name, signed.address) == ("高橋　健一", HEAD.address)
    assert signed.check.result is CheckResult.UNKNOWN


def test_everything_at_once_is_read_with_each_secret_sent_once(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, _ = reader_with("head_of_household")
    secrets = {"auth_pin": "1234", "text_pin": "1234", "sign_password": "DEMO1234"}
    reading = read(reader, anchors, set(Want), b_code=B_CODE, **secrets)
    assert reading.outcome.ok
    assert None not in personal_parts(reading)
    assert reading.my_number == HEAD.my_number
    assert reading.tries_left == {"auth": 3, "sign": 5, "text": 3, "b_code": 10}


def test_a_child_is_not_asked_for_a_password_that_the_card_has_not(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("under_15")
    secrets = {"auth_pin": "9999", "sign_password": "DEMO1234"}
    reading = read(reader, anchors, {Want.AUTH, Want.SIGN}, **secrets)
    assert reading.outcome.code is OutcomeCode.NO_SIGNING_CERTIFICATE
    assert reading.has_signing_certificate is False
    assert "sign" not in reading.tries_left
    assert tries(card, JPKI_AID, JpkiFile.AUTH_PIN) == 3  # nor was the wrong PIN sent


@pytest.mark.parametrize(
    ("aid", "want", "code"),
    [
        (TEXT_AID, Want.TEXT, OutcomeCode.NO_TEXT),
        (SURFACE_AID, Want.PHOTO, OutcomeCode.NO_PHOTO),
    ],
)
def test_an_application_that_is_missing_is_named_before_any_pin_goes(
    aid: bytes, want: Want, code: OutcomeCode, reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("android")
    del card.applications[aid]
    secrets = {"auth_pin": "9999", "text_pin": "1234"}
    reading = read(reader, anchors, {want, Want.AUTH}, b_code=B_CODE, **secrets)
    assert reading.outcome.code is code
    assert tries(card, JPKI_AID, JpkiFile.AUTH_PIN) == 3


@pytest.mark.parametrize(
    ("want", "missing"),
    [
        (Want.AUTH, "auth"),
        (Want.TEXT, "text"),
        (Want.MY_NUMBER, "text"),
        (Want.SIGN, "sign"),
        (Want.PHOTO, "b_code"),
    ],
)
def test_a_missing_secret_is_asked_for_by_its_name(
    want: Want, missing: str, reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("head_of_household")
    seen = card.commands_seen
    reading = read(reader, anchors, {want})
    assert (reading.outcome.code, reading.outcome.pin) == (OutcomeCode.PIN_NEEDED, missing)
    assert reading.outcome.message("ja") != reading.outcome.message("en")
    assert card.commands_seen > seen


def test_the_number_needs_the_pin_even_where_check_number_b_would_open_the_text(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, _ = reader_with("head_of_household")
    reading = read(reader, anchors, {Want.TEXT, Want.MY_NUMBER}, b_code=B_CODE)
    assert (reading.outcome.code, reading.outcome.pin) == (OutcomeCode.PIN_NEEDED, "text")


def test_an_empty_wish_describes_the_card_and_sends_nothing(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, _ = reader_with("blocked")
    reading = read(reader, anchors, set(), auth_pin="1234")
    assert reading.outcome.ok
    assert reading.tries_left == {"auth": 0, "sign": 5, "text": 3, "b_code": 10}
    assert reading.attributes is None


def test_what_is_not_wanted_is_not_sent(reader_with: ReaderWith, anchors: AnchorSet):
    reader, card = reader_with("head_of_household")
    reading = read(reader, anchors, {Want.TEXT}, text_pin="1234", auth_pin="9999", b_code="1" * 14)
    assert reading.outcome.ok
    assert tries(card, JPKI_AID, JpkiFile.AUTH_PIN) == 3
    assert tries(card, TEXT_AID, 0x0015) == 10


def test_tries_come_back_after_the_right_secret_and_are_told_so(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, _ = reader_with("head_of_household")
    assert read(reader, anchors, {Want.AUTH}, auth_pin="9999").tries_left["auth"] == 2
    assert read(reader, anchors, {Want.AUTH}, auth_pin="1234").tries_left["auth"] == 3


@pytest.mark.parametrize("aid", [TEXT_AID, SURFACE_AID])
def test_files_of_another_card_are_found_by_the_key_that_this_card_lacks(
    aid: bytes, reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("head_of_household")
    _, other = reader_with(dataclasses.replace(HEAD, birth_date=dt.date(1990, 1, 1)))
    key = card.applications[aid].card_key
    card.applications[aid].files = other.applications[aid].files
    want = Want.TEXT if aid == TEXT_AID else Want.PHOTO
    reading = read(reader, anchors, {want}, b_code=B_CODE)
    assert card.applications[aid].card_key is key
    assert (reading.outcome.code, reading.outcome.reason) == (
        OutcomeCode.NOT_GENUINE,
        "challenge_signature",
    )


@pytest.mark.parametrize("aid", [SURFACE_AID, JPKI_AID])
def test_a_whole_application_of_somebody_else_is_found_by_the_birth_date(
    aid: bytes, reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("head_of_household")
    _, other = reader_with(
        dataclasses.replace(HEAD, birth_date=dt.date(1990, 1, 1), certificate=None)
    )
    for number, pin in other.applications[aid].pins.items():
        pin.value = card.applications[aid].pins[number].value
    card.applications[aid] = other.applications[aid]
    want = {Want.TEXT, Want.PHOTO if aid == SURFACE_AID else Want.SIGN}
    secrets = {"text_pin": "1234", "sign_password": "DEMO1234", "b_code": B_CODE}
    reading = read(reader, anchors, want, **secrets)
    assert (reading.outcome.code, reading.outcome.reason) == (
        OutcomeCode.NOT_GENUINE,
        "parts_differ",
    )
    assert personal_parts(reading) == [None] * 4


def test_a_wish_to_sign_names_the_document(reader_with: ReaderWith, anchors: AnchorSet):
    wish = CounterWish(frozenset({Want.SIGN}), b"c" * 32)
    with pytest.raises(ValueError, match="document"):
        read_counter_card(
            reader_with("head_of_household")[0],
            wish,
            anchors=anchors,
            environment=Environment.DEMO,
        )


def test_a_document_signature_that_does_not_verify_is_never_handed_on(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, _ = reader_with(dataclasses.replace(HEAD, faults=Faults(wrong_signature=True)))
    reading = read(reader, anchors, {Want.SIGN}, sign_password="DEMO1234")
    assert reading.outcome.code is OutcomeCode.SIGNATURE_UNVERIFIED
    assert reading.signature is None


@pytest.mark.parametrize(
    ("day", "digits"),
    [
        ("1873-01-01", "060101"),
        ("1912-07-29", "450729"),
        ("1912-07-30", "010730"),
        ("1926-12-24", "151224"),
        ("1926-12-25", "011225"),
        ("1979-11-03", "541103"),
        ("1989-01-07", "640107"),
        ("1989-01-08", "010108"),
        ("2019-04-30", "310430"),
        ("2019-05-01", "010501"),
        ("2026-11-23", "081123"),
    ],
)
def test_check_number_b_counts_the_year_of_the_era(day: str, digits: str):
    number = check_number_b(dt.date.fromisoformat(day), 2031, "0482")
    assert number == digits + "2031" + "0482"


@pytest.mark.parametrize(
    ("year", "code"), [(31, "0482"), (20311, "0482"), (2031, "482"), (2031, "０４８２")]
)
def test_a_check_number_that_cannot_be_is_refused(year: int, code: str):
    with pytest.raises(ValueError, match="four digits"):
        check_number_b(dt.date(1979, 11, 3), year, code)


def test_before_1873_there_is_no_check_number():
    with pytest.raises(EraError):
        check_number_b(dt.date(1872, 12, 31), 2031, "0482")
