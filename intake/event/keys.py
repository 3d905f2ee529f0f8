"""P-256 keys of units, hub and readers, and the one name (kid) that each has everywhere."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from intake.errors import DecodeError, SignatureError

KID_SIZE: Final = 16
SIGNATURE_SIZE: Final = 64
PUBLIC_SIZE: Final = 91
_HALF: Final = SIGNATURE_SIZE // 2


@dataclass(frozen=True)
class PublicKey:
    """A P-256 public key as DER SubjectPublicKeyInfo with an uncompressed point (91 bytes)."""

    der: bytes

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """The key in `der`; DecodeError unless it is P-256 in the one canonical DER form."""
        try:
            key = serialization.load_der_public_key(der)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise DecodeError("this is no public key") from error
        found = cls.from_key(key)
        if found.der != der:
            raise DecodeError("a public key is not in its canonical DER form")
        return found

    @classmethod
    def from_key(cls, key: object) -> Self:
        """The key behind a `cryptography` public key object; DecodeError unless P-256."""
        if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
            raise DecodeError("a key is not on the curve P-256")
        return cls(
            key.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )

    @classmethod
    def from_certificate(cls, certificate: x509.Certificate) -> Self:
        """The subject's key of `certificate`; DecodeError unless P-256."""
        try:
            key = certificate.public_key()
        except (ValueError, UnsupportedAlgorithm) as error:
            raise DecodeError("the certificate's key cannot be read") from error
        return cls.from_key(key)

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """The key in a PEM `PUBLIC KEY` block; DecodeError otherwise."""
        try:
            key = serialization.load_pem_public_key(pem)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise DecodeError("this is no PEM public key") from error
        return cls.from_key(key)

    def to_pem(self) -> bytes:
        """The PEM `PUBLIC KEY` block."""
        return self.key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @cached_property
    def kid(self) -> bytes:
        """The key's name: the first 16 bytes of the SHA-256 of its DER form."""
        return hashlib.sha256(self.der).digest()[:KID_SIZE]

    @cached_property
    def key(self) -> ec.EllipticCurvePublicKey:
        """The `cryptography` object."""
        key = serialization.load_der_public_key(self.der)
        assert isinstance(key, ec.EllipticCurvePublicKey)
        return key

    def verify(self, signature: bytes, data: bytes) -> None:
        """Check an ES256 signature (r||s, 64 bytes); SignatureError when it does not fit."""
        if len(signature) != SIGNATURE_SIZE:
            raise SignatureError("an ES256 signature has 64 bytes")
        r = int.from_bytes(signature[:_HALF], "big")
        s = int.from_bytes(signature[_HALF:], "big")
        try:
            self.key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise SignatureError("the signature does not fit") from None


class Signer(Protocol):
    """Whatever holds a P-256 signing key: a file, a TPM, a secure element."""

    @property
    def kid(self) -> bytes:
        """The name of the key (see PublicKey.kid)."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The ES256 signature of `data` as r||s, 64 bytes."""
        ...


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """A P-256 private key in memory; its representation shows the kid only."""

    key: ec.EllipticCurvePrivateKey

    @classmethod
    def generate(cls) -> Self:
        """A new random key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_scalar(cls, scalar: int) -> Self:
        """The key with this secret number (test vectors; generated ephemeral keys)."""
        return cls(ec.derive_private_key(scalar, ec.SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes, password: bytes | None = None) -> Self:
        """The key in a PEM block; DecodeError when it is not P-256 or the password is wrong."""
        try:
            key = serialization.load_pem_private_key(pem, password)
        except (ValueError, TypeError) as error:
            raise DecodeError("the private key cannot be read with this password") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise DecodeError("a private key is not on the curve P-256")
        return cls(key)

    def to_pem(self, password: bytes | None = None) -> bytes:
        """PKCS#8, encrypted when a password is given; the caller writes it with mode 0600."""
        protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
        if password is not None:
            protection = serialization.BestAvailableEncryption(password)
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection
        )

    @cached_property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey.from_key(self.key.public_key())

    @property
    def kid(self) -> bytes:
        """The name of the key."""
        return self.public.kid

    def __repr__(self) -> str:
        return f"{type(self).__name__}(kid={self.kid.hex()})"


class SigningKey(PrivateKey):
    """A private key that signs; it is a Signer."""

    def sign(self, data: bytes) -> bytes:
        """ES256 over `data`, r||s, deterministic (RFC 6979): no weak random number at boot."""
        algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        r, s = decode_dss_signature(self.key.sign(data, algorithm))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


class ReaderKey(PrivateKey):
    """A private key that opens what was encrypted to it; it never signs."""

    def agree(self, other: PublicKey) -> bytes:
        """The ECDH shared secret with `other`, 32 bytes."""
        return self.key.exchange(ec.ECDH(), other.key)


class FileSigner:
    """A Signer whose key came out of a PEM file; the caller reads the file."""

    def __init__(self, pem: bytes, password: bytes | None = None) -> None:
        self._key = SigningKey.from_pem(pem, password)

    @property
    def kid(self) -> bytes:
        """The name of the key."""
        return self._key.kid

    def sign(self, data: bytes) -> bytes:
        """ES256 over `data` as r||s."""
        return self._key.sign(data)
