"""The hub's answer to an event: the only thing that ends the resending."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from intake import canonical
from intake.errors import (
    ConflictError,
    DecodeError,
    ProofError,
    WrongEnvironmentError,
    WrongOfficeError,
)
from intake.event import merkle, signing
from intake.event.checkpoint import LIMIT as CHECKPOINT_LIMIT
from intake.event.checkpoint import verify_checkpoint
from intake.event.keys import Signer
from intake.event.keyset import KeySet, KeyUse
from intake.event.manifest import HASH_SIZE
from intake.event.quarantine import QuarantineReason
from intake.event.signing import ContentType
from intake.office.environment import Environment
from intake.record import OFFICE, TOKEN, Record

VERSION: Final = 1
LIMIT: Final = 8192
MAX_PROOF: Final = 63


class ReceiptStatus(StrEnum):
    """Journalled: in the log for good. Quarantined: a person at the office has to decide."""

    JOURNALLED = "journalled"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Receipt:
    """What became of one event."""

    office: str
    environment: Environment
    identity: bytes
    """Journalled or set aside as a conflict: the event's identity. Set aside for any other reason:
    SHA-256 of the envelope as received, since nothing in it is proven."""
    status: ReceiptStatus
    reason: str | None
    """A code of QuarantineReason (a newer hub may know more); None exactly when journalled."""
    hub_time_us: int
    index: int | None
    """Place in the log; this, proof and checkpoint are None exactly when quarantined."""
    proof: tuple[bytes, ...] | None
    checkpoint: bytes | None
    """A signed checkpoint (see intake.event.checkpoint)."""


def sign_receipt(receipt: Receipt, signer: Signer) -> bytes:
    """The receipt signed with a hub key of use `receipt`."""
    payload = canonical.encode({"v": VERSION, **vars(receipt)})
    _decode(payload)
    return signing.sign(payload, ContentType.RECEIPT, signer)


def verify_receipt(
    data: bytes, keyset: KeySet, identity: bytes, *, digest: bytes | None = None
) -> Receipt:
    """The receipt for the event `identity`, with its proof checked.

    `digest` is SHA-256 of the envelope bytes that were sent; without it no quarantine but a
    conflict is believed. So bytes that were changed on the way, and set aside for that, never
    close the row of the true ones. Raises ConflictError when the receipt is for other bytes,
    ProofError when the log does not hold the event, another VerificationError or DecodeError
    when it is not the hub's.
    """
    signed = signing.read(data, ContentType.RECEIPT, limit=LIMIT)
    receipt = _decode(signed.payload)
    signed.verify(keyset.signing_key(signed.kid, KeyUse.RECEIPT, receipt.hub_time_us))
    if receipt.office != keyset.office:
        raise WrongOfficeError("the receipt belongs to another office")
    if receipt.environment is not keyset.environment:
        raise WrongEnvironmentError("the receipt belongs to another environment")
    journalled = receipt.status is ReceiptStatus.JOURNALLED
    proven = journalled or receipt.reason == QuarantineReason.CONFLICT
    if receipt.identity != (identity if proven else digest):
        raise ConflictError("the receipt is for other bytes: keep the row open and resend")
    if journalled:
        _check_proof(receipt, keyset)
    return receipt


def _check_proof(receipt: Receipt, keyset: KeySet) -> None:
    assert receipt.checkpoint is not None
    assert receipt.index is not None
    assert receipt.proof is not None
    checkpoint = verify_checkpoint(receipt.checkpoint, keyset)
    merkle.verify_inclusion(
        receipt.identity, receipt.index, checkpoint.size, receipt.proof, checkpoint.root
    )


def receipt_identity(data: bytes) -> bytes:
    """The identity that a receipt claims to be for, unverified: to find the outbox row."""
    return _decode(signing.read(data, ContentType.RECEIPT, limit=LIMIT).payload).identity


def _decode(payload: bytes) -> Receipt:
    record = Record(canonical.decode(payload, limit=LIMIT, depth=3), "receipt")
    record.version(VERSION)
    receipt = Receipt(
        office=record.text("office", pattern=OFFICE),
        environment=record.choice("environment", Environment),
        identity=record.octets("identity", size=HASH_SIZE),
        status=record.choice("status", ReceiptStatus),
        reason=None if record.absent("reason") else record.text("reason", pattern=TOKEN),
        hub_time_us=record.integer("hub_time_us"),
        index=None if record.absent("index") else record.integer("index"),
        proof=None if record.absent("proof") else _proof(record),
        checkpoint=(
            None
            if record.absent("checkpoint")
            else record.octets("checkpoint", limit=CHECKPOINT_LIMIT)
        ),
    )
    record.close()
    placed = (receipt.index is None, receipt.proof is None, receipt.checkpoint is None)
    journalled = receipt.status is ReceiptStatus.JOURNALLED
    if (receipt.reason is None) != journalled or set(placed) != {not journalled}:
        raise DecodeError("a receipt names a place in the log or a reason, never both or neither")
    return receipt


def _proof(record: Record) -> tuple[bytes, ...]:
    items = record.items("proof", limit=MAX_PROOF)
    if not all(isinstance(item, bytes) and len(item) == HASH_SIZE for item in items):
        raise ProofError("a proof is a list of hashes")
    return tuple(cast("list[bytes]", items))
