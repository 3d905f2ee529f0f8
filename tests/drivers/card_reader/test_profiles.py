"""Card profiles are data: those of the house, and a card that nobody has seen yet."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from drivers.card_reader.card_reading import CounterWish, Want
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.errors import PersonaError, ProfileError
from drivers.card_reader.outcomes import OutcomeCode
from drivers.card_reader.pin import Pin
from drivers.card_reader.profile import CardProfile
from drivers.card_reader.profile_file import (
    DEFAULT_PROFILE,
    built_in,
    load_profiles,
    parse_profile,
)
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import InProcessReader, make_card
from drivers.card_reader.simulated_card.demo_pki import make_pki, new_curve_key
from drivers.card_reader.simulated_card.issue import KeyMaker
from drivers.card_reader.simulated_card.persona import Faults, Persona, PinState, load_persona
from intake.certificates.anchors import AnchorSet, make_anchor_set
from intake.certificates.card_key import signature_holds
from intake.office.environment import Environment
from tests.drivers.card_reader import places

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
NEXT_CARD = Path(__file__).parent / "next_card" / "next_card.toml"
HEAD = load_persona("head_of_household")
HOLDER = dataclasses.replace(
    HEAD, auth_pin=PinState("135790", 8), sign_password=PinState("NEXTCARD1", 8)
)
DOCUMENT = b"what is signed"


def next_card(
    key_pool: KeyMaker, persona: Persona = HOLDER
) -> tuple[InProcessReader, AnchorSet, tuple[CardProfile, ...]]:
    profiles = load_profiles([NEXT_CARD])
    pki = make_pki(NOW, make_key=new_curve_key)
    anchors = make_anchor_set(pki.anchors(), environment=Environment.DEMO)
    card = make_card(persona, pki, NOW, key_pool, profiles[0])
    return InProcessReader(card), anchors, profiles


def wish(auth: str = "135790") -> CounterWish:
    return CounterWish(
        want=frozenset({Want.TEXT, Want.AUTH, Want.SIGN, Want.MY_NUMBER}),
        challenge=bytes(range(32)),
        auth_pin=Pin.from_text(auth),
        sign_password=Pin.from_text("NEXTCARD1"),
        document=DOCUMENT,
    )


def test_a_made_up_card_of_p384_two_applications_and_two_pins_is_only_a_file(key_pool: KeyMaker):
    reader, anchors, profiles = next_card(key_pool)
    reading = read_counter_card(
        reader, wish(), anchors=anchors, environment=Environment.DEMO, at=NOW, profiles=profiles
    )
    assert reading.outcome.ok
    assert reading.kind == "next"
    assert reading.tries_left == {"auth": 8, "sign": 8}
    assert reading.attributes is not None
    assert (reading.attributes.name, reading.my_number) == (HEAD.name, HEAD.my_number)
    assert reading.genuineness is not None
    assert reading.genuineness.genuine
    assert reading.signature is not None
    key = x509.load_der_x509_certificate(reading.signature.certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert signature_holds(key, reading.signature.signature, DOCUMENT)
    assert reading.signature.substituted.name == (0,)


def test_the_made_up_card_is_none_without_its_file(key_pool: KeyMaker):
    reader, anchors, _ = next_card(key_pool)
    reading = read_counter_card(
        reader, wish(), anchors=anchors, environment=Environment.DEMO, at=NOW
    )
    assert reading.outcome.code is OutcomeCode.NOT_MY_NUMBER_CARD


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        (Faults(foreign_card_key=True), OutcomeCode.NOT_GENUINE),
        (Faults(tampered_text=True), OutcomeCode.NOT_GENUINE),
        (Faults(wrong_signature=True), OutcomeCode.NOT_GENUINE),
        (Faults(strict_le=True, chained=True, filler=9), OutcomeCode.OK),
        (Faults(le_refused=True), OutcomeCode.OK),
    ],
)
def test_the_made_up_card_is_judged_like_any_other(
    faults: Faults, code: OutcomeCode, key_pool: KeyMaker
):
    reader, anchors, profiles = next_card(key_pool, dataclasses.replace(HOLDER, faults=faults))
    reading = read_counter_card(
        reader, wish(), anchors=anchors, environment=Environment.DEMO, at=NOW, profiles=profiles
    )
    assert reading.outcome.code is code


def test_its_pin_has_the_form_that_its_profile_says(key_pool: KeyMaker):
    reader, anchors, profiles = next_card(key_pool)
    reading = read_counter_card(
        reader,
        wish(auth="1234"),
        anchors=anchors,
        environment=Environment.DEMO,
        at=NOW,
        profiles=profiles,
    )
    assert (reading.outcome.code, reading.outcome.pin) == (OutcomeCode.PIN_FORMAT, "auth")


def test_a_card_of_2016_is_read_beside_it(
    anchors: AnchorSet, card_of: Callable[[str], SimulatedCard]
):
    reading = read_counter_card(
        InProcessReader(card_of("head_of_household")),
        CounterWish(frozenset({Want.TEXT}), bytes(32), text_pin=Pin.from_text("1234")),
        anchors=anchors,
        environment=Environment.DEMO,
        at=NOW,
        profiles=load_profiles([NEXT_CARD]),
    )
    assert reading.outcome.ok
    assert reading.kind == "plastic"


def test_the_profile_of_2016_says_what_the_second_opinion_says():
    profile = built_in(DEFAULT_PROFILE)
    aids = {
        *(places.JPKI_AID, places.TEXT_AID, places.SURFACE_AID),
        *(places.RESIDENT_AID, places.COMMON_AID),
    }
    assert set(profile.applications.values()) == aids
    jpki, text, face = places.JpkiFile, places.TextFile, places.SurfaceFile
    assert profile.file("auth_certificate").file == jpki.AUTH_CERTIFICATE
    assert profile.file("sign_certificate").file == jpki.SIGN_CERTIFICATE
    assert (profile.key("auth").file, profile.key("sign").file) == (jpki.AUTH_KEY, jpki.SIGN_KEY)
    assert profile.file("attributes").file == text.ATTRIBUTES
    assert profile.file("signed_key").file == text.SIGNED_KEY
    assert profile.file("face").file == face.FACE
    assert {name: (pin.file, pin.tries) for name, pin in profile.pins.items()} == {
        "auth": (jpki.AUTH_PIN, 3),
        "sign": (jpki.SIGN_PASSWORD, 5),
        "text": (text.PIN, 3),
        "text_arrives_blocked": (text.BLOCKED, 3),
        "text_a_code": (text.CODE_A, 10),
        "text_b_code": (text.CODE_B, 10),
        "face_birth": (face.BIRTH_PIN, 10),
        "face_b_code": (face.CODE_B, 10),
        "face_a_code": (face.CODE_A, 10),
    }


def test_phones_differ_by_name_and_by_a_certificate_behind_the_pin():
    kinds = {profile.name: profile for profile in load_profiles()}
    assert {name: profile.kind for name, profile in kinds.items()} == {
        "my_number_2016": "plastic",
        "phone_android": "android",
        "phone_iphone": "iphone",
    }
    assert kinds["phone_iphone"].labels == ("JPKIAPIOSTOKEN",)
    for name, profile in kinds.items():
        locked = bool(profile.file("auth_certificate").opened_by)
        assert locked == name.startswith("phone")


MINIMAL = """
name = "m"
kind = "m"
identified_by = "one"
[application]
one = "A0"
"""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("name =", "TOML"),
        (MINIMAL + "[fils]\n", "fils"),
        (MINIMAL.replace('"A0"', '"XY"'), "hexadecimal"),
        (MINIMAL + "[file]\nface = { application = 'two', file = 1 }", "two"),
        (MINIMAL + "[file]\nface = { application = 'one', file = 1, opened_by = ['p'] }", "'p'"),
        (MINIMAL + "[file]\nface = { application = 'one', fil = 1 }", "fil"),
        (MINIMAL + "[key]\nk = { application = 'one', algorithm = 'rot13' }", "rot13"),
        ("extends = 'nothing'\n" + MINIMAL, "nothing"),
        ("kind = 'x'", "name"),
    ],
)
def test_a_wrong_profile_names_what_is_wrong(text: str, named: str):
    with pytest.raises(ProfileError, match=named):
        parse_profile(text, source="test.toml")


def test_files_that_cannot_be_read_and_names_that_are_not_known(tmp_path: Path, key_pool: KeyMaker):
    with pytest.raises(ProfileError, match=r"gone\.toml"):
        load_profiles([tmp_path / "gone.toml"])
    with pytest.raises(ProfileError, match="my_number_2016"):
        built_in("no such")
    unknown = parse_profile(
        MINIMAL + "[file]\nriddle = { application = 'one', file = 1 }", source="t"
    )
    with pytest.raises(PersonaError, match="riddle"):
        make_card(HEAD, make_pki(NOW, make_key=new_curve_key), NOW, key_pool, unknown)
