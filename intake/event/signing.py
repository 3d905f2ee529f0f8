"""COSE_Sign1 with ES256 (RFC 9052, 9053): the one signed form between unit and hub.

The content type in the protected header separates the kinds of message, so that a signature on
one can never be shown as a signature on another.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from intake import canonical
from intake.canonical import Tagged
from intake.errors import DecodeError, SignatureError
from intake.event.keys import KID_SIZE, SIGNATURE_SIZE, PublicKey, Signer

TAG: Final = 18
_ALG, _CONTENT_TYPE, _KID = 1, 3, 4
_ES256: Final = -7


class ContentType(StrEnum):
    """What a signature or an encryption is about."""

    EVENT = "application/madoguchi-event+cbor"
    KEY_SET = "application/madoguchi-keyset+cbor"
    CHECKPOINT = "application/madoguchi-checkpoint+cbor"
    RECEIPT = "application/madoguchi-receipt+cbor"
    DOWNWARD = "application/madoguchi-downward+cbor"
    ASK = "application/madoguchi-ask+cbor"
    NOTIFICATION = "application/madoguchi-notification"
    NAME_INK = "application/madoguchi-name-ink"
    SIGNATURE_INK = "application/madoguchi-signature-ink"
    INDIVIDUAL_NUMBER = "application/madoguchi-individual-number"
    CARD_EVIDENCE = "application/madoguchi-card-evidence"
    BODY = "application/madoguchi-body"


@dataclass(frozen=True)
class Signed:
    """A COSE_Sign1 that is well formed but not yet believed."""

    kid: bytes
    payload: bytes
    signature: bytes
    signed_bytes: bytes
    """The Sig_structure: what the signature covers."""

    @property
    def identity(self) -> bytes:
        """SHA-256 of the signed bytes; another signature over them gives the same identity."""
        return hashlib.sha256(self.signed_bytes).digest()

    def verify(self, public: PublicKey) -> None:
        """SignatureError unless `public` is the named key and its signature fits."""
        if public.kid != self.kid:
            raise SignatureError("this is not the key that the message names")
        public.verify(self.signature, self.signed_bytes)


def sign(payload: bytes, content_type: ContentType, signer: Signer) -> bytes:
    """`payload` as tagged COSE_Sign1 in deterministic CBOR."""
    protected = _protected(content_type, signer.kid)
    signature = signer.sign(_signed_bytes(protected, payload))
    return canonical.encode(Tagged(TAG, [protected, {}, payload, signature]))


def read(data: bytes, content_type: ContentType, *, limit: int) -> Signed:
    """The parts of a COSE_Sign1 that says it is a `content_type`; DecodeError otherwise.

    Nothing is verified here. Only the exact form that `sign` writes is accepted: no other
    algorithm, no unprotected header, no detached payload.
    """
    match canonical.decode(data, limit=limit, tags=frozenset({TAG}), depth=4):
        case Tagged(_, [bytes(protected), unprotected, bytes(payload), bytes(signature)]):
            pass
        case _:
            raise DecodeError("this is no COSE_Sign1")
    if unprotected != {} or len(signature) != SIGNATURE_SIZE:
        raise DecodeError("the signed message has a foreign header or signature form")
    kid = _kid(protected, content_type)
    return Signed(kid, payload, signature, _signed_bytes(protected, payload))


def _protected(content_type: ContentType, kid: bytes) -> bytes:
    return canonical.encode({_ALG: _ES256, _CONTENT_TYPE: content_type, _KID: kid})


def _kid(protected: bytes, content_type: ContentType) -> bytes:
    header = canonical.decode(protected, limit=256, depth=2)
    if not isinstance(header, dict):
        raise DecodeError("the protected header is not a map")
    fields = cast("dict[object, object]", header)
    kid = fields.get(_KID)
    if not isinstance(kid, bytes) or len(kid) != KID_SIZE:
        raise DecodeError("the protected header names no key")
    if protected != _protected(content_type, kid):
        raise DecodeError(f"the protected header is not that of {content_type.value}")
    return kid


def _signed_bytes(protected: bytes, payload: bytes) -> bytes:
    return canonical.encode(["Signature1", protected, b"", payload])
