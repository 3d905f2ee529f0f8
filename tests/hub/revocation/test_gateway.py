"""Lists and responder behind one interface: what is believed, fallen back on, kept."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.card_reader.simulated_card.demo_pki import new_key, open_pki
from drivers.card_reader.simulated_card.leaf_certificate import leaf_certificate
from drivers.card_reader.simulated_card.persona import load_persona
from hub.errors import RevocationSourceError
from hub.revocation.gateway import Gateway, Subject
from hub.settings import Revocation
from intake.certificates.anchors import Hierarchy, Purpose, make_anchor_set
from intake.certificates.outcome import CertificateReason as Reason
from intake.certificates.profile import jpki_profile
from intake.office.environment import Environment
from tests.hub.revocation.conftest import Authorities
from tests.hub.revocation.responding import RespondingServer
from tests.intake.certificates.authority import DAY, NOW, SERIAL

REVOKED = (SERIAL, x509.ReasonFlags.key_compromise)


@pytest.fixture
def leaf(authorities: Authorities) -> x509.Certificate:
    return authorities.auth.leaf()


@pytest.fixture
def subject(authorities: Authorities, leaf: x509.Certificate) -> Subject:
    anchors = make_anchor_set([("auth_1.der", authorities.auth.der)], environment=Environment.DEMO)
    der = leaf.public_bytes(Encoding.DER)
    return Subject(der, Purpose.AUTH, NOW, anchors, frozenset(Hierarchy))


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    folder = tmp_path / "lists"
    folder.mkdir()
    return folder


def ask(settings: Revocation, subject: Subject, folder: Path, now: dt.datetime = NOW) -> Reason:
    return Gateway.open(settings, folder / "kept").ask(subject, now).reason


def test_a_list_in_the_folder_answers(authorities: Authorities, subject: Subject, lists: Path):
    settings = Revocation(lists=lists)
    assert ask(settings, subject, lists) is Reason.REVOCATION_NOT_ASKED
    (lists / "auth.crl").write_bytes(authorities.auth.crl())
    assert ask(settings, subject, lists) is Reason.NOT_REVOKED
    (lists / "notes.txt").write_text("not a list")
    (lists / "broken.crl").write_bytes(b"broken")
    (lists / "newer.crl").write_bytes(authorities.auth.crl(REVOKED, begins=NOW - DAY / 2))
    assert ask(settings, subject, lists) is Reason.REVOKED_KEY_COMPROMISE


def test_a_changed_file_is_read_again(authorities: Authorities, subject: Subject, lists: Path):
    gateway = Gateway.open(Revocation(lists=lists), lists / "kept")
    (lists / "auth.crl").write_bytes(authorities.auth.crl(ends=NOW - DAY / 24))
    assert gateway.ask(subject, NOW).reason is Reason.CRL_STALE
    (lists / "auth.crl").write_bytes(authorities.auth.crl(REVOKED))
    assert gateway.ask(subject, NOW).reason is Reason.REVOKED_KEY_COMPROMISE


def test_a_usable_list_counts_beside_a_newer_one_that_is_not(
    authorities: Authorities, subject: Subject, lists: Path
):
    (lists / "a.crl").write_bytes(authorities.auth.crl())
    forged = authorities.auth.crl(begins=NOW - DAY / 4, signer=authorities.sign.key)
    (lists / "b.crl").write_bytes(forged)
    assert ask(Revocation(lists=lists), subject, lists) is Reason.NOT_REVOKED


def test_the_responder_is_asked_with_a_nonce_of_its_own(
    authorities: Authorities,
    subject: Subject,
    leaf: x509.Certificate,
    responding: RespondingServer,
    tmp_path: Path,
):
    settings = Revocation(responder=responding.url)
    responding.good(authorities.auth, leaf)
    assert ask(settings, subject, tmp_path) is Reason.NOT_REVOKED
    replayed = authorities.auth.ocsp(about=leaf, nonce=bytes(16))
    responding.answer = lambda _nonce: replayed
    assert ask(settings, subject, tmp_path) is Reason.OCSP_NONCE


def test_an_answer_is_kept_until_a_newer_one_is_due(
    authorities: Authorities,
    subject: Subject,
    leaf: x509.Certificate,
    responding: RespondingServer,
    tmp_path: Path,
):
    responding.good(authorities.auth, leaf)
    gateway = Gateway.open(Revocation(responder=responding.url), tmp_path)
    now = dt.datetime.now(dt.UTC)
    for _ in range(3):
        assert gateway.ask(subject, now).reason is Reason.NOT_REVOKED
    assert responding.asked == 1
    assert gateway.ask(subject, now + dt.timedelta(hours=2)).reason is Reason.OCSP_STALE
    assert responding.asked == 2


def test_a_list_stands_in_for_a_responder_that_cannot_be_reached_only(
    authorities: Authorities,
    subject: Subject,
    responding: RespondingServer,
    lists: Path,
):
    (lists / "auth.crl").write_bytes(authorities.auth.crl())
    settings = Revocation(responder=responding.url, lists=lists, timeout_seconds=1.0)
    responding.status = 503
    assert ask(settings, subject, lists) is Reason.NOT_REVOKED
    assert responding.asked == 2
    responding.status = 200
    responding.answer = lambda _nonce: b"junk"
    assert ask(settings, subject, lists) is Reason.OCSP_MALFORMED
    alone = replace(settings, lists=None, responder="http://127.0.0.1:9/")
    assert ask(alone, subject, lists) is Reason.REVOCATION_NOT_ASKED


def test_a_list_that_says_revoked_needs_no_responder(
    authorities: Authorities, subject: Subject, responding: RespondingServer, lists: Path
):
    (lists / "auth.crl").write_bytes(authorities.auth.crl(REVOKED))
    settings = Revocation(responder=responding.url, lists=lists)
    assert ask(settings, subject, lists) is Reason.REVOKED_KEY_COMPROMISE
    assert responding.asked == 0


def test_a_certificate_that_does_not_hold_is_not_asked_about(
    subject: Subject, responding: RespondingServer, tmp_path: Path
):
    late = replace(subject, valid_at=NOW + 365 * DAY)
    assert ask(Revocation(responder=responding.url), late, tmp_path) is Reason.EXPIRED
    assert responding.asked == 0


def test_lists_are_fetched_and_kept_over_a_restart(
    authorities: Authorities, subject: Subject, responding: RespondingServer, tmp_path: Path
):
    responding.lists = {"/auth.crl": authorities.auth.crl(), "/page.crl": b"<html>"}
    urls = (
        f"{responding.url}/auth.crl",
        f"{responding.url}/gone.crl",
        f"{responding.url}/page.crl",
    )
    settings = Revocation(list_urls=urls)
    gateway = Gateway.open(settings, tmp_path / "kept")
    with pytest.raises(RevocationSourceError, match="2 of 3"):
        gateway.lists.fetch()
    assert gateway.ask(subject, NOW).reason is Reason.NOT_REVOKED
    again = Gateway.open(settings, tmp_path / "kept")
    assert again.ask(subject, NOW).reason is Reason.NOT_REVOKED


def test_nobody_configured_means_nobody_is_asked(subject: Subject, tmp_path: Path):
    gateway = Gateway.open(Revocation(), tmp_path)
    assert not gateway.configured
    assert gateway.ask(subject, NOW).reason is Reason.REVOCATION_NOT_ASKED


def test_the_demo_authority_lays_its_lists_beside_its_anchors(tmp_path: Path):
    """So a demo's hub has an answer without a network: its folder of anchors is one of lists."""
    now = dt.datetime.now(dt.UTC)
    pki = open_pki(tmp_path / "pki", now - DAY)
    open_pki(tmp_path / "pki", now)
    anchors = make_anchor_set(pki.anchors(), environment=Environment.DEMO)
    for purpose in (Purpose.AUTH, Purpose.SIGN):
        persona, form = load_persona("head_of_household"), jpki_profile()
        der = leaf_certificate(persona, pki, purpose, new_key(), now=now, form=form)
        subject = Subject(der, purpose, now, anchors, frozenset(Hierarchy))
        found = ask(Revocation(lists=tmp_path / "pki"), subject, tmp_path, now)
        assert found is Reason.NOT_REVOKED
