"""A search ends whatever it is fed, and names are limited in every form."""

import datetime as dt
import ipaddress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from drivers.card_reader.simulated_card.demo_pki import key_usage
from intake.certificates.paths.name_limits import NameLimits
from intake.certificates.paths.names import same
from intake.certificates.paths.pool import Pool
from intake.certificates.paths.search import PathReason, PathRules, check_path
from intake.certificates.revocation_list import RevocationList, open_list

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
KEYS = tuple(ec.generate_private_key(ec.SECP256R1()) for _ in range(6))
RULES = PathRules(NOW)


mail = x509.RFC822Name


def named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def issue(
    subject: str,
    issuer: str,
    key: int,
    signer: int,
    *,
    serial: int = 0,
    ca: bool = True,
    extra: tuple[x509.ExtensionType, ...] = (),
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(KEYS[key].public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            key_usage(key_cert_sign=ca, crl_sign=ca, digital_signature=True), critical=True
        )
    )
    for value in extra:
        builder = builder.add_extension(value, critical=True)
    return builder.sign(KEYS[signer], hashes.SHA256())


def empty_list(issuer: str, signer: int) -> RevocationList:
    found = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(named(issuer))
        .last_update(NOW - DAY)
        .next_update(NOW + DAY)
        .sign(KEYS[signer], hashes.SHA256())
    )
    opened = open_list(found.public_bytes(Encoding.DER))
    assert opened is not None
    return opened


def test_authorities_that_certify_each_other_cost_a_bounded_amount():
    """Six names, each certified by each other one many times: more paths than anybody can walk."""
    circle = [
        issue(f"ca{one}", f"ca{other}", one, other)
        for one in range(6)
        for other in range(6)
        for _ in range(3)
        if one != other
    ]
    leaf = issue("leaf", "ca0", 5, 0, ca=False)
    anchor = issue("root", "root", 5, 5)
    found = check_path(leaf, [anchor], Pool(circle, most_signatures=300), RULES)
    assert found in {PathReason.NO_PATH, PathReason.TOO_MUCH}


def test_the_bound_is_the_callers():
    anchor, leaf = issue("root", "root", 0, 0), issue("leaf", "root", 1, 0, ca=False)
    lists = [empty_list("root", 0)]
    assert check_path(leaf, [anchor], Pool([], lists), RULES) is PathReason.ACCEPTED
    bound = Pool([], lists, most_signatures=0)
    assert check_path(leaf, [anchor], bound, RULES) is PathReason.TOO_MUCH
    assert check_path(leaf, [anchor], Pool([]), RULES) is PathReason.REVOCATION_UNKNOWN


def test_a_path_through_one_authority_needs_every_list():
    anchor, below = issue("root", "root", 0, 0), issue("ca", "root", 1, 0)
    leaf = issue("leaf", "ca", 2, 1, ca=False)
    lists = [empty_list("root", 0), empty_list("ca", 1)]
    assert check_path(leaf, [anchor], Pool([below], lists), RULES) is PathReason.ACCEPTED
    for alone in lists:
        found = check_path(leaf, [anchor], Pool([below], [alone]), RULES)
        assert found is PathReason.REVOCATION_UNKNOWN


@pytest.mark.parametrize(
    ("limit", "inside", "outside"),
    [
        (x509.DNSName("town.test"), x509.DNSName("a.Town.test"), x509.DNSName("atown.test")),
        (mail("town.test"), mail("a@town.test"), mail("a@b.test")),
        (mail("a@town.test"), mail("a@town.test"), mail("b@town.test")),
        (mail(".town.test"), mail("a@b.town.test"), mail("a@town.test")),
        (
            x509.UniformResourceIdentifier(".town.test"),
            x509.UniformResourceIdentifier("http://a.town.test/x"),
            x509.UniformResourceIdentifier("http://town.test/x"),
        ),
        (
            x509.UniformResourceIdentifier("town.test"),
            x509.UniformResourceIdentifier("http://town.test:80/"),
            x509.UniformResourceIdentifier("urn:no-host"),
        ),
        (
            x509.IPAddress(ipaddress.ip_network("10.1.0.0/16")),
            x509.IPAddress(ipaddress.ip_address("10.1.2.3")),
            x509.IPAddress(ipaddress.ip_address("10.2.0.1")),
        ),
        (
            x509.DirectoryName(named("Town  Hall")),
            x509.DirectoryName(named("town hall")),
            x509.DirectoryName(named("town")),
        ),
    ],
)
def test_a_name_lies_within_a_limit_or_not(
    limit: x509.GeneralName, inside: x509.GeneralName, outside: x509.GeneralName
):
    def allowed(name: x509.GeneralName, constraints: x509.NameConstraints) -> bool:
        limits = NameLimits()
        limits.narrow(issue("ca", "root", 1, 0, extra=(constraints,)))
        return limits.allow(holder_of(name))

    permitted = x509.NameConstraints([limit], None)
    excluded = x509.NameConstraints(None, [limit])
    assert allowed(inside, permitted)
    assert not allowed(outside, permitted)
    assert not allowed(inside, excluded)
    hostless = getattr(outside, "value", "") == "urn:no-host"
    assert allowed(outside, excluded) is not hostless


def holder_of(name: x509.GeneralName) -> x509.Certificate:
    """A leaf with this name: as its subject, or beside one."""
    is_subject = isinstance(name, x509.DirectoryName)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name.value if is_subject else named("somebody"))
        .issuer_name(named("ca"))
        .public_key(KEYS[2].public_key())
        .serial_number(1)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
    )
    if not is_subject:
        builder = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
    return builder.sign(KEYS[1], hashes.SHA256())


def test_names_are_compared_as_people_read_them():
    assert same(named("Town  Hall"), named(" town hall "))
    assert not same(named("Town Hall"), named("Townhall"))
