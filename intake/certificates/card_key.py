"""Keys and signatures in the form the card's own records use: RSA (tags 90, 91), or P-384 (86).

The card of 2016 has RSA-2048 with SHA-256. A point of P-384 with ECDSA over SHA-384, the signature
as r and s of 48 bytes each, is the form that the announced next card is expected to have.
"""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP384R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from intake.certificates.errors import CardDataError
from intake.certificates.tlv import read_fields, write_tlv

CardKey = RSAPublicKey | EllipticCurvePublicKey
_POINT, _EXPONENT, _MODULUS = 0x86, 0x90, 0x91
_MODULUS_BYTES = 256
_HALF_BYTES = 48
SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


def read_card_key(data: bytes) -> CardKey:
    """The RSA-2048 or P-384 key in `data`; raises CardDataError for any other shape."""
    parts: dict[int, bytes] = {}
    for field in read_fields(data):
        if field.tag in parts:
            raise CardDataError("a card key names one of its numbers twice")
        parts[field.tag] = field.value
    if set(parts) == {_POINT}:
        return _read_point(parts[_POINT])
    if set(parts) != {_EXPONENT, _MODULUS} or len(parts[_MODULUS]) != _MODULUS_BYTES:
        raise CardDataError("not an RSA-2048 card key")
    numbers = RSAPublicNumbers(
        int.from_bytes(parts[_EXPONENT], "big"), int.from_bytes(parts[_MODULUS], "big")
    )
    try:
        return numbers.public_key()
    except ValueError as error:
        raise CardDataError("the numbers of a card key make no RSA key") from error


def _read_point(point: bytes) -> EllipticCurvePublicKey:
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP384R1(), point)
    except ValueError as error:
        raise CardDataError("the point of a card key lies on no P-384 curve") from error


def write_card_key(key: CardKey) -> bytes:
    """`key` as the card stores it."""
    if isinstance(key, EllipticCurvePublicKey):
        point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return write_tlv(_POINT, point)
    numbers = key.public_numbers()
    exponent = numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")
    return write_tlv(_EXPONENT, exponent) + write_tlv(
        _MODULUS, numbers.n.to_bytes(_MODULUS_BYTES, "big")
    )


def signature_holds(key: CardKey, signature: bytes, signed: bytes) -> bool:
    """Whether `signature` is by `key` over `signed`, in the one way its algorithm signs here."""
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, signed, PKCS1v15(), hashes.SHA256())
        else:
            key.verify(_as_der(signature), signed, ECDSA(hashes.SHA384()))
    except InvalidSignature:
        return False
    return True


def _as_der(signature: bytes) -> bytes:
    if len(signature) != 2 * _HALF_BYTES:
        raise InvalidSignature
    halves = signature[:_HALF_BYTES], signature[_HALF_BYTES:]
    return encode_dss_signature(*(int.from_bytes(half, "big") for half in halves))


def digest_info(message: bytes) -> bytes:
    """The SHA-256 DigestInfo of `message`, which the card pads and signs (51 bytes)."""
    return SHA256_DIGEST_INFO + hashlib.sha256(message).digest()
