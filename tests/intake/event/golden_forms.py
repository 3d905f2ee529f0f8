"""What golden vectors are made of: values as JSON, and signed messages taken apart."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Final, cast

from intake.event import signing
from intake.event.signing import ContentType

NOTE: Final = "TEST KEYS: computed from public names, never to be trusted anywhere"


def plain(value: object) -> object:
    """A value as JSON: bytes in hex, dataclasses as objects."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, dict):
        pairs = cast("dict[str, object]", value).items()
        return {str(key): plain(item) for key, item in pairs}
    if isinstance(value, list | tuple | frozenset):
        items = cast("list[object]", value)
        return sorted(map(str, items)) if isinstance(value, frozenset) else list(map(plain, items))
    return value


def signed_vector(data: bytes, content_type: ContentType) -> dict[str, object]:
    """A COSE_Sign1 taken apart."""
    read = signing.read(data, content_type, limit=1 << 20)
    return {
        "content_type": content_type.value,
        "kid": read.kid,
        "payload": read.payload,
        "signed_bytes": read.signed_bytes,
        "signature": read.signature,
        "identity": read.identity,
        "cose_sign1": data,
    }
