"""The device directory: believed only as far as certificates lead to the pinned root."""

import json

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from hub.devices.directory import ASKS
from hub.devices.trust import SIGNING_PURPOSE
from intake.office.environment import Environment
from tests.hub.conftest import Desk
from tests.hub.counter_unit import OFFICE, Town, issue, name, public_of


def listed(desk: Desk, use: str, pem: bytes) -> None:
    """Put a certificate into the directory as a foolish or bribed authority page would."""
    path = desk.town.trust / "devices.json"
    table = json.loads(path.read_text())
    item = {"use": use, "status": "active", "pem": pem.decode()}
    table["devices"].append({"device": "unit-66", "status": "active", "certificates": [item]})
    path.write_text(json.dumps(table))


def test_units_of_the_directory_are_known(desk: Desk):
    key = desk.office.directory.key(desk.unit.signer.kid)
    assert key is not None
    assert (key.device, key.environment, key.revoked) == ("unit-01", Environment.DEMO, False)
    assert list(desk.office.directory.encryption_keys()) == ["unit-01"]


def test_a_certificate_of_another_authority_is_not_believed(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
):
    other = Town(tmp_path_factory.mktemp("other"))
    pair = issue(name("unit-66", OFFICE), other.issuing, SIGNING_PURPOSE, Environment.DEMO)
    listed(desk, "signing", pair.pem())
    desk.office.directory.refresh()
    assert desk.office.directory.key(public_of(pair).kid) is None


def test_a_tls_certificate_is_no_signing_certificate(desk: Desk):
    pair = issue(
        name("unit-66", OFFICE),
        desk.town.issuing,
        ExtendedKeyUsageOID.CLIENT_AUTH,
        Environment.DEMO,
    )
    listed(desk, "signing", pair.pem())
    desk.office.directory.refresh()
    assert desk.office.directory.key(public_of(pair).kid) is None


def test_a_certificate_of_another_name_or_office_is_not_believed(desk: Desk):
    for subject in (name("unit-67", OFFICE), name("unit-66", "271004")):
        pair = issue(subject, desk.town.issuing, SIGNING_PURPOSE, Environment.DEMO)
        listed(desk, "signing", pair.pem())
        desk.office.directory.refresh()
        assert desk.office.directory.key(public_of(pair).kid) is None


def test_revocation_counts_even_when_the_directory_says_active(desk: Desk):
    desk.town.revoke(desk.unit.signing)
    assert desk.office.directory.refresh().newly_revoked == {"unit-01"}
    key = desk.office.directory.key(desk.unit.signer.kid)
    assert key is not None
    assert key.revoked
    assert not desk.office.directory.refresh().newly_revoked


def test_a_key_stays_known_and_revoked_when_the_directory_forgets_it(desk: Desk):
    desk.town.revoke(desk.unit.signing)
    desk.office.directory.refresh()
    desk.town.units.clear()
    desk.town.revoked.clear()
    desk.town.write()
    desk.office.directory.refresh()
    key = desk.office.directory.key(desk.unit.signer.kid)
    assert key is not None
    assert key.revoked


def test_a_broken_directory_leaves_what_was_known(desk: Desk):
    (desk.town.trust / "devices.json").write_text("{")
    desk.office.directory.refresh()
    assert desk.office.directory.problem
    assert desk.office.directory.key(desk.unit.signer.kid)
    (desk.town.trust / "crl.pem").write_text("nothing")
    desk.office.directory.refresh()
    assert desk.office.directory.key(desk.unit.signer.kid)


def test_a_unit_enrolled_right_after_the_last_asking_is_known_when_it_first_files(desk: Desk):
    directory = desk.office.directory
    directory.refresh()
    pair = issue(name("unit-66", OFFICE), desk.town.issuing, SIGNING_PURPOSE, Environment.DEMO)
    listed(desk, "signing", pair.pem())
    assert directory.key(public_of(pair).kid) is not None


def test_made_up_keys_do_not_keep_the_hub_asking(desk: Desk):
    directory = desk.office.directory
    for number in range(ASKS):
        assert directory.key(bytes([number] * 16)) is None
    pair = issue(name("unit-66", OFFICE), desk.town.issuing, SIGNING_PURPOSE, Environment.DEMO)
    listed(desk, "signing", pair.pem())
    assert directory.key(public_of(pair).kid) is None
    directory.refresh()
    assert directory.key(public_of(pair).kid) is not None
