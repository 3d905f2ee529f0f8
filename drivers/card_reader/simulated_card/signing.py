"""The card's signature command: for RSA six ways to pad, chosen by P1; for P-384 the digest."""

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature

from intake.certificates.card_key import SHA256_DIGEST_INFO

_WRONG_DATA, _WRONG_P1 = 0x6985, 0x6A86
_MAX_RAW = 245
_DIGEST = 32
_MAX_HASHED = 255
_BLOCK = 256
CardPrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_CURVE_DIGEST, _HALF = 48, 48
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=_DIGEST)


def compute_signature(key: CardPrivateKey, p1: int, data: bytes) -> bytes | int:
    """The signature, or the status word that refuses.

    00 pads what is sent (DigestInfo, 1-245 bytes); 01 hashes and pads the bare digest; 02 takes
    a digest; 03 hashes; 04 and 05 are PSS with a digest and with a message. A P-384 key knows 00
    with a SHA-384 digest only and answers r and s of 48 bytes each.
    """
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _ecdsa(key, p1, data)
    return _rsa(key, p1, data)


def _rsa(key: rsa.RSAPrivateKey, p1: int, data: bytes) -> bytes | int:
    if p1 > 0x05:
        return _WRONG_P1
    if p1 == 0x00:
        return _raw(key, data) if 1 <= len(data) <= _MAX_RAW else _WRONG_DATA
    takes_digest = p1 in (0x02, 0x04)
    if takes_digest and len(data) != _DIGEST:
        return _WRONG_DATA
    if not takes_digest and not 1 <= len(data) <= _MAX_HASHED:
        return _WRONG_DATA
    digest = data if takes_digest else hashlib.sha256(data).digest()
    if p1 == 0x01:
        return _raw(key, digest)
    scheme = _PSS if p1 in (0x04, 0x05) else padding.PKCS1v15()
    return key.sign(digest, scheme, Prehashed(hashes.SHA256()))


def _ecdsa(key: ec.EllipticCurvePrivateKey, p1: int, data: bytes) -> bytes | int:
    if p1:
        return _WRONG_P1
    if len(data) != _CURVE_DIGEST:
        return _WRONG_DATA
    return plain(key.sign(data, ec.ECDSA(Prehashed(hashes.SHA384()))))


def plain(signature: bytes) -> bytes:
    """A DER signature as cards give it: r and s of 48 bytes each."""
    return b"".join(number.to_bytes(_HALF, "big") for number in decode_dss_signature(signature))


def _raw(key: rsa.RSAPrivateKey, payload: bytes) -> bytes:
    """PKCS#1 v1.5 type 1 padding over `payload` as it is, by the Chinese remainder theorem."""
    if payload.startswith(SHA256_DIGEST_INFO) and len(payload) == len(SHA256_DIGEST_INFO) + _DIGEST:
        return key.sign(payload[-_DIGEST:], padding.PKCS1v15(), Prehashed(hashes.SHA256()))
    block = b"\x00\x01" + b"\xff" * (_BLOCK - 3 - len(payload)) + b"\x00" + payload
    message, numbers = int.from_bytes(block, "big"), key.private_numbers()
    first = pow(message, numbers.dmp1, numbers.p)
    second = pow(message, numbers.dmq1, numbers.q)
    lift = (numbers.iqmp * (first - second)) % numbers.p
    return (second + lift * numbers.q).to_bytes(_BLOCK, "big")
