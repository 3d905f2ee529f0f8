import dataclasses
import datetime as dt
import logging
import re
from collections.abc import Callable, Collection

import pytest

from drivers.card_reader.card_reading import DEFAULT_WANT, CardReading, CounterWish, Want
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.interface import ReaderStatus
from drivers.card_reader.outcomes import OutcomeCode
from drivers.card_reader.pin import Pin
from drivers.card_reader.profile import CardKind
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import InProcessReader, make_card
from drivers.card_reader.simulated_card.demo_pki import make_pki
from drivers.card_reader.simulated_card.issue import KeyMaker
from drivers.card_reader.simulated_card.persona import Faults, Persona, PinState, load_persona
from intake.certificates import evidence
from intake.certificates.anchors import AnchorSet, Hierarchy, make_anchor_set
from intake.certificates.certificate import CheckResult
from intake.office.environment import Environment
from tests.drivers.card_reader.places import JPKI_AID, JpkiFile

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
CHALLENGE = evidence.challenge_for("5f4dcc3b-0000-4000-8000-000000000001", bytes(range(16)))
ReaderWith = Callable[[str | Persona], tuple[InProcessReader, SimulatedCard]]
READABLE = ("head_of_household", "under_15", "android", "awkward", "test_hierarchy")


def read(
    reader: InProcessReader,
    anchors: AnchorSet,
    *,
    auth: str | None = "1234",
    text: str | None = "1234",
    want: Collection[Want] = DEFAULT_WANT,
    environment: Environment = Environment.DEMO,
    allow_last_try: bool = False,
) -> CardReading:
    wish = CounterWish(
        want=frozenset(want),
        challenge=CHALLENGE,
        auth_pin=Pin.from_text(auth) if auth else None,
        text_pin=Pin.from_text(text) if text else None,
        allow_last_try=allow_last_try,
    )
    return read_counter_card(reader, wish, anchors=anchors, environment=environment, at=NOW)


def tries_on(card: SimulatedCard) -> int:
    return card.applications[JPKI_AID].pins[JpkiFile.AUTH_PIN].left


@pytest.mark.parametrize("name", READABLE)
def test_a_good_card_gives_its_attributes_and_evidence_that_checks_again(
    name: str, reader_with: ReaderWith, anchors: AnchorSet
):
    persona = load_persona(name)
    reading = read(reader_with(name)[0], anchors)
    assert reading.outcome.code is OutcomeCode.OK
    assert reading.attributes is not None
    assert reading.evidence is not None
    stated = reading.attributes
    assert (stated.name, stated.address) == (persona.name, persona.address)
    assert (stated.birth_date, stated.sex) == (persona.birth_date, persona.sex)
    assert reading.tries_left == {
        "auth": 3,
        "text": 3,
        "b_code": 10,
        **({"sign": 5} if persona.signing_certificate else {}),
    }
    assert reading.hierarchy is persona.hierarchy
    assert reading.has_signing_certificate is persona.signing_certificate
    again = evidence.check_evidence(
        evidence.decode(evidence.encode(reading.evidence)),
        at=NOW,
        anchors=anchors,
        environment=Environment.DEMO,
    )
    assert again.holds
    assert again.authentication is not None
    assert again.authentication.result is CheckResult.UNKNOWN


def test_the_kind_is_told_by_the_token_name(reader_with: ReaderWith, anchors: AnchorSet):
    assert read(reader_with("head_of_household")[0], anchors).kind == CardKind.PLASTIC
    assert read(reader_with("android")[0], anchors).kind == CardKind.ANDROID


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("tampered_text", OutcomeCode.NOT_GENUINE, "attributes_changed"),
        ("clone", OutcomeCode.NOT_GENUINE, "challenge_signature"),
        ("forged_issuer", OutcomeCode.NOT_GENUINE, "unknown_issuer"),
        ("expired", OutcomeCode.CERTIFICATE_INVALID, "expired"),
        ("not_my_number", OutcomeCode.NOT_MY_NUMBER_CARD, None),
        ("blocked", OutcomeCode.PIN_BLOCKED, None),
        ("one_try_left", OutcomeCode.PIN_ONE_LEFT, None),
    ],
)
def test_a_bad_card_ends_in_its_own_outcome_and_gives_nothing_away(
    name: str, code: OutcomeCode, reason: str | None, reader_with: ReaderWith, anchors: AnchorSet
):
    reading = read(reader_with(name)[0], anchors)
    assert (reading.outcome.code, reading.outcome.reason) == (code, reason)
    assert reading.attributes is None
    assert reading.evidence is None


