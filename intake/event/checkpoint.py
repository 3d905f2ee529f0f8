"""A signed statement of how long the hub's log is and what its root is; every unit witnesses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from intake import canonical
from intake.errors import ProofError, WrongEnvironmentError, WrongOfficeError
from intake.event import merkle, signing
from intake.event.keys import Signer
from intake.event.keyset import KeySet, KeyUse
from intake.event.manifest import HASH_SIZE
from intake.event.signing import ContentType
from intake.office.environment import Environment
from intake.record import OFFICE, Record

VERSION: Final = 1
LIMIT: Final = 1024


@dataclass(frozen=True)
class Checkpoint:
    """The log of one office at one moment."""

    office: str
    environment: Environment
    epoch: int
    """Counts from 1; a restore from backup opens the next one, in which old proofs end."""
    size: int
    root: bytes
    time_us: int


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """The checkpoint signed with a hub key of use `receipt`."""
    payload = canonical.encode({"v": VERSION, **vars(checkpoint)})
    _decode(payload)
    return signing.sign(payload, ContentType.CHECKPOINT, signer)


def verify_checkpoint(data: bytes, keyset: KeySet) -> Checkpoint:
    """The checkpoint, believed by the keys of `keyset`; a VerificationError otherwise."""
    signed = signing.read(data, ContentType.CHECKPOINT, limit=LIMIT)
    checkpoint = _decode(signed.payload)
    signed.verify(keyset.signing_key(signed.kid, KeyUse.RECEIPT, checkpoint.time_us))
    if checkpoint.office != keyset.office:
        raise WrongOfficeError("the checkpoint belongs to another office")
    if checkpoint.environment is not keyset.environment:
        raise WrongEnvironmentError("the checkpoint belongs to another environment")
    return checkpoint


def check_extends(older: Checkpoint, newer: Checkpoint, proof: Sequence[bytes]) -> None:
    """The log only grew from `older` to `newer`; ProofError when the hub rewrote it.

    Both must be of one epoch; an empty older log needs no proof.
    """
    if older.epoch != newer.epoch:
        raise ProofError("the hub opened a new epoch: compare receipted events one by one")
    if older.size == 0 and not proof:
        return
    merkle.verify_consistency(older.size, newer.size, older.root, newer.root, proof)


def _decode(payload: bytes) -> Checkpoint:
    record = Record(canonical.decode(payload, limit=LIMIT, depth=2), "checkpoint")
    record.version(VERSION)
    checkpoint = Checkpoint(
        office=record.text("office", pattern=OFFICE),
        environment=record.choice("environment", Environment),
        epoch=record.integer("epoch", minimum=1),
        size=record.integer("size"),
        root=record.octets("root", size=HASH_SIZE),
        time_us=record.integer("time_us"),
    )
    record.close()
    return checkpoint
