"""The wire form of an event: sealed manifest and encrypted parts, never re-written."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from intake import canonical
from intake.errors import DecodeError, PartMismatchError, PartMissingError
from intake.event import signing
from intake.event.manifest import Manifest, PartName

VERSION: Final = 1
LIMIT: Final = 512 * 1024
_TAGS: Final = frozenset({signing.TAG})


@dataclass(frozen=True)
class Envelope:
    """An event on the wire, unverified; `parts` maps each name to its encrypted bytes."""

    sealed: bytes
    parts: Mapping[PartName, bytes]
    version: int = VERSION


@dataclass(frozen=True)
class UnknownVersion:
    """An envelope of a newer form: its bytes, kept as they are."""

    version: int
    data: bytes


def encode(envelope: Envelope) -> bytes:
    """The canonical bytes; OversizeError above LIMIT."""
    parts = {name.value: data for name, data in envelope.parts.items()}
    encoded = canonical.encode([envelope.version, envelope.sealed, parts])
    decode(encoded)
    return encoded


def decode(data: bytes, *, limit: int = LIMIT) -> Envelope | UnknownVersion:
    """The envelope in `data`, or its bytes untouched when it is newer than this software.

    Raises OversizeError above `limit` and DecodeError for any other form. What stands inside
    `sealed` is not looked at.
    """
    value = canonical.decode(data, limit=limit)
    if not isinstance(value, list):
        raise DecodeError("this is no envelope")
    match cast("list[object]", value):
        case [int(version), *_] if version > VERSION:
            return UnknownVersion(version, data)
        case [version, bytes(sealed), dict(parts)] if type(version) is int and version == VERSION:
            return Envelope(sealed, _parts(cast("dict[object, object]", parts)))
        case _:
            raise DecodeError("this is no envelope")


def identity_of(data: bytes) -> bytes:
    """What the receipt for bytes that were not admitted is bound to: their own SHA-256.

    Not the identity that they claim: bytes changed on the way would then end the resending of
    the event that they were made from.
    """
    return hashlib.sha256(data).digest()


def check_parts(manifest: Manifest, parts: Mapping[PartName, bytes]) -> None:
    """The encrypted parts are exactly those of the manifest; no key is needed.

    Raises PartMissingError or PartMismatchError.
    """
    for entry in manifest.parts:
        data = parts.get(entry.name)
        if data is None:
            raise PartMissingError(f"the part {entry.name.value} is missing")
        if len(data) != entry.size or hashlib.sha256(data).digest() != entry.sealed_sha256:
            raise PartMismatchError(f"the part {entry.name.value} is not the one that was sealed")
    if len(parts) != len(manifest.parts):
        raise PartMismatchError("a part came that the manifest does not name")


def _parts(found: dict[object, object]) -> dict[PartName, bytes]:
    names = {name.value: name for name in PartName}
    parts: dict[PartName, bytes] = {}
    for key, data in found.items():
        if key not in names or not isinstance(data, bytes):
            raise DecodeError("an envelope holds something that is no part")
        parts[names[cast("str", key)]] = data
    return parts
