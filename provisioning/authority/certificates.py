"""How each certificate of the house is built; pure functions of keys, names and a given time."""

import datetime as dt
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from intake.office.environment import Environment, extension

ROOT_LIFE = dt.timedelta(days=20 * 365)
ISSUING_LIFE = dt.timedelta(days=5 * 365)
LEAF_LIFE = dt.timedelta(days=400)
LIST_LIFE = dt.timedelta(days=7)
BACKDATE = dt.timedelta(hours=1)
"""A unit without a clock battery may be a little behind the authority."""

SIGNING_PURPOSE = x509.ObjectIdentifier("2.25.120930148046170137519022180262091375391.1")
ENCRYPTION_PURPOSE = x509.ObjectIdentifier("2.25.120930148046170137519022180262091375391.2")
DEVICE_USES = ("tls", "signing", "encryption")


@dataclass(frozen=True)
class Issuer:
    """A certificate and its key, with which others are signed."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class DeviceName:
    """Who a unit certificate is for, as the authority (never the unit) decided it."""

    device: str
    office: str
    environment: Environment


def root_certificate(key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> x509.Certificate:
    """The self-signed root over `key`, from `now` for twenty years."""
    name = _name(f"Madoguchi root {_short_id(key)}")
    builder = _authority(name, key.public_key(), name, path_length=1, now=now, life=ROOT_LIFE)
    return builder.sign(key, hashes.SHA256())


def issuing_certificate(
    root: Issuer, public: ec.EllipticCurvePublicKey, short_id: str, now: dt.datetime
) -> x509.Certificate:
    """The issuing CA below `root`; it can issue leaves only (path length 0)."""
    name = _name(f"Madoguchi issuing CA {short_id}")
    builder = _authority(
        name, public, root.certificate.subject, path_length=0, now=now, life=ISSUING_LIFE
    )
    return _signed(builder, root)


def device_certificate(
    issuer: Issuer,
    name: DeviceName,
    use: str,
    public: ec.EllipticCurvePublicKey,
    now: dt.datetime,
) -> x509.Certificate:
    """A unit's certificate for one of DEVICE_USES, with its environment as an extension."""
    purpose = {
        "tls": ExtendedKeyUsageOID.CLIENT_AUTH,
        "signing": SIGNING_PURPOSE,
        "encryption": ENCRYPTION_PURPOSE,
    }[use]
    subject = _name(name.device, name.office, use)
    builder = _leaf(subject, public, issuer, purpose, now=now, agreement=use == "encryption")
    return _signed(_in_environment(builder, name.environment), issuer)


def hub_certificate(
    issuer: Issuer,
    office: str,
    environment: Environment,
    public: ec.EllipticCurvePublicKey,
    now: dt.datetime,
) -> x509.Certificate:
    """The hub's client certificate for the broker and the device directory (CN `hub-<office>`)."""
    subject = _name(f"hub-{office}", office, "hub")
    builder = _leaf(subject, public, issuer, ExtendedKeyUsageOID.CLIENT_AUTH, now=now)
    return _signed(_in_environment(builder, environment), issuer)


def server_certificate(
    issuer: Issuer, hosts: Iterable[str], public: ec.EllipticCurvePublicKey, now: dt.datetime
) -> x509.Certificate:
    """A TLS server's certificate for all `hosts` (names or IP addresses), CN = the first."""
    names = [_general_name(host) for host in hosts]
    subject = _name(str(names[0].value))
    builder = _leaf(subject, public, issuer, ExtendedKeyUsageOID.SERVER_AUTH, now=now)
    return _signed(
        builder.add_extension(x509.SubjectAlternativeName(names), critical=False), issuer
    )


def revocation_list(
    issuer: Issuer,
    number: int,
    revoked: Iterable[tuple[int, dt.datetime, x509.ReasonFlags]],
    now: dt.datetime,
) -> x509.CertificateRevocationList:
    """The signed list of `revoked` (serial, since, reason), valid from `now` for seven days."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - BACKDATE)
        .next_update(now + LIST_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_issuer_key_id(issuer), critical=False)
    )
    for serial, since, reason in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
        entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256())


def _short_id(key: ec.EllipticCurvePrivateKey) -> str:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest.hex()[:8]


def _name(common: str, office: str | None = None, unit: str | None = None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if office is not None:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, office))
    if unit is not None:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    return x509.Name(parts)


def _general_name(host: str) -> x509.DNSName | x509.IPAddress:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _authority(
    subject: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer_name: x509.Name,
    *,
    path_length: int,
    now: dt.datetime,
    life: dt.timedelta,
) -> x509.CertificateBuilder:
    return (
        _certificate(subject, public, issuer_name, now, life)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
    )


def _leaf(
    subject: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer: Issuer,
    purpose: x509.ObjectIdentifier,
    *,
    now: dt.datetime,
    agreement: bool = False,
) -> x509.CertificateBuilder:
    usage = "key_agreement" if agreement else "digital_signature"
    return (
        _certificate(subject, public, issuer.certificate.subject, now, LEAF_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    )


def _certificate(
    subject: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer_name: x509.Name,
    now: dt.datetime,
    life: dt.timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATE)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _in_environment(
    builder: x509.CertificateBuilder, environment: Environment
) -> x509.CertificateBuilder:
    return builder.add_extension(extension(environment), critical=False)


def _signed(builder: x509.CertificateBuilder, issuer: Issuer) -> x509.Certificate:
    return builder.add_extension(_issuer_key_id(issuer), critical=False).sign(
        issuer.key, hashes.SHA256()
    )


def _issuer_key_id(issuer: Issuer) -> x509.AuthorityKeyIdentifier:
    identifier = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value)


def _key_usage(*granted: str) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in granted for name in names})
