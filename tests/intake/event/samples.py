"""Fixed keys and messages for tests and golden vectors. The keys are public: TEST KEYS only."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from intake.event import merkle
from intake.event.checkpoint import Checkpoint, sign_checkpoint
from intake.event.downward import Downward, DownwardKind
from intake.event.envelope import Envelope
from intake.event.ids import ReceptionNumber
from intake.event.keys import PrivateKey, ReaderKey, SigningKey
from intake.event.keyset import HubKey, KeySet, KeyStatus, KeyUse
from intake.event.manifest import Clock, EventKind, Manifest, PartName, RecipientClass, Staff
from intake.event.merkle import MemoryTree
from intake.event.parts import SealedPart, seal_part
from intake.event.receipt import Receipt, ReceiptStatus
from intake.event.seal import seal
from intake.office.environment import Environment

OFFICE = "131016"
DEVICE = "counter-01"
DEMO = Environment.DEMO
NOW = 1_795_000_000_000_000
DAY = 86_400_000_000
BOOT = "0b2f6a52-5f0c-4b51-9d0b-6a4f6f2f1c11"
EVENT = "6f1a1f62-9a0e-4c0a-8f10-2b7f5f8f2a01"
NOTIFICATION = "c2a3d9f8-7d1b-4f2e-9a57-1d3d8c9b0e02"
CONTENTS = {
    PartName.NOTIFICATION: b"the notification",
    PartName.NAME_INK: b"ink of a name",
    PartName.SIGNATURE_INK: b"ink of a signature",
    PartName.INDIVIDUAL_NUMBER: b"a number of twelve digits",
    PartName.CARD_EVIDENCE: b"what the card proved",
}


def scalar(name: str) -> int:
    """The secret of the test key `name`: anybody can compute it."""
    return int.from_bytes(hashlib.sha256(f"madoguchi TEST KEY {name}".encode()).digest(), "big")


def signing_key(name: str) -> SigningKey:
    return SigningKey.from_scalar(scalar(name))


def reader_key(name: str) -> ReaderKey:
    return ReaderKey.from_scalar(scalar(name))


class FixedRandom:
    """Random bytes that anybody can compute: SHA-256 over a label and a counter."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._count = 0

    def __call__(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            found += hashlib.sha256(f"{self._label} {self._count}".encode()).digest()
            self._count += 1
        return found[:size]


UNIT = signing_key("unit-signing")
UNIT_READER = reader_key("unit-encryption")
ANCHOR = signing_key("office-anchor")
RECEIPT = signing_key("hub-receipt")
RECEIPT_OLD = signing_key("hub-receipt-old")
RECEIPT_REVOKED = signing_key("hub-receipt-revoked")
DOWNWARD = signing_key("hub-downward")
READERS = {name: reader_key(f"reader-{name}") for name in RecipientClass}
ALL_KEYS: dict[str, PrivateKey] = {
    "unit-signing": UNIT,
    "unit-encryption": UNIT_READER,
    "office-anchor": ANCHOR,
    "hub-receipt": RECEIPT,
    "hub-receipt-old": RECEIPT_OLD,
    "hub-receipt-revoked": RECEIPT_REVOKED,
    "hub-downward": DOWNWARD,
    **{f"reader-{name}": key for name, key in READERS.items()},
}


def keyset(version: int = 7) -> KeySet:
    active, retired, revoked = KeyStatus.ACTIVE, KeyStatus.RETIRED, KeyStatus.REVOKED
    return KeySet(
        office=OFFICE,
        environment=DEMO,
        version=version,
        issued_us=NOW - DAY,
        expires_us=NOW + 90 * DAY,
        signing_keys=(
            HubKey(RECEIPT.public, KeyUse.RECEIPT, active, NOW - DAY),
            HubKey(RECEIPT_OLD.public, KeyUse.RECEIPT, retired, NOW - 99 * DAY, NOW - DAY),
            HubKey(RECEIPT_REVOKED.public, KeyUse.RECEIPT, revoked, NOW - 99 * DAY),
            HubKey(DOWNWARD.public, KeyUse.DOWNWARD, active, NOW - DAY),
        ),
        reader_keys={name: key.public for name, key in READERS.items()},
    )


def sealed_parts(*names: PartName) -> tuple[SealedPart, ...]:
    return tuple(
        seal_part(name, CONTENTS[name], keyset(), random=FixedRandom(f"part {name}"))
        for name in names or PartName
    )


def manifest(**changes: object) -> Manifest:
    values: dict[str, Any] = {
        "kind": EventKind.FILED,
        "event_id": EVENT,
        "notification_id": NOTIFICATION,
        "reception_number": str(ReceptionNumber.make("012", date(2026, 11, 23), 42)),
        "revision": 1,
        "supersedes": None,
        "procedure": "move_in",
        "office": OFFICE,
        "device": DEVICE,
        "environment": DEMO,
        "kid": UNIT.kid,
        "sequence": 1,
        "previous": None,
        "boot_id": BOOT,
        "wall_time_us": NOW,
        "clock": Clock("ntp", NOW - 60_000_000, 1500),
        "monotonic_us": 123_456_789,
        "staff": Staff("sato.m", "pin"),
        "software": {"madoguchi": "0.1.0", "models.strokes": "quick-1"},
        "parts": tuple(part.entry for part in sealed_parts()),
    }
    values.update(changes)
    return Manifest(**values)


def envelope(value: Manifest | None = None) -> Envelope:
    parts = {part.name: part.data for part in sealed_parts()}
    return Envelope(seal(value or manifest(), UNIT), parts)


def log_of(*identities: bytes) -> MemoryTree:
    """A log in which other entries stand before and after the given events."""
    before = [hashlib.sha256(f"entry {n}".encode()).digest() for n in range(5)]
    return MemoryTree([*before, *identities, hashlib.sha256(b"entry after").digest()])


def checkpoint_of(tree: MemoryTree, **changes: object) -> Checkpoint:
    values: dict[str, Any] = {
        "office": OFFICE,
        "environment": DEMO,
        "epoch": 1,
        "size": tree.size,
        "root": tree.root(),
        "time_us": NOW + 2_000_000,
    }
    values.update(changes)
    return Checkpoint(**values)


def journalled(identity: bytes, **changes: object) -> Receipt:
    tree = log_of(identity)
    values: dict[str, Any] = {
        "office": OFFICE,
        "environment": DEMO,
        "identity": identity,
        "status": ReceiptStatus.JOURNALLED,
        "reason": None,
        "hub_time_us": NOW + 2_000_000,
        "index": 5,
        "proof": merkle.inclusion_proof(tree, 5, tree.size),
        "checkpoint": sign_checkpoint(checkpoint_of(tree), RECEIPT),
    }
    values.update(changes)
    return Receipt(**values)


def quarantined(identity: bytes, reason: str = "part_missing", **changes: object) -> Receipt:
    status = ReceiptStatus.QUARANTINED
    nowhere: dict[str, object] = {"index": None, "proof": None, "checkpoint": None}
    return journalled(identity, **{"status": status, "reason": reason, **nowhere, **changes})


def downward(kind: DownwardKind, body: bytes = b"body", **changes: object) -> Downward:
    values: dict[str, Any] = {
        "kind": kind,
        "office": OFFICE,
        "environment": DEMO,
        "device": DEVICE if kind.for_one_device else None,
        "version": NOW,
        "issued_us": NOW,
        "expires_us": NOW + DAY,
        "body": body,
    }
    values.update(changes)
    return Downward(**values)
