"""RSA keys and signatures in the form the card's own records use (tags 90 and 91)."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from intake.certificates.errors import CardDataError
from intake.certificates.tlv import read_fields, write_tlv

_EXPONENT, _MODULUS = 0x90, 0x91
_MODULUS_BYTES = 256
SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


def read_card_key(data: bytes) -> RSAPublicKey:
    """The RSA-2048 key in `data`; raises CardDataError for any other shape."""
    parts: dict[int, bytes] = {}
    for field in read_fields(data):
        if field.tag in parts:
            raise CardDataError("a card key names one of its numbers twice")
        parts[field.tag] = field.value
    if set(parts) != {_EXPONENT, _MODULUS} or len(parts[_MODULUS]) != _MODULUS_BYTES:
        raise CardDataError("not an RSA-2048 card key")
    numbers = RSAPublicNumbers(
        int.from_bytes(parts[_EXPONENT], "big"), int.from_bytes(parts[_MODULUS], "big")
    )
    try:
        return numbers.public_key()
    except ValueError as error:
        raise CardDataError("the numbers of a card key make no RSA key") from error


def write_card_key(key: RSAPublicKey) -> bytes:
    """`key` as the card stores it."""
    numbers = key.public_numbers()
    exponent = numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")
    return write_tlv(_EXPONENT, exponent) + write_tlv(
        _MODULUS, numbers.n.to_bytes(_MODULUS_BYTES, "big")
    )


def signature_holds(key: RSAPublicKey, signature: bytes, signed: bytes) -> bool:
    """Whether `signature` is PKCS#1 v1.5 with SHA-256 by `key` over `signed`."""
    try:
        key.verify(signature, signed, PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def digest_info(message: bytes) -> bytes:
    """The SHA-256 DigestInfo of `message`, which the card pads and signs (51 bytes)."""
    return SHA256_DIGEST_INFO + hashlib.sha256(message).digest()
