import tomllib
from importlib import resources

import pytest

from drivers.card_reader.errors import CardRefusedError, PersonaError, PinWrongError
from drivers.card_reader.outcomes import Outcome, OutcomeCode, outcome_of
from drivers.card_reader.simulated_card.persona import (
    Faults,
    load_persona,
    parse_persona,
    persona_names,
    with_faults,
)
from drivers.errors import RecordingError
from intake.certificates.certificate import CertificateReason, CheckResult
from intake.certificates.genuineness import GenuinenessReason

NEEDED = {
    "blocked",
    "clone",
    "head_of_household",
    "not_my_number",
    "one_try_left",
    "tampered_text",
    "test_hierarchy",
    "under_15",
}


def number_is_well_formed(number: str) -> bool:
    """The My Number check digit (total of digits by weight, modulo 11)."""
    digits = [int(digit) for digit in number[:11]][::-1]
    rest = sum(d * (i + 2 if i < 6 else i - 4) for i, d in enumerate(digits)) % 11
    return int(number[11]) == (0 if rest <= 1 else 11 - rest)


def test_the_personas_a_counter_must_meet_are_there():
    assert set(persona_names()) >= NEEDED


@pytest.mark.parametrize("name", persona_names())
def test_each_persona_is_well_formed(name: str):
    persona = load_persona(name)
    assert persona.title
    if not persona.my_number_card:
        return
    assert number_is_well_formed(persona.my_number)
    if persona.certificate is not None:
        for text, flags in (
            (persona.certificate.name, persona.certificate.name_flags),
            (persona.certificate.address, persona.certificate.address_flags),
        ):
            assert len(text) == len(flags)
            assert set(flags) <= {"0", "1"}


def test_the_head_of_households_certificate_marks_the_character_it_cannot_hold():
    persona = load_persona("head_of_household")
    assert persona.certificate is not None
    marked = [
        (real, shown)
        for real, shown, flag in zip(
            persona.name, persona.certificate.name, persona.certificate.name_flags, strict=True
        )
        if flag == "1"
    ]
    assert marked == [("髙", "高")]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('title = "t"\nnmae = "x"', "nmae"),
        ('name = "x"', "title"),
        ('title = "t"\n[faults]\nslow = 1', "slow"),
        ("title =", "TOML"),
        ('title = "t"\nauth_pin = { value = "1" }', "tries"),
    ],
)
def test_a_wrong_persona_file_names_the_key(text: str, named: str):
    with pytest.raises(PersonaError, match=named):
        parse_persona(text)


def test_an_unknown_persona_lists_the_known_ones():
    with pytest.raises(PersonaError, match="head_of_household"):
        load_persona("nobody")


def test_faults_are_replaced_by_name():
    assert with_faults(Faults(filler=3), {"slow_ms": 20}) == Faults(filler=3, slow_ms=20)
    with pytest.raises(PersonaError, match="nonsense"):
        with_faults(Faults(), {"nonsense": 1})


def said_at_a_counter(reason: CertificateReason) -> bool:
    """Reasons that end a reading; what is not known about revocation does not."""
    ends = reason.result in (CheckResult.INVALID, CheckResult.REVOKED)
    return ends and reason is not CertificateReason.BAD_REQUEST


REASONS = [
    *(reason for reason in GenuinenessReason if reason is not GenuinenessReason.GENUINE),
    *(reason for reason in CertificateReason if said_at_a_counter(reason)),
]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("code", list(OutcomeCode))
def test_every_outcome_says_in_both_languages_what_to_do(code: OutcomeCode, language: str):
    assert language in {"ja", "en"}
    outcome = Outcome(code, pin="auth", tries=2)
    sentence = outcome.message("ja" if language == "ja" else "en")
    assert "{" not in sentence
    assert sentence.endswith(("。", "."))
    assert len(sentence) > 20


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words(reason: str):
    for code in (OutcomeCode.NOT_GENUINE, OutcomeCode.CERTIFICATE_INVALID):
        with_reason = Outcome(code, reason=reason)
        assert with_reason.message("ja") >= Outcome(code).message("ja")
        assert with_reason.message("en")


def test_the_catalogue_holds_nothing_that_is_not_used():
    file = resources.files("drivers.card_reader") / "text" / "outcomes.toml"
    catalogue = tomllib.loads(file.read_text(encoding="utf-8"))
    assert set(catalogue["outcome"]) == set(OutcomeCode)
    assert set(catalogue["reason"]) == set(REASONS)
    assert all(set(entry) == {"ja", "en"} for part in catalogue.values() for entry in part.values())


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (OutcomeCode.OK, 0),
        (OutcomeCode.NO_READER, 3),
        (OutcomeCode.REMOVED, 3),
        (OutcomeCode.PIN_WRONG, 4),
        (OutcomeCode.NOT_MY_NUMBER_CARD, 4),
        (OutcomeCode.NOT_GENUINE, 5),
    ],
)
def test_exit_codes(code: OutcomeCode, status: int):
    assert Outcome(code).exit_code == status


def test_errors_become_outcomes():
    wrong = outcome_of(PinWrongError(2), pin="text")
    assert (wrong.code, wrong.tries, wrong.pin) == (OutcomeCode.PIN_WRONG, 2, "text")
    assert outcome_of(CardRefusedError("reading", 0x6F00)).code is OutcomeCode.CARD_REFUSED
    assert outcome_of(RecordingError("x")).code is OutcomeCode.CARD_REFUSED
