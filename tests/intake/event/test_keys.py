from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from intake.errors import DecodeError, SignatureError
from intake.event.keys import FileSigner, PublicKey, ReaderKey, Signer, SigningKey
from tests.intake.event.samples import UNIT, UNIT_READER

DER = serialization.Encoding.DER
PEM = serialization.Encoding.PEM
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo
ED25519 = ed25519.Ed25519PrivateKey.generate()
P384 = ec.generate_private_key(ec.SECP384R1())


def test_the_name_of_a_key_is_the_start_of_the_hash_of_its_der_form() -> None:
    assert UNIT.kid == hashlib.sha256(UNIT.public.der).digest()[:16] == UNIT.public.kid
    assert len(UNIT.public.der) == 91


def test_a_signature_fits_its_key_and_bytes_only() -> None:
    signature = UNIT.sign(b"bytes")
    assert len(signature) == 64
    UNIT.public.verify(signature, b"bytes")
    for public, data, wrong in (
        (UNIT.public, b"other", signature),
        (UNIT_READER.public, b"bytes", signature),
        (UNIT.public, b"bytes", signature[:-1]),
        (UNIT.public, b"bytes", signature + b"\0"),
        (UNIT.public, b"bytes", bytes(64)),
        (UNIT.public, b"bytes", b"\xff" * 64),
    ):
        with pytest.raises(SignatureError):
            public.verify(wrong, data)


def test_signing_needs_no_random_number() -> None:
    assert UNIT.sign(b"bytes") == UNIT.sign(b"bytes")


def test_two_readers_agree_on_one_secret() -> None:
    other = ReaderKey.generate()
    assert other.agree(UNIT_READER.public) == UNIT_READER.agree(other.public)


def test_a_key_comes_back_from_its_pem() -> None:
    assert SigningKey.from_pem(UNIT.to_pem()).kid == UNIT.kid
    assert SigningKey.from_pem(UNIT.to_pem(b"secret"), b"secret").kid == UNIT.kid
    assert PublicKey.from_pem(UNIT.public.to_pem()) == UNIT.public
    assert PublicKey.from_der(UNIT.public.der) == UNIT.public
    signer: Signer = FileSigner(UNIT.to_pem(b"secret"), b"secret")
    assert signer.kid == UNIT.kid
    assert signer.sign(b"x") == UNIT.sign(b"x")


@pytest.mark.parametrize("password", [None, b"wrong"])
def test_a_protected_key_needs_its_password(password: bytes | None) -> None:
    with pytest.raises(DecodeError):
        SigningKey.from_pem(UNIT.to_pem(b"secret"), password)


def test_a_private_key_shows_only_its_name() -> None:
    assert repr(UNIT) == f"SigningKey(kid={UNIT.kid.hex()})"


def compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    """The same key with a compressed point: it would have a second name."""
    point = key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
    )
    head = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    return head + point


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"nonsense",
        UNIT.public.der + b"\0",
        UNIT.public.der[:-1],
        UNIT.public.der[:-1] + bytes([UNIT.public.der[-1] ^ 1]),
        compressed(UNIT.public.key),
        ED25519.public_key().public_bytes(DER, SPKI),
        P384.public_key().public_bytes(DER, SPKI),
    ],
    ids=["empty", "nonsense", "longer", "shorter", "off curve", "compressed", "ed25519", "p384"],
)
def test_other_public_keys_are_refused(der: bytes) -> None:
    with pytest.raises(DecodeError):
        PublicKey.from_der(der)


def test_the_compressed_form_is_a_real_key_that_openssl_reads() -> None:
    found = serialization.load_der_public_key(compressed(UNIT.public.key))
    assert PublicKey.from_key(found) == UNIT.public


@pytest.mark.parametrize(
    "pem",
    [b"", b"nonsense", ED25519.public_key().public_bytes(PEM, SPKI), UNIT.to_pem()],
    ids=["empty", "nonsense", "ed25519", "private"],
)
def test_other_public_pem_is_refused(pem: bytes) -> None:
    with pytest.raises(DecodeError):
        PublicKey.from_pem(pem)


def private_pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@pytest.mark.parametrize(
    "pem", [b"", UNIT.public.to_pem(), private_pem(ED25519), private_pem(P384)]
)
def test_other_private_pem_is_refused(pem: bytes) -> None:
    with pytest.raises(DecodeError):
        SigningKey.from_pem(pem)


def test_a_certificate_gives_its_key() -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "counter-01")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
    )
    certificate = builder.public_key(UNIT.public.key).sign(UNIT.key, hashes.SHA256())
    assert PublicKey.from_certificate(certificate) == UNIT.public
    other = builder.public_key(P384.public_key()).sign(UNIT.key, hashes.SHA256())
    with pytest.raises(DecodeError):
        PublicKey.from_certificate(other)
    broken = bytearray(certificate.public_bytes(DER))
    broken[broken.find(UNIT.public.der) + 90] ^= 1
    with pytest.raises(DecodeError):
        PublicKey.from_certificate(x509.load_der_x509_certificate(bytes(broken)))
