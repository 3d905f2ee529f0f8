"""A fresh issuing authority for virtual cards, and its anchors in the form a trust folder has.

Keys are made at start and lie in the folder given by the caller, never in the repository. The CA
certificates state the demo environment, so that production refuses them whatever is configured.
"""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID

from drivers.card_reader.simulated_card.demo_lists import write_lists
from drivers.card_reader.simulated_card.signing import CardPrivateKey, plain
from intake.certificates.anchors import Hierarchy, Purpose
from intake.certificates.card_key import write_card_key
from intake.certificates.tlv import read_tlv, write_tlv
from intake.office.environment import Environment, extension

_KEY_BITS = 2048
_EXPONENT = 65537
_YEARS = 10
_ROOT_ID = {Hierarchy.PRODUCTION: b"5000033", Hierarchy.TEST: b"6000033"}
_UNIT = {Purpose.SIGN: "JPKI for digital signature", Purpose.AUTH: "JPKI for user authentication"}
_ORGANISATION = {Hierarchy.PRODUCTION: "JPKI", Hierarchy.TEST: "JPKI-TEST"}


def new_key() -> rsa.RSAPrivateKey:
    """An RSA-2048 key, as every key on the card of 2016 is."""
    return rsa.generate_private_key(public_exponent=_EXPONENT, key_size=_KEY_BITS)


def new_curve_key() -> ec.EllipticCurvePrivateKey:
    """A P-384 key, as the next card is expected to have."""
    return ec.generate_private_key(ec.SECP384R1())


def sign(key: CardPrivateKey, data: bytes) -> bytes:
    """PKCS#1 v1.5 with SHA-256; for P-384 ECDSA with SHA-384, r and s in plain."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return plain(key.sign(data, ec.ECDSA(hashes.SHA384())))
    return key.sign(data, PKCS1v15(), hashes.SHA256())


def certificate_digest(key: CardPrivateKey) -> hashes.SHA256 | hashes.SHA384:
    """The digest that an authority with this key signs certificates over."""
    return hashes.SHA384() if isinstance(key, ec.EllipticCurvePrivateKey) else hashes.SHA256()


@dataclass(frozen=True)
class Issuer:
    """A certification authority of the demo: its key and self-signed certificate."""

    key: CardPrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True)
class RecordIssuer:
    """A municipality's key for text records and the card-verifiable certificate over it."""

    key: CardPrivateKey
    certificate: bytes


@dataclass(frozen=True)
class DemoPki:
    """Issuers for both hierarchies. `records` certificates are signed by the cv roots."""

    issuers: dict[tuple[Purpose, Hierarchy], Issuer]
    roots: dict[Hierarchy, CardPrivateKey]
    records: dict[Hierarchy, RecordIssuer]

    def anchors(self) -> tuple[tuple[str, bytes], ...]:
        """(file name, DER) of every trust anchor: sign_*.der, auth_*.der, cv_*.der."""
        files = [
            (f"{purpose}_{hierarchy}_1.der", issuer.certificate.public_bytes(_DER))
            for (purpose, hierarchy), issuer in self.issuers.items()
        ]
        for hierarchy, root in self.roots.items():
            spki = root.public_key().public_bytes(_DER, _SPKI)
            files.append((f"{Purpose.CV}_{hierarchy}_1.der", spki))
        return tuple(sorted(files))


_DER = serialization.Encoding.DER
_PEM = serialization.Encoding.PEM
_SPKI = serialization.PublicFormat.SubjectPublicKeyInfo


def make_pki(
    now: dt.datetime,
    environment: Environment | None = Environment.DEMO,
    make_key: Callable[[], CardPrivateKey] = new_key,
) -> DemoPki:
    """New keys for everything. `environment` None leaves the CA certificates unmarked."""
    roots = {hierarchy: make_key() for hierarchy in Hierarchy}
    return DemoPki(
        issuers={
            (purpose, hierarchy): _issuer(make_key(), purpose, hierarchy, now, environment)
            for purpose in (Purpose.SIGN, Purpose.AUTH)
            for hierarchy in Hierarchy
        },
        roots=roots,
        records={
            hierarchy: _certified(root, make_key(), hierarchy) for hierarchy, root in roots.items()
        },
    )


