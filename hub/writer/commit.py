"""Puts a batch of judged envelopes into the log in one transaction and says what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.log.entry import EntryKind
from hub.log.journal import Append, Journal
from hub.log.receipts import Receipts
from hub.review.filing import note_event
from hub.storage.tables import Checkpoint, IntakeEvent, IntakePart
from hub.writer.examine import Incoming, Rejected
from hub.writer.quarantine import QUARANTINE_BYTES, QuarantineRoom, set_aside
from intake.event.admission import Admitted
from intake.event.quarantine import QuarantineReason
from intake.event.seal import read_sealed


@dataclass(frozen=True)
class Outcome:
    """What became of one envelope: its receipt, and the device that gets it.

    `receipt` is empty when the quarantine has no room for it: the unit keeps its row and resends.
    """

    device: str
    receipt: bytes
    journalled: bool
    new: bool


Judged = tuple[Incoming, Admitted | Rejected]


def commit_batch(
    journal: Journal,
    receipts: Receipts,
    batch: Sequence[Judged],
    quarantine_bytes: int = QUARANTINE_BYTES,
) -> tuple[Outcome, ...]:
    """Store the whole batch durably, then make the receipts, in the batch's order.

    An event already in the log is receipted again and not stored twice. Another content under a
    key and sequence that the log has is set aside as a conflict. Of each unit at most
    `quarantine_bytes` stay undecided in quarantine; what is beyond has no receipt. StorageError:
    nothing is stored.
    """
    with journal.appending() as append:
        known = _Known(append.session, batch)
        room = QuarantineRoom(append.session, quarantine_bytes)
        places = [_place(append, known, room, judged) for judged in batch]
    with journal.database.reading() as session:
        checkpoint = append.checkpoint or journal.newest_checkpoint(session)
        append.tree.use(session)
        return tuple(
            Outcome(
                device=incoming.device,
                receipt=_receipt(receipts, place, append, checkpoint),
                journalled=place.index is not None,
                new=place.new,
            )
            for (incoming, _), place in zip(batch, places, strict=True)
        )


@dataclass(frozen=True)
class _Place:
    identity: bytes
    index: int | None
    new: bool
    reason: QuarantineReason = QuarantineReason.CONFLICT
    kept: bool = True


def _receipt(receipts: Receipts, place: _Place, append: Append, checkpoint: Checkpoint) -> bytes:
    if place.index is not None:
        return receipts.journalled(place.identity, place.index, append.tree, checkpoint)
    return receipts.quarantined(place.identity, place.reason) if place.kept else b""


class _Known:
    """What the log has of a batch's identities and sequences, asked for once, then kept up."""

    def __init__(self, session: Session, batch: Sequence[Judged]) -> None:
        admitted = [verdict for _, verdict in batch if isinstance(verdict, Admitted)]
        identities = [one.identity for one in admitted]
        sequences = [one.manifest.sequence for one in admitted]
        rows = session.execute(
            select(IntakeEvent.identity, IntakeEvent.log_index).where(
                IntakeEvent.identity.in_(identities)
            )
        )
        self.indices = {identity: index for identity, index in rows}  # noqa: C416 - rows are no pairs to the type checker
        taken = session.execute(
            select(IntakeEvent.kid, IntakeEvent.sequence).where(
                IntakeEvent.kid.in_({one.manifest.kid for one in admitted}),
                IntakeEvent.sequence.in_(sequences),
            )
        )
        self.sequences = {(kid, sequence) for kid, sequence in taken}


def _place(append: Append, known: _Known, room: QuarantineRoom, judged: Judged) -> _Place:
    """Where one envelope goes. What is in the log stays there, whatever comes after it."""
    incoming, verdict = judged
    if isinstance(verdict, Rejected):
        return _aside(append, room, incoming, verdict)
    index = known.indices.get(verdict.identity)
    if index is not None:
        return _Place(verdict.identity, index, new=False)
    sequence = (verdict.manifest.kid, verdict.manifest.sequence)
    if sequence in known.sequences:
        sealed = read_sealed(verdict.envelope.sealed)
        return _aside(append, room, incoming, Rejected(QuarantineReason.CONFLICT, sealed))
    index = append_event(append, verdict, incoming.received_us)
    known.indices[verdict.identity] = index
    known.sequences.add(sequence)
    return _Place(verdict.identity, index, new=True)


def _aside(append: Append, room: QuarantineRoom, incoming: Incoming, rejected: Rejected) -> _Place:
    kept = set_aside(append.session, incoming, rejected, room)
    identity = rejected.receipt_identity(incoming.data)
    return _Place(identity, None, new=False, reason=rejected.reason, kept=kept)


def append_event(
    append: Append, admitted: Admitted, received_us: int, *, duplicate: int = 0
) -> int:
    """Append an event with its parts, unchanged, and bring the list of filings up to date.

    Its rows are there when the Append closes, so that a batch costs few statements.
    """
    manifest = admitted.manifest
    index = append.leaf(EntryKind.INTAKE, admitted.identity, manifest.device)
    append.later(IntakeEvent, _event_row(admitted, index, received_us, duplicate))
    for name, data in admitted.envelope.parts.items():
        row = {"identity": admitted.identity, "name": name.value, "sealed": data}
        append.later(IntakePart, row)
    note_event(append.session, manifest, admitted.identity, received_us)
    return index


def _event_row(
    admitted: Admitted, index: int, received_us: int, duplicate: int
) -> dict[str, object]:
    manifest = admitted.manifest
    return {
        "identity": admitted.identity,
        "log_index": index,
        "kid": manifest.kid,
        "sequence": manifest.sequence,
        "duplicate": duplicate,
        "device": manifest.device,
        "kind": manifest.kind.value,
        "event_id": manifest.event_id,
        "notification_id": manifest.notification_id,
        "reception_number": manifest.reception_number,
        "revision": manifest.revision,
        "procedure": manifest.procedure,
        "staff_id": manifest.staff.id,
        "previous": manifest.previous,
        "wall_time_us": manifest.wall_time_us,
        "received_us": received_us,
        "envelope_version": admitted.envelope.version,
        "sealed": admitted.envelope.sealed,
    }
