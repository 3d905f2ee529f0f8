"""What an office entry is: something that a person or the hub itself did, named in the log."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from hub.errors import BadRequestError
from intake import canonical
from intake.record import Record

VERSION: Final = 1
LIMIT: Final = 64 * 1024
SYSTEM: Final = "system"
"""The actor of entries that nobody asked for by name, such as the first epoch."""


class EntryKind(StrEnum):
    """The kinds of leaves. INTAKE is an event of a unit, all others are office entries."""

    INTAKE = "intake"
    EPOCH = "epoch"
    DECISION = "decision"
    EX_OFFICIO = "ex_officio"
    QUARANTINE = "quarantine"
    KEY = "key"
    ACCOUNT = "account"
    LOOK = "look"
    BACKUP = "backup"
    CHARACTER = "character"
    REVOCATION = "revocation"
    DOCUMENT = "document"
    MESSAGE = "message"
    PRECEDENT = "precedent"


@dataclass(frozen=True)
class OfficeEntry:
    """One office entry: what, by whom (login), when; `body` depends on the kind."""

    kind: EntryKind
    actor: str
    time_us: int
    body: Mapping[str, object]

    def encode(self) -> bytes:
        """Canonical CBOR; its SHA-256 is the entry's identity and its leaf.

        BadRequestError when it is longer than what `decode` will ever read again.
        """
        data = canonical.encode(
            {
                "v": VERSION,
                "kind": self.kind.value,
                "actor": self.actor,
                "time_us": self.time_us,
                "body": self.body,
            }
        )
        if len(data) > LIMIT:
            raise BadRequestError("that is too long for an entry of the log; write less")
        return data


def decode(data: bytes) -> OfficeEntry:
    """The entry in `data`; DecodeError for any other form."""
    value = canonical.decode(data, limit=LIMIT)
    record = Record(value, "office entry")
    record.version(VERSION)
    body = record.record("body")
    entry = OfficeEntry(
        kind=record.choice("kind", EntryKind),
        actor=record.text("actor"),
        time_us=record.integer("time_us"),
        body=cast("dict[str, dict[str, object]]", value)["body"],
    )
    body.names()
    record.close()
    return entry


def identity_of(payload: bytes) -> bytes:
    """The identity of an encoded office entry.

    An event's identity hashes a CBOR array and this one a map, so neither can pass for the other.
    """
    return hashlib.sha256(payload).digest()
