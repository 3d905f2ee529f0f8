"""COSE_Encrypt with ECDH-ES + A256KW and AES-256-GCM (RFC 9052, 9053), to P-256 reader keys."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from intake import canonical
from intake.canonical import Tagged
from intake.errors import DecodeError, EncodeError, UndecryptableError
from intake.event.keys import KID_SIZE, PublicKey, ReaderKey
from intake.event.signing import ContentType

TAG: Final = 96
MAX_RECIPIENTS: Final = 4
Random = Callable[[int], bytes]
_ALG, _CONTENT_TYPE, _KID, _IV, _EPHEMERAL = 1, 3, 4, 5, -1
_A256GCM, _A256KW, _ECDH_ES_A256KW = 3, -5, -31
_KTY, _CRV, _X, _Y = 1, -1, -2, -3
_EC2, _P256 = 2, 1
_KEY_SIZE, _IV_SIZE, _WRAPPED_SIZE = 32, 12, 40
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECIPIENT_HEADER: Final = canonical.encode({_ALG: _ECDH_ES_A256KW})


@dataclass(frozen=True)
class _Recipient:
    kid: bytes
    ephemeral: PublicKey
    wrapped: bytes


def encrypt(
    plaintext: bytes,
    content_type: ContentType,
    recipients: Sequence[PublicKey],
    *,
    random: Random = os.urandom,
) -> bytes:
    """`plaintext` as tagged COSE_Encrypt that each of `recipients` can open alone.

    `random` gives so many random bytes; only test vectors pass another one.
    """
    if not 1 <= len(recipients) <= MAX_RECIPIENTS:
        raise EncodeError(f"an encrypted message has 1 to {MAX_RECIPIENTS} recipients")
    content_key, iv = random(_KEY_SIZE), random(_IV_SIZE)
    header = canonical.encode({_ALG: _A256GCM, _CONTENT_TYPE: content_type})
    ciphertext = AESGCM(content_key).encrypt(iv, plaintext, _authenticated(header))
    wrapped = [_recipient(public, content_key, random) for public in recipients]
    return canonical.encode(Tagged(TAG, [header, {_IV: iv}, ciphertext, wrapped]))


def decrypt(data: bytes, content_type: ContentType, reader: ReaderKey, *, limit: int) -> bytes:
    """The plaintext for the holder of `reader`.

    Raises DecodeError when `data` is not in exactly the form that `encrypt` writes for
    `content_type`, and UndecryptableError when `reader` is no recipient or the bytes were changed.
    """
    match canonical.decode(data, limit=limit, tags=frozenset({TAG}), depth=7):
        case Tagged(_, [bytes(header), dict(outer), bytes(ciphertext), list(wrapped)]):
            pass
        case _:
            raise DecodeError("this is no COSE_Encrypt")
    if header != canonical.encode({_ALG: _A256GCM, _CONTENT_TYPE: content_type}):
        raise DecodeError(f"the protected header is not that of {content_type.value}")
    match cast("dict[object, object]", outer):
        case {5: bytes(iv)} if len(outer) == 1 and len(iv) == _IV_SIZE:
            pass
        case _:
            raise DecodeError("the encrypted message has a foreign header")
    recipients = _recipients(cast("list[object]", wrapped))
    content_key = _unwrap(recipients, reader)
    try:
        return AESGCM(content_key).decrypt(iv, ciphertext, _authenticated(header))
    except InvalidTag:
        raise UndecryptableError("the encrypted bytes were changed") from None


def _authenticated(header: bytes) -> bytes:
    return canonical.encode(["Encrypt", header, b""])


def _key_encryption_key(secret: bytes) -> bytes:
    nobody = [None, None, None]
    context = [_A256KW, nobody, nobody, [8 * _KEY_SIZE, _RECIPIENT_HEADER]]
    info = canonical.encode(context)
    return HKDF(hashes.SHA256(), length=_KEY_SIZE, salt=None, info=info).derive(secret)


def _recipient(public: PublicKey, content_key: bytes, random: Random) -> list[object]:
    scalar = int.from_bytes(random(_WRAPPED_SIZE), "big") % (_ORDER - 1) + 1
    ephemeral = ReaderKey.from_scalar(scalar)
    point = ephemeral.public.key.public_numbers()
    cose_key = _cose_key(
        point.x.to_bytes(_KEY_SIZE, "big"),
        point.y.to_bytes(_KEY_SIZE, "big"),
    )
    wrapped = aes_key_wrap(_key_encryption_key(ephemeral.agree(public)), content_key)
    return [_RECIPIENT_HEADER, {_EPHEMERAL: cose_key, _KID: public.kid}, wrapped]


def _cose_key(x: bytes, y: bytes) -> dict[int, object]:
    return {_KTY: _EC2, _CRV: _P256, _X: x, _Y: y}


def _recipients(wrapped: list[object]) -> list[_Recipient]:
    if not 1 <= len(wrapped) <= MAX_RECIPIENTS:
        raise DecodeError("the encrypted message has no or too many recipients")
    return [_read_recipient(item) for item in wrapped]


def _read_recipient(item: object) -> _Recipient:
    match item:
        case [bytes(header), {4: bytes(kid), -1: dict(point)} as fields, bytes(wrapped)]:
            pass
        case _:
            raise DecodeError("a recipient is not in the known form")
    if header != _RECIPIENT_HEADER or len(cast("dict[object, object]", fields)) != 2:
        raise DecodeError("a recipient has a foreign header")
    if len(kid) != KID_SIZE or len(wrapped) != _WRAPPED_SIZE:
        raise DecodeError("a recipient's key name or wrapped key has a wrong length")
    return _Recipient(kid, _point(cast("dict[object, object]", point)), wrapped)


def _point(point: dict[object, object]) -> PublicKey:
    match point:
        case {-2: bytes(x), -3: bytes(y)}:
            pass
        case _:
            raise DecodeError("an ephemeral key is not in the known form")
    exact = canonical.encode(point) == canonical.encode(_cose_key(x, y))
    if not exact or (len(x), len(y)) != (_KEY_SIZE, _KEY_SIZE):
        raise DecodeError("an ephemeral key is not in the known form")
    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
    )
    try:
        return PublicKey.from_key(numbers.public_key())
    except ValueError:
        raise DecodeError("an ephemeral key is not on the curve") from None


def _unwrap(recipients: list[_Recipient], reader: ReaderKey) -> bytes:
    for recipient in recipients:
        if recipient.kid == reader.kid:
            secret = reader.agree(recipient.ephemeral)
            try:
                return aes_key_unwrap(_key_encryption_key(secret), recipient.wrapped)
            except InvalidUnwrap:
                raise UndecryptableError("the wrapped key was changed") from None
    raise UndecryptableError("this key is not among the recipients")
