"""Units hear of revocations from complete lists only, signed, and not again without news."""

import hashlib
from pathlib import Path

import pytest
from cryptography import x509

from hub.settings import Revocation
from intake.event.downward import Audience, DownwardKind, open_downward
from intake.event.topics import All
from intake.office import revocation
from intake.office.environment import Environment
from intake.office.revocation import RevocationDigest
from tests.hub.counter_unit import OFFICE
from tests.hub.revocation.conftest import Authorities, CardOffice, OpenOffice
from tests.intake.certificates.authority import DAY, NOW, SERIAL, Extra
from tests.intake.certificates.revocation_cases import scope

LOST = (SERIAL, x509.ReasonFlags.key_compromise)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    folder = tmp_path / "lists"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(card_office: OpenOffice, lists: Path) -> CardOffice:
    return card_office(Revocation(lists=lists))


def published(opened: CardOffice) -> RevocationDigest | None:
    message = opened.desk.office.publications.current().get(All.REVOCATION)
    if message is None:
        return None
    audience = Audience(OFFICE, Environment.DEMO, "unit-01")
    found = open_downward(
        message, DownwardKind.REVOCATION, opened.desk.keyset, audience, now_us=None
    )
    return revocation.decode(found.body)


def test_without_a_list_nothing_is_published(opened: CardOffice):
    assert published(opened) is None


def test_a_complete_list_is_covered_until_the_next_one_is_due(
    opened: CardOffice, lists: Path, authorities: Authorities
):
    (lists / "auth.crl").write_bytes(authorities.auth.crl(LOST))
    digest = published(opened)
    assert digest is not None
    (cover,) = digest.covers
    assert cover.anchor == hashlib.sha256(authorities.auth.der).digest()
    assert cover.valid_until_us == int((NOW + DAY).timestamp()) * 1_000_000
    assert len(digest.marks) == 1
    (lists / "sign.crl").write_bytes(authorities.sign.crl())
    again = published(opened)
    assert again is not None
    assert len(again.covers) == 2
    assert again.version > digest.version


def test_the_same_lists_are_published_once(
    opened: CardOffice, lists: Path, authorities: Authorities
):
    (lists / "auth.crl").write_bytes(authorities.auth.crl(LOST))
    first = opened.desk.office.publications.revocation()
    assert first is not None
    assert opened.desk.office.publications.revocation() == first


@pytest.mark.parametrize(
    "extra",
    [
        scope(only_contains_ca_certs=True),
        scope(indirect_crl=True),
        scope(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise})),
        scope(full_name=[x509.UniformResourceIdentifier("http://crl.test/13101")]),
    ],
)
def test_a_list_of_a_part_covers_nothing(
    extra: Extra, opened: CardOffice, lists: Path, authorities: Authorities
):
    (lists / "auth.crl").write_bytes(authorities.auth.crl(extra=extra))
    assert published(opened) is None


def test_a_stale_or_forged_list_covers_nothing(
    opened: CardOffice, lists: Path, authorities: Authorities
):
    stale = authorities.auth.crl(ends=NOW - DAY / 2)
    (lists / "stale.crl").write_bytes(stale)
    forged = authorities.sign.crl(signer=authorities.auth.key)
    (lists / "forged.crl").write_bytes(forged)
    assert published(opened) is None
