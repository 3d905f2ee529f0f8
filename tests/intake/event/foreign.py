"""The foreign judge: the `cwt` package reads, verifies and opens what this project seals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cwt import COSE, COSEKey

if TYPE_CHECKING:
    from intake.event.keys import PublicKey, ReaderKey


def verify(signed: bytes, public: PublicKey) -> bytes:
    """The payload of a COSE_Sign1; any exception of cwt when it does not verify."""
    key = COSEKey.from_pem(public.to_pem().decode(), kid=public.kid, alg="ES256")
    return COSE.new().decode(signed, keys=[key])


def decrypt(sealed: bytes, reader: ReaderKey) -> bytes:
    """The plaintext of a COSE_Encrypt."""
    key = COSEKey.from_pem(reader.to_pem().decode(), kid=reader.kid, alg="ECDH-ES+A256KW")
    return COSE.new().decode(sealed, keys=[key], context={"alg": "A256KW"})
