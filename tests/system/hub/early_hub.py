"""A hub that is wrong on purpose: the control of the kill test.

`receipt` sends receipts before the commit, `ack` acknowledges to the broker before it. Everything
else is the real hub.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from hub.office import Office
from hub.serve import serve
from hub.settings import load
from hub.writer.commit import Outcome
from hub.writer.intake import Delivery, IntakeWriter
from intake.event.admission import Admitted
from intake.event.checkpoint import Checkpoint, sign_checkpoint
from intake.event.merkle import MemoryTree
from intake.event.receipt import Receipt, ReceiptStatus, sign_receipt
from tests.system.hub.conftest import OFFICE


def unproven_receipt(office: Office, identity: bytes) -> bytes:
    """A receipt for an event that is in no log yet, over a tree of its own."""
    tree = MemoryTree([identity])
    signer, now = office.ring.receipt_signer(), office.clock()
    environment = office.settings.office.environment
    point = Checkpoint(OFFICE, environment, 1, 1, tree.root(), now)
    status = ReceiptStatus.JOURNALLED
    signed = sign_checkpoint(point, signer)
    receipt = Receipt(OFFICE, environment, identity, status, None, now, 0, (), signed)
    return sign_receipt(receipt, signer)


class EarlyWriter(IntakeWriter):
    """Promises first, stores afterwards."""

    mistake = "ack"
    office: Office
    early: Callable[[Outcome], None]

    def process(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            delivery.ack()
            if self.mistake == "receipt":
                verdict = self.office.examiner.examine(delivery.incoming)
                assert isinstance(verdict, Admitted)
                receipt = unproven_receipt(self.office, verdict.identity)
                self.early(Outcome(delivery.incoming.device, receipt, True, True))
        pause = Path(self.office.settings.state.folder / "pause")
        while pause.exists():
            self._stopping.wait(0.02)
        super().process(deliveries)


def make(office: Office, send: Callable[[Outcome], None]) -> IntakeWriter:
    writer = EarlyWriter(office.journal, office.receipts, office.examiner, send)
    writer.office, writer.early, writer.mistake = office, send, sys.argv[1]
    return writer


if __name__ == "__main__":
    serve(Office.open(load(Path(sys.argv[3]))), make)
