"""A certification authority for tests: leaves, revocation lists and OCSP answers, bent at will."""

import datetime as dt
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
    ObjectIdentifier,
)

from drivers.card_reader.simulated_card.demo_pki import key_usage, new_key
from intake.certificates.anchors import Purpose
from intake.certificates.tlv import write_tlv

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(minutes=10)
"""A little ahead of the clock: the library stamps responses with the time they are made at."""
DAY = dt.timedelta(days=1)
SERIAL = 770_001
NONCE = bytes(range(16))
ARC = "1.2.392.200149.8.5.5"
SIGN, SIGN_PHONE, SIGN_TEST, AUTH, AUTH_TEST = (
    f"1.2.392.200149.8.5.1.{tail}" for tail in ("1.20", "1.40", "0.20", "3.30", "2.30")
)
UNITS = {Purpose.SIGN: "JPKI for digital signature", Purpose.AUTH: "JPKI for user authentication"}
UNKNOWN = x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.5"), b"\x05\x00")
ASK = x509.AuthorityInformationAccess(
    [
        x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp.test/")
        )
    ]
)
PERSON = {1: "山田　花子", 2: "00000", 3: "2", 4: "319791103", 5: "青海県白波市", 6: "000000"}
SIGN_USAGE = key_usage(digital_signature=True, content_commitment=True)
AUTH_USAGE = key_usage(digital_signature=True)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Extra = tuple[tuple[x509.ExtensionType, bool], ...]


def issuer_name(purpose: Purpose) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "JPKI"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, UNITS[purpose]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Test town"),
        ]
    )


def names(*attributes: tuple[int, str | bytes]) -> x509.SubjectAlternativeName:
    """otherNames of the JPKI arc; bytes stand for a value that is no UTF8String of ours."""
    return x509.SubjectAlternativeName(
        [
            x509.OtherName(
                ObjectIdentifier(f"{ARC}.{number}"),
                value if isinstance(value, bytes) else write_tlv(0x0C, value.encode()),
            )
            for number, value in attributes
        ]
    )


def person(**changed: str | bytes) -> x509.SubjectAlternativeName:
    """A holder's attributes, some of them changed (`a2="0"` for the second)."""
    values: dict[int, str | bytes] = {**PERSON}
    values |= {int(key[1:]): value for key, value in changed.items()}
    return names(*values.items())