def test_a_wrong_pin_is_sent_once_and_says_the_tries_left(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("head_of_household")
    reading = read(reader, anchors, auth="9999")
    assert (reading.outcome.code, reading.outcome.tries) == (OutcomeCode.PIN_WRONG, 2)
    assert reading.outcome.pin == "auth"
    assert reading.tries_left["auth"] == tries_on(card) == 2
    assert read(reader, anchors).outcome.ok
    assert tries_on(card) == 3


def test_no_program_ever_spends_the_last_try(reader_with: ReaderWith, anchors: AnchorSet):
    reader, card = reader_with("head_of_household")
    codes = [read(reader, anchors, auth="9999").outcome.code for _ in range(6)]
    assert codes == [OutcomeCode.PIN_WRONG] * 2 + [OutcomeCode.PIN_ONE_LEFT] * 4
    assert tries_on(card) == 1


def test_the_last_try_goes_only_with_the_clerks_override(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("one_try_left")
    assert read(reader, anchors).outcome.code is OutcomeCode.PIN_ONE_LEFT
    blocked = read(reader, anchors, auth="9999", allow_last_try=True)
    assert blocked.outcome.code is OutcomeCode.PIN_BLOCKED
    assert blocked.tries_left["auth"] == tries_on(card) == 0
    reader, _ = reader_with("one_try_left")
    assert read(reader, anchors, allow_last_try=True).outcome.ok


@pytest.mark.parametrize("wrong", ["123", "12345", "12a4", "ABCD"])
def test_a_pin_of_the_wrong_form_costs_no_try(
    wrong: str, reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("head_of_household")
    reading = read(reader, anchors, auth=wrong)
    assert (reading.outcome.code, reading.outcome.pin) == (OutcomeCode.PIN_FORMAT, "auth")
    assert tries_on(card) == 3


def test_nothing_is_sent_when_another_pin_of_the_reading_cannot_be(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("one_try_left")
    read(reader, anchors, text="9999")
    text = next(app for app in card.applications.values() if 0x0014 in app.pins)
    assert text.pins[0x0011].left == 3


def test_a_missing_pin_is_asked_for(reader_with: ReaderWith, anchors: AnchorSet):
    reading = read(reader_with("head_of_household")[0], anchors, auth=None)
    assert (reading.outcome.code, reading.outcome.pin) == (OutcomeCode.PIN_NEEDED, "auth")


def test_only_what_is_wanted_is_read(reader_with: ReaderWith, anchors: AnchorSet):
    reader, _ = reader_with("head_of_household")
    text_only = read(reader, anchors, auth=None, want={Want.TEXT})
    assert text_only.outcome.ok
    assert text_only.evidence is not None
    assert text_only.evidence.authentication is None
    assert text_only.my_number is None
    auth_only = read(reader, anchors, text=None, want={Want.AUTH})
    assert auth_only.outcome.ok
    assert auth_only.attributes is None
    assert auth_only.evidence is not None
    assert auth_only.evidence.text is None


def test_the_my_number_is_read_on_demand_and_stays_out_of_the_evidence(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reading = read(
        reader_with("head_of_household")[0], anchors, want={Want.TEXT, Want.AUTH, Want.MY_NUMBER}
    )
    number = load_persona("head_of_household").my_number
    assert reading.my_number == number
    assert reading.evidence is not None
    assert number.encode() not in evidence.encode(reading.evidence)
    assert number not in repr(reading)


def test_production_takes_no_test_card(key_pool: KeyMaker):
    unmarked = make_pki(NOW, environment=None)
    anchors = make_anchor_set(unmarked.anchors(), environment=Environment.PRODUCTION)
    card = make_card(load_persona("test_hierarchy"), unmarked, NOW, key_pool)
    reading = read(InProcessReader(card), anchors, environment=Environment.PRODUCTION)
    assert (reading.outcome.code, reading.outcome.reason) == (OutcomeCode.NOT_GENUINE, "test_card")
    assert reading.hierarchy is Hierarchy.TEST
    reading = read(
        InProcessReader(card), anchors, environment=Environment.PRODUCTION, want={Want.TEXT}
    )
    assert (reading.outcome.code, reading.outcome.reason) == (OutcomeCode.NOT_GENUINE, "test_card")
    # the control: the same authority's production card is taken
    good = make_card(load_persona("head_of_household"), unmarked, NOW, key_pool)
    reading = read(InProcessReader(good), anchors, environment=Environment.PRODUCTION)
    assert reading.outcome.ok
    assert reading.hierarchy is Hierarchy.PRODUCTION


def test_anchors_of_another_authority_vouch_for_nothing(reader_with: ReaderWith):
    foreign = make_anchor_set(make_pki(NOW).anchors(), environment=Environment.DEMO)
    reading = read(reader_with("head_of_household")[0], foreign)
    vouched_for_by_none = (OutcomeCode.NOT_GENUINE, "unknown_issuer")
    assert (reading.outcome.code, reading.outcome.reason) == vouched_for_by_none
    for part in (Want.TEXT, Want.AUTH):
        empty = read(reader_with("head_of_household")[0], AnchorSet(()), want={part})
        assert (empty.outcome.code, empty.outcome.reason) == vouched_for_by_none


def test_a_signature_that_does_not_verify_is_never_handed_on(
    reader_with: ReaderWith, anchors: AnchorSet
):
    persona = load_persona("head_of_household")
    liar = dataclasses.replace(persona, faults=Faults(wrong_signature=True))
    reading = read(reader_with(liar)[0], anchors, want={Want.AUTH}, text=None)
    assert reading.outcome.code is OutcomeCode.SIGNATURE_UNVERIFIED
    assert reading.evidence is None


@pytest.mark.parametrize(
    "faults",
    [
        Faults(filler=300),
        Faults(short_reads=1),
        Faults(short_reads=3, end_of_file=True),
        Faults(chained=True),
        Faults(strict_le=True),
        Faults(no_extended=True),
        Faults(end_of_file=True),
        Faults(filler=7, chained=True, end_of_file=True),
    ],
)
def test_every_freedom_of_the_standard_is_read(
    faults: Faults, reader_with: ReaderWith, anchors: AnchorSet
):
    persona = dataclasses.replace(load_persona("head_of_household"), faults=faults)
    reading = read(reader_with(persona)[0], anchors)
    assert reading.outcome.code is OutcomeCode.OK


def test_a_card_torn_at_any_command_leaves_no_half_reading(
    reader_with: ReaderWith, anchors: AnchorSet
):
    reader, card = reader_with("head_of_household")
    assert read(reader, anchors, want={Want.TEXT, Want.AUTH, Want.MY_NUMBER}).outcome.ok
    whole = card.commands_seen
    assert whole > 30
    for index in range(whole):
        reader.remove_after(index)
        reading = read(reader, anchors, want={Want.TEXT, Want.AUTH, Want.MY_NUMBER})
        assert reading.outcome.code is OutcomeCode.REMOVED, index
        assert (reading.attributes, reading.my_number, reading.evidence) == (None, None, None)
        reader.insert(card)
    assert tries_on(card) == 3
    assert read(reader, anchors).outcome.ok


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (ReaderStatus.NO_SERVICE, OutcomeCode.NO_SERVICE),
        (ReaderStatus.NO_READER, OutcomeCode.NO_READER),
        (ReaderStatus.EMPTY, OutcomeCode.NO_CARD),
    ],
)
def test_a_missing_thing_is_named(status: ReaderStatus, code: OutcomeCode, anchors: AnchorSet):
    reader = InProcessReader()
    reader.lose(status)
    assert read(reader, anchors).outcome.code is code


def test_a_second_user_of_the_card_is_told_so(reader_with: ReaderWith, anchors: AnchorSet):
    reader, _ = reader_with("head_of_household")
    with reader.connect():
        assert read(reader, anchors).outcome.code is OutcomeCode.READER_BUSY
    assert read(reader, anchors).outcome.ok


def test_pins_are_wiped_and_stand_in_no_log_and_no_repr(
    reader_with: ReaderWith, anchors: AnchorSet, caplog: pytest.LogCaptureFixture
):
    persona = dataclasses.replace(
        load_persona("head_of_household"),
        auth_pin=PinState("7391", 3),
        text_pin=PinState("8264", 3),
    )
    auth, text = Pin.from_text("7391"), Pin.from_text("8264")
    with caplog.at_level(logging.DEBUG):
        reading = read_counter_card(
            reader_with(persona)[0],
            CounterWish(DEFAULT_WANT, CHALLENGE, auth_pin=auth, text_pin=text),
            anchors=anchors,
            environment=Environment.DEMO,
            at=NOW,
        )
    assert reading.outcome.ok
    for pin in (auth, text):
        with pytest.raises(ValueError, match="wiped"):
            pin.verify_apdu()
    seen = caplog.text + repr(reading) + repr(auth) + repr(persona)
    for secret in ("7391", "8264", b"7391".hex(), b"8264".hex()):
        assert not stands_in(secret, seen)
        for leak in (f"pin={secret}", repr(b"\x00\x04" + secret.encode()), f"[{secret}]"):
            assert stands_in(secret, leak)


def stands_in(secret: str, text: str) -> bool:
    """Whether a text says it; not as four of the digits of a key's or a certificate's number."""
    before = r"(?:(?<![0-9A-Fa-f])|(?<=\\x[0-9a-f]{2}))"
    return re.search(rf"{before}{secret}(?![0-9A-Fa-f])", text) is not None
