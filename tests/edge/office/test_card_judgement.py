"""A unit without a fresh digest calls a card provisional; with one it knows what is revoked."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.card_reader.card_reading import CardReading, HolderSignature, Substituted
from drivers.card_reader.outcomes import Outcome, OutcomeCode
from edge import unit as units
from edge.errors import UntrustedMessageError
from edge.office.card_judgement import CardJudgement
from edge.office.kept_words import KeptWords
from edge.office.office_words import OfficeWords
from edge.session.card_evidence import use_of
from edge.unit_clock import UnitClock
from intake.certificates.anchors import Purpose
from intake.certificates.evidence import Authentication, CardEvidence
from intake.certificates.outcome import CertificateCheck, CertificateReason, CheckResult
from intake.event.downward import DownwardKind
from intake.office import revocation
from intake.office.revocation import Cover, make_digest
from tests.edge.a_unit import make_office
from tests.edge.enrolment import OFFICE, OfficeDouble, now_us
from tests.intake.certificates.authority import SERIAL, Authority

HOUR_US = 3600 * 1_000_000
Make = Callable[[], OfficeWords]


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority(Purpose.AUTH)


@pytest.fixture
def office(tmp_path: Path) -> OfficeDouble:
    return make_office(tmp_path)


@pytest.fixture
def make(tmp_path: Path, office: OfficeDouble) -> Make:
    assert office.anchor
    unit = units.load(tmp_path / "identity")
    return lambda: OfficeWords(unit, UnitClock(), KeptWords(tmp_path / "office"))


@pytest.fixture
def reading(authority: Authority) -> CardReading:
    leaf = authority.leaf().public_bytes(Encoding.DER)
    check = CertificateCheck(
        CheckResult.UNKNOWN,
        CertificateReason.REVOCATION_NOT_ASKED,
        anchor_sha256=hashlib.sha256(authority.der).hexdigest(),
    )
    evidence = CardEvidence(1, "plastic", bytes(32), Authentication(leaf, b"signature"))
    return CardReading(Outcome(OutcomeCode.OK), evidence=evidence, certificate=check)


def said(office: OfficeDouble, authority: Authority, *serials: int, age_us: int = 0) -> bytes:
    cover = Cover(hashlib.sha256(authority.der).digest(), now_us() + HOUR_US - age_us)
    body = revocation.encode(make_digest(OFFICE, 1, [(cover, serials)]))
    return office.downward(DownwardKind.REVOCATION, body)


def judged(words: OfficeWords, reading: CardReading) -> CardReading:
    return CardJudgement(lambda: words.revocation, UnitClock())(reading)


def provisional(reading: CardReading) -> bool:
    return use_of(reading, 1).provisional


def test_without_a_digest_it_is_provisional_and_goes_on(make: Make, reading: CardReading):
    found = judged(make(), reading)
    assert found == reading
    assert provisional(found)


def test_with_a_fresh_digest_it_is_not(
    make: Make, office: OfficeDouble, authority: Authority, reading: CardReading
):
    words = make()
    words.take_keys(office.keys())
    words.take_revocation(said(office, authority, SERIAL + 1))
    found = judged(words, reading)
    assert found.certificate is not None
    assert found.certificate.result is CheckResult.VALID
    assert found.outcome.ok
    assert not provisional(found)


def test_a_digest_that_is_over_is_none(
    make: Make, office: OfficeDouble, authority: Authority, reading: CardReading
):
    words = make()
    words.take_keys(office.keys())
    words.take_revocation(said(office, authority, SERIAL, age_us=2 * HOUR_US))
    assert provisional(judged(words, reading))


def test_a_card_that_is_listed_is_refused_and_nothing_is_kept(
    make: Make, office: OfficeDouble, authority: Authority, reading: CardReading
):
    words = make()
    words.take_keys(office.keys())
    words.take_revocation(said(office, authority, SERIAL))
    found = judged(words, reading)
    assert found.outcome.code is OutcomeCode.CERTIFICATE_REVOKED
    assert found.evidence is None
    assert found.outcome.message("ja")


def test_a_listed_signing_certificate_is_left_to_the_hub(
    make: Make, office: OfficeDouble, authority: Authority, reading: CardReading
):
    """After a move it is always listed, and only the hub knows why."""
    words = make()
    words.take_keys(office.keys())
    words.take_revocation(said(office, authority, SERIAL))
    assert reading.evidence is not None
    assert reading.evidence.authentication is not None
    assert reading.certificate is not None
    der = reading.evidence.authentication.certificate
    signature = HolderSignature(der, b"signature", reading.certificate, "", "", Substituted())
    signed = replace(reading, evidence=None, certificate=None, signature=signature)
    found = judged(words, signed)
    assert found == signed
    assert found.outcome.ok


def test_a_digest_is_held_over_a_restart_and_waits_for_the_keys(
    make: Make, office: OfficeDouble, authority: Authority
):
    words = make()
    message = said(office, authority, SERIAL)
    words.take_revocation(message)
    assert words.revocation is None
    words.take_keys(office.keys())
    assert words.revocation is not None
    assert make().revocation == words.revocation


def test_an_older_digest_or_a_foreign_one_is_not_believed(
    make: Make, office: OfficeDouble, authority: Authority
):
    words = make()
    words.take_keys(office.keys())
    older = said(office, authority)
    words.take_revocation(said(office, authority, SERIAL))
    held = words.revocation
    foreign = revocation.encode(make_digest("271004", 1, []))
    for message in (older, office.downward(DownwardKind.REVOCATION, foreign)):
        with pytest.raises(UntrustedMessageError):
            words.take_revocation(message)
        assert words.revocation == held


def test_a_clock_that_is_certainly_wrong_knows_no_freshness(
    make: Make, office: OfficeDouble, authority: Authority, reading: CardReading
):
    words = make()
    words.take_keys(office.keys())
    words.take_revocation(said(office, authority))
    clock = UnitClock()
    clock.remember(now_us() + int(dt.timedelta(days=400).total_seconds()) * 1_000_000)
    assert clock.trusted_us() is None
    assert provisional(CardJudgement(lambda: words.revocation, clock)(reading))
