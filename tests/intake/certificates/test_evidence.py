from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import canonical
from intake.certificates import evidence
from intake.certificates.anchors import AnchorSet
from intake.certificates.certificate import CheckResult
from intake.certificates.evidence import Authentication, CardEvidence, TextEvidence
from intake.certificates.genuineness import GenuinenessReason
from intake.errors import DecodeError, UnknownVersionError
from intake.office.environment import Environment
from tests.intake.certificates.conftest import NOW, Reading


def of(reading: Reading) -> CardEvidence:
    files = reading.files
    return CardEvidence(
        read_at_us=1_764_000_000_000_000,
        kind="plastic",
        challenge=reading.challenge,
        authentication=Authentication(reading.auth_certificate, reading.auth_answer),
        text=TextEvidence(
            files.attributes,
            files.integrity,
            files.certificate,
            files.signed_key,
            reading.card_answer,
        ),
    )


def holds(given_evidence: CardEvidence, anchors: AnchorSet) -> bool:
    return evidence.check_evidence(
        given_evidence, at=NOW, anchors=anchors, environment=Environment.DEMO
    ).holds


def test_it_comes_back_as_it_went_and_checks_again(reading: Reading, anchors: AnchorSet):
    original = of(reading)
    assert evidence.decode(evidence.encode(original)) == original
    assert holds(original, anchors)


@pytest.mark.parametrize("half", ["authentication", "text"])
def test_one_half_alone_holds_and_none_does_not(half: str, reading: Reading, anchors: AnchorSet):
    alone = replace(of(reading), **{half: None})
    assert evidence.decode(evidence.encode(alone)) == alone
    assert holds(alone, anchors)
    assert not holds(replace(alone, authentication=None, text=None), anchors)


def test_every_answer_belongs_to_its_challenge(reading: Reading, anchors: AnchorSet):
    other = replace(of(reading), challenge=bytes(32))
    result = evidence.check_evidence(other, at=NOW, anchors=anchors, environment=Environment.DEMO)
    assert result.authentication_signature is False
    assert result.genuineness is not None
    assert result.genuineness.reason is GenuinenessReason.CHALLENGE_SIGNATURE
    assert not result.holds


def test_an_expired_certificate_does_not_hold_though_the_signature_does(
    reading: Reading, anchors: AnchorSet
):
    result = evidence.check_evidence(
        of(reading), at=NOW.replace(year=2036), anchors=anchors, environment=Environment.DEMO
    )
    assert result.authentication is not None
    assert result.authentication.result is CheckResult.INVALID
    assert result.authentication_signature
    assert not result.holds


def test_a_challenge_belongs_to_one_notification():
    first = evidence.challenge_for("notification-1", bytes(16))
    assert len(first) == 32
    assert evidence.challenge_is_for(first, "notification-1")
    assert not evidence.challenge_is_for(first, "notification-2")
    assert not evidence.challenge_is_for(first[:-1], "notification-1")
    assert not evidence.challenge_is_for(bytes(32), "notification-1")
    with pytest.raises(ValueError, match="16 bytes"):
        evidence.challenge_for("notification-1", b"short")


def test_a_newer_version_is_told_apart_from_garbage(reading: Reading):
    value = canonical.decode(evidence.encode(of(reading)), limit=1 << 16)
    assert isinstance(value, dict)
    with pytest.raises(UnknownVersionError):
        evidence.decode(canonical.encode(value | {"v": 2}))
    with pytest.raises(DecodeError):
        evidence.decode(canonical.encode(value | {"more": 1}))


@given(st.binary(max_size=200))
def test_random_bytes_are_refused(data: bytes):
    with pytest.raises(DecodeError):
        evidence.decode(data)


def test_no_repr_shows_what_the_card_says(reading: Reading):
    assert "健一" not in repr(of(reading))
    assert repr(reading.files.attributes) not in repr(of(reading))
