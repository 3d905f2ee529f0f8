"""Receipts: what the hub tells a unit about one envelope, signed, after the commit."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.clock import Clock
from hub.log.journal import Journal, ReceiptSigner
from hub.log.tree import Tree
from hub.storage.tables import Checkpoint, IntakeEvent, Quarantined
from intake.event.quarantine import QuarantineReason
from intake.event.receipt import Receipt, ReceiptStatus, sign_receipt
from intake.office.environment import Environment


class Receipts:
    """Makes receipts. The same event may be receipted any number of times: each one is true."""

    def __init__(
        self, signer: ReceiptSigner, office: str, environment: Environment, clock: Clock
    ) -> None:
        self._signer = signer
        self._office = office
        self._environment = environment
        self._clock = clock

    def journalled(self, identity: bytes, index: int, tree: Tree, checkpoint: Checkpoint) -> bytes:
        """The receipt of an event at `index`, proven against `checkpoint`."""
        return self._signed(
            identity,
            ReceiptStatus.JOURNALLED,
            index=index,
            proof=tree.inclusion(index, checkpoint.size),
            checkpoint=checkpoint.signed,
        )

    def quarantined(self, identity: bytes, reason: QuarantineReason) -> bytes:
        """The receipt of an envelope that waits for a person.

        `identity` is that of the event for a conflict, else SHA-256 of the bytes as received.
        """
        return self._signed(identity, ReceiptStatus.QUARANTINED, reason=reason.value)

    def known(self, session: Session, journal: Journal, identity: bytes) -> bytes | None:
        """The receipt for an identity the hub has seen, None for one it has not."""
        index = session.scalar(
            select(IntakeEvent.log_index).where(IntakeEvent.identity == identity)
        )
        if index is not None:
            checkpoint = journal.newest_checkpoint(session)
            return self.journalled(identity, index, Tree(session), checkpoint)
        row = session.scalar(select(Quarantined).where(Quarantined.identity == identity).limit(1))
        if row is None:
            return None
        reason = QuarantineReason(row.reason)
        conflict = reason is QuarantineReason.CONFLICT
        return self.quarantined(identity if conflict else row.envelope_sha256, reason)

    def _signed(
        self,
        identity: bytes,
        status: ReceiptStatus,
        *,
        reason: str | None = None,
        index: int | None = None,
        proof: tuple[bytes, ...] | None = None,
        checkpoint: bytes | None = None,
    ) -> bytes:
        receipt = Receipt(
            office=self._office,
            environment=self._environment,
            identity=identity,
            status=status,
            reason=reason,
            hub_time_us=self._clock(),
            index=index,
            proof=proof,
            checkpoint=checkpoint,
        )
        return sign_receipt(receipt, self._signer.receipt_signer())
