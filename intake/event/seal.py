"""Seals a manifest with the unit's signing key, and reads what another unit sealed."""

from dataclasses import dataclass
from typing import Final

from intake.errors import DecodeError
from intake.event import manifest as manifests
from intake.event import signing
from intake.event.keys import PublicKey, Signer
from intake.event.manifest import Manifest
from intake.event.signing import ContentType, Signed

LIMIT: Final = manifests.LIMIT + 512


@dataclass(frozen=True)
class Sealed:
    """A sealed manifest that is well formed but not yet believed."""

    kid: bytes
    manifest: Manifest
    identity: bytes
    """SHA-256 of the signed bytes: dedupe, chain, receipt and log leaf use it."""
    signed: Signed


def seal(manifest: Manifest, signer: Signer) -> bytes:
    """The tagged COSE_Sign1 (ES256) of `manifest`.

    Raises DecodeError when the manifest breaks its own rules or names another key.
    """
    if manifest.kid != signer.kid:
        raise DecodeError("the manifest names another signing key")
    return signing.sign(manifests.encode(manifest), ContentType.EVENT, signer)


def read_sealed(data: bytes) -> Sealed:
    """What stands in a sealed manifest, unverified; DecodeError when it is not in the known form.

    UnknownVersionError when the manifest is newer than this software.
    """
    signed = signing.read(data, ContentType.EVENT, limit=LIMIT)
    manifest = manifests.decode(signed.payload)
    if manifest.kid != signed.kid:
        raise DecodeError("manifest and header name different keys")
    return Sealed(signed.kid, manifest, signed.identity, signed)


def verify(sealed: Sealed, public_key: PublicKey) -> Manifest:
    """The manifest, now believed; SignatureError unless `public_key` signed it."""
    sealed.signed.verify(public_key)
    return sealed.manifest
