"""The hub's gateway against somebody else's authority: list and responder as they really come."""

import datetime as dt
from pathlib import Path

import pytest

from hub.revocation.gateway import Gateway, Subject
from hub.settings import Revocation
from intake.certificates.anchors import Hierarchy, Purpose, make_anchor_set
from intake.certificates.outcome import CertificateCheck, CertificateReason, CheckResult
from intake.office.environment import Environment
from tests.system.revocation.conftest import LiveAuthority

pytestmark = pytest.mark.system


def ask(live: LiveAuthority, name: str, settings: Revocation, kept: Path) -> CertificateCheck:
    now = dt.datetime.now(dt.UTC)
    root = live.certificates["root"]
    subject = Subject(
        live.certificates[name],
        Purpose.AUTH,
        now,
        make_anchor_set([("auth_1.der", root)], environment=Environment.DEMO),
        frozenset({Hierarchy.PRODUCTION}),
    )
    gateway = Gateway.open(settings, kept)
    if settings.list_urls:
        gateway.lists.fetch()
    return gateway.ask(subject, now)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("good", CertificateReason.NOT_REVOKED),
        ("moved", CertificateReason.REVOKED_AFFILIATION_CHANGED),
    ],
)
@pytest.mark.parametrize("way", ["list", "responder", "both"])
def test_list_and_responder_say_the_same(
    live: LiveAuthority, tmp_path: Path, name: str, reason: CertificateReason, way: str
):
    settings = Revocation(
        responder=live.responder if way != "list" else "",
        list_urls=(live.list_url,) if way != "responder" else (),
    )
    found = ask(live, name, settings, tmp_path)
    assert (found.reason, found.result) == (reason, reason.result)
    assert found.holds_until is not None
    assert (found.revoked_at is not None) is (found.result is CheckResult.REVOKED)


def test_a_responder_that_does_not_exist_leaves_it_unknown(live: LiveAuthority, tmp_path: Path):
    settings = Revocation(responder=f"{live.url}/jpki/ocsp/nobody")
    found = ask(live, "good", settings, tmp_path)
    assert found.reason is CertificateReason.REVOCATION_NOT_ASKED
    assert found.result is CheckResult.UNKNOWN