def open_pki(folder: Path, now: dt.datetime) -> DemoPki:
    """The authority kept in `folder`; made there (keys 0600) when the folder has none.

    Its revocation lists are made afresh each time: a demo may stand still for months.
    """
    pki = _load(folder) if (folder / "complete").exists() else _make(folder, now)
    named = ((f"{p}_{h}_1", one.certificate, one.key) for (p, h), one in pki.issuers.items())
    write_lists(folder, named, now)
    return pki


def _make(folder: Path, now: dt.datetime) -> DemoPki:
    pki = make_pki(now)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for (purpose, hierarchy), issuer in pki.issuers.items():
        _write_key(folder / f"{purpose}_{hierarchy}.key", issuer.key)
    for hierarchy in Hierarchy:
        _write_key(folder / f"cv_{hierarchy}.key", pki.roots[hierarchy])
        _write_key(folder / f"record_{hierarchy}.key", pki.records[hierarchy].key)
    for name, der in pki.anchors():
        (folder / name).write_bytes(der)
    (folder / "complete").touch()
    return pki


def _load(folder: Path) -> DemoPki:
    def issuer(purpose: Purpose, hierarchy: Hierarchy) -> Issuer:
        der = (folder / f"{purpose}_{hierarchy}_1.der").read_bytes()
        key = _read_key(folder / f"{purpose}_{hierarchy}.key")
        return Issuer(key, x509.load_der_x509_certificate(der))

    roots: dict[Hierarchy, CardPrivateKey] = {
        hierarchy: _read_key(folder / f"cv_{hierarchy}.key") for hierarchy in Hierarchy
    }
    return DemoPki(
        issuers={
            (purpose, hierarchy): issuer(purpose, hierarchy)
            for purpose in (Purpose.SIGN, Purpose.AUTH)
            for hierarchy in Hierarchy
        },
        roots=roots,
        records={
            hierarchy: _certified(root, _read_key(folder / f"record_{hierarchy}.key"), hierarchy)
            for hierarchy, root in roots.items()
        },
    )


def _issuer(
    key: CardPrivateKey,
    purpose: Purpose,
    hierarchy: Hierarchy,
    now: dt.datetime,
    environment: Environment | None,
) -> Issuer:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION[hierarchy]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _UNIT[purpose]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Madoguchi demo"),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_ca_usage(), critical=True)
    )
    if environment is not None:
        builder = builder.add_extension(extension(environment), critical=False)
    return Issuer(key, builder.sign(key, certificate_digest(key)))


def _ca_usage() -> x509.KeyUsage:
    return key_usage(key_cert_sign=True, crl_sign=True)


def key_usage(**given: bool) -> x509.KeyUsage:
    """A KeyUsage with the named bits set and all others clear."""
    bits = (
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
    return x509.KeyUsage(**{bit: given.get(bit, False) for bit in bits})


def _certified(root: CardPrivateKey, key: CardPrivateKey, hierarchy: Hierarchy) -> RecordIssuer:
    """The card-verifiable certificate: issuer id, subject id, key; signed by the root."""
    tail = b"\x08\x05001\x00\x00\x00\x00"
    body = _ROOT_ID[hierarchy] + tail + b"1399991" + tail + write_card_key(key.public_key())
    signed = write_tlv(0x5F4E, body) + write_tlv(0x5F37, sign(root, body))
    return RecordIssuer(key, write_tlv(0x7F21, signed))


def forged(certificate: bytes) -> bytes:
    """The same certificate as an unknown root would have signed it."""
    body = read_tlv(read_tlv(certificate).value).value
    return write_tlv(0x7F21, write_tlv(0x5F4E, body) + write_tlv(0x5F37, sign(new_key(), body)))


def _write_key(path: Path, key: CardPrivateKey) -> None:
    pem = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)


def _read_key(path: Path) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path.name} is not an RSA key; delete the folder and start again")
    return key