@dataclass
class Authority:
    """One generation of one CA: its key and self-signed certificate."""

    purpose: Purpose
    begins: dt.datetime = NOW - 365 * DAY
    ends: dt.datetime = NOW + 3650 * DAY
    ca_usage: x509.KeyUsage | None = field(
        default_factory=lambda: key_usage(key_cert_sign=True, crl_sign=True)
    )
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    holder: rsa.RSAPrivateKey = field(default_factory=new_key)

    def __post_init__(self) -> None:
        name = issuer_name(self.purpose)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.begins)
            .not_valid_after(self.ends)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        )
        if self.ca_usage is not None:
            builder = builder.add_extension(self.ca_usage, critical=True)
        self.certificate = builder.sign(self.key, hashes.SHA256())
        self.der = self.certificate.public_bytes(Encoding.DER)

    def leaf(
        self,
        *,
        policies: tuple[str, ...] | None = None,
        usage: x509.KeyUsage | None = None,
        usage_critical: bool = True,
        san: x509.SubjectAlternativeName | None = None,
        subject: x509.Name | None = None,
        issuer: x509.Name | None = None,
        key: Key | None = None,
        signer: rsa.RSAPrivateKey | None = None,
        digest: hashes.SHA256 | hashes.SHA384 | None = None,
        begins: dt.datetime = NOW - 10 * DAY,
        ends: dt.datetime = NOW + 10 * DAY,
        without_usage: bool = False,
        extra: Extra = (),
    ) -> x509.Certificate:
        """A leaf of this CA that differs from a good one in what is named."""
        signing = self.purpose is Purpose.SIGN
        chosen = (SIGN,) if signing and policies is None else policies
        chosen = (AUTH,) if chosen is None else chosen
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject or x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "0001")]))
            .issuer_name(issuer or self.certificate.subject)
            .public_key((key or self.holder).public_key())
            .serial_number(SERIAL)
            .not_valid_before(begins)
            .not_valid_after(ends)
        )
        if chosen:
            infos = [x509.PolicyInformation(ObjectIdentifier(oid), None) for oid in chosen]
            builder = builder.add_extension(x509.CertificatePolicies(infos), critical=True)
        if not without_usage:
            stated = usage or (SIGN_USAGE if signing else AUTH_USAGE)
            builder = builder.add_extension(stated, critical=usage_critical)
        builder = builder.add_extension(ASK, critical=False)
        if signing or san:
            builder = builder.add_extension(san or person(), critical=False)
        for value, critical in extra:
            builder = builder.add_extension(value, critical=critical)
        return builder.sign(signer or self.key, digest or hashes.SHA256())

    def crl(
        self,
        *revoked: tuple[int, x509.ReasonFlags | None],
        begins: dt.datetime = NOW - DAY,
        ends: dt.datetime = NOW + DAY,
        signer: rsa.RSAPrivateKey | None = None,
        issuer: x509.Name | None = None,
        extra: Extra = (),
        in_entry: Extra = (),
    ) -> bytes:
        """A list of this CA."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer or self.certificate.subject)
            .last_update(begins)
            .next_update(ends)
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for serial, reason in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial)
            entry = entry.revocation_date(NOW - 2 * DAY)
            if reason is not None:
                entry = entry.add_extension(x509.CRLReason(reason), critical=False)
            for value, critical in in_entry:
                entry = entry.add_extension(value, critical=critical)
            builder = builder.add_revoked_certificate(entry.build())
        for value, critical in extra:
            builder = builder.add_extension(value, critical=critical)
        found = builder.sign(signer or self.key, hashes.SHA256())
        return found.public_bytes(Encoding.DER)

    def responder(
        self,
        *,
        purposes: tuple[ObjectIdentifier, ...] = (ExtendedKeyUsageOID.OCSP_SIGNING,),
        usage: x509.KeyUsage | None = None,
        begins: dt.datetime = NOW - DAY,
        ends: dt.datetime = NOW + DAY,
        signer: rsa.RSAPrivateKey | None = None,
        key: rsa.RSAPrivateKey | None = None,
        extra: Extra = (),
    ) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
        """A certificate for answering in this CA's name, and its key."""
        key = key or self.holder
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Responder")]))
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(9)
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(usage or AUTH_USAGE, critical=True)
            .add_extension(x509.OCSPNoCheck(), critical=False)
        )
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        for value, critical in extra:
            builder = builder.add_extension(value, critical=critical)
        return builder.sign(signer or self.key, hashes.SHA256()), key

    def ocsp(
        self,
        *,
        status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
        reason: x509.ReasonFlags | None = None,
        begins: dt.datetime = NOW - DAY / 24,
        ends: dt.datetime | None = NOW + DAY,
        nonce: bytes | None = None,
        about: x509.Certificate | None = None,
        issuer: x509.Certificate | None = None,
        by: tuple[x509.Certificate, rsa.RSAPrivateKey] | None = None,
        enclosed: x509.Certificate | None = None,
        alone: bool = False,
        by_hash: bool = False,
        extra: Extra = (),
    ) -> bytes:
        """An answer about `about` (a good leaf), by the CA itself or by a responder."""
        revoked = status is ocsp.OCSPCertStatus.REVOKED
        responder, signer = by or (self.certificate, self.key)
        naming = ocsp.OCSPResponderEncoding.HASH if by_hash else ocsp.OCSPResponderEncoding.NAME
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=about or self.leaf(),
            issuer=issuer or self.certificate,
            algorithm=hashes.SHA1(),  # noqa: S303 - what responders use to name certificates
            cert_status=status,
            this_update=begins,
            next_update=ends,
            revocation_time=NOW - 2 * DAY if revoked else None,
            revocation_reason=reason if revoked else None,
        )
        builder = builder.responder_id(naming, responder)
        if by is not None and not alone:
            builder = builder.certificates([enclosed or responder])
        if nonce is not None:
            builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
        for value, critical in extra:
            builder = builder.add_extension(value, critical=critical)
        return builder.sign(signer, hashes.SHA256()).public_bytes(Encoding.DER)
