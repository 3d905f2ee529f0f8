"""The key that signs messages to residents, and its certificate: what others pin.

The certificate is self-signed, since nobody above the office vouches for it: whoever checks a
message holds the office's certificates and compares them byte by byte.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from hub.clock import instant
from intake.event.keys import SigningKey

LIFE: Final = dt.timedelta(days=20 * 365)
"""Longer than a message is kept; the ring, not the certificate, says when a key was in use."""
SERIAL_BITS: Final = 127


@dataclass(frozen=True, repr=False)
class MessageKey:
    """The active key with its certificate."""

    key: SigningKey
    certificate: x509.Certificate


@dataclass(frozen=True)
class TrustedCertificate:
    """A certificate of the office and when its key was in use; microseconds, None: it still is."""

    certificate: x509.Certificate
    not_before_us: int
    not_after_us: int | None = None

    @property
    def der(self) -> bytes:
        """The certificate's bytes, by which it is compared."""
        return self.certificate.public_bytes(serialization.Encoding.DER)


def certify(key: SigningKey, now_us: int) -> x509.Certificate:
    """A certificate for `key`, named by its kid; the serial number is of the kid as well."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"message key {key.kid.hex()}")])
    begin = instant(now_us).replace(microsecond=0)
    serial = int.from_bytes(key.kid, "big") >> (len(key.kid) * 8 - SERIAL_BITS)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.key.public_key())
        .serial_number(serial or 1)
        .not_valid_before(begin)
        .not_valid_after(begin + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_only(), critical=True)
        .sign(key.key, hashes.SHA256())
    )


def to_pem(certificate: x509.Certificate) -> bytes:
    """The certificate as a PEM block."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def _signs_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
