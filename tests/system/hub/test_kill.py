"""kill -9 while filing: what a unit believes to be delivered is in the log, exactly once.

The units here keep a row until a verified receipt, resending after a while, as the real outbox
does. The controls promise before the commit; each is killed between promise and commit in its
one round, so it must lose.
"""

import hashlib
import threading
import time
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from hub.log.verify import verify_log
from hub.office import Office
from hub.review.events import envelope_bytes
from hub.settings import load
from hub.storage.tables import IntakeEvent
from intake.errors import IntakeError
from intake.event.keyset import KeySet
from intake.event.receipt import ReceiptStatus, receipt_identity, verify_receipt
from tests.hub.counter_unit import FiledEvent, move_in
from tests.system.hub.conftest import Counter, Wire, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

RESEND_S = 1.0
KILLS = 5


@dataclass
class Outbox:
    """Rows stay open until a verified receipt; open rows are sent again."""

    wire: Wire
    keyset: KeySet
    rows: dict[bytes, FiledEvent] = field(default_factory=dict[bytes, FiledEvent])
    sent: dict[bytes, float] = field(default_factory=dict[bytes, float])
    closed: set[bytes] = field(default_factory=set[bytes])
    read: int = 0

    def file(self) -> None:
        event = self.wire.unit.file(self.keyset, move_in())
        self.rows[event.identity] = event

    def turn(self) -> None:
        """Take in receipts, then send every row that is due."""
        fresh, self.read = self.wire.receipts[self.read :], len(self.wire.receipts)
        for data in fresh:
            identity = receipt_identity(data)
            event = self.rows.get(identity)
            if event is None:
                continue
            digest = hashlib.sha256(event.data).digest()
            try:
                found = verify_receipt(data, self.keyset, identity, digest=digest)
            except IntakeError:
                continue
            if found.status is ReceiptStatus.JOURNALLED:
                self.closed.add(identity)
        for identity in self.rows.keys() - self.closed:
            if time.monotonic() - self.sent.get(identity, 0.0) > RESEND_S:
                self.wire.send(self.rows[identity].data)
                self.sent[identity] = time.monotonic()

    @property
    def drained(self) -> bool:
        return self.closed == self.rows.keys()


def stored(counter: Counter) -> dict[bytes, bytes]:
    """Every event of the log with its bytes, read by a hub that runs no more."""
    office = Office.open(load(counter.hub.config))
    try:
        report = verify_log(office)
        assert report.ok, report.problems
        with office.database.reading() as session:
            identities = session.scalars(select(IntakeEvent.identity)).all()
            assert len(identities) == len(set(identities))
            return {identity: envelope_bytes(session, identity) for identity in identities}
    finally:
        office.close()


def test_every_event_once_with_identical_bytes_over_kills(counter: Counter):
    unit = counter.town.enrol("unit-01")
    counter.hub.start()
    wire = counter.wire(unit)
    outbox = Outbox(wire, counter.key_set(wire))
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            if len(outbox.rows) < 200:
                outbox.file()
            outbox.turn()
            time.sleep(0.01)

    filing = threading.Thread(target=run)
    filing.start()
    for kill in range(KILLS):
        until(lambda kill=kill: len(outbox.closed) > kill * 10, 40.0)
        counter.hub.kill()
        counter.hub.start()
    until(lambda: len(outbox.rows) == 200 and outbox.drained, 60.0)
    stop.set()
    filing.join()
    counter.hub.stop()
    assert stored(counter) == {event.identity: event.data for event in outbox.rows.values()}


@pytest.mark.parametrize("mistake", ["ack", "receipt"])
def test_a_hub_that_promises_before_the_commit_loses(counter: Counter, mistake: str):
    """With `ack` the unit closes its row on the broker's word, with `receipt` on the hub's."""
    unit = counter.town.enrol("unit-01")
    counter.hub.arguments = ("-m", "tests.system.hub.early_hub", mistake)
    pause = counter.folder / "state" / "pause"
    pause.touch()
    counter.hub.start()
    wire = counter.wire(unit)
    outbox = Outbox(wire, counter.key_set(wire))
    outbox.file()
    (identity,) = outbox.rows
    number = wire.send(outbox.rows[identity].data)
    if mistake == "ack":
        until(lambda: number in wire.acknowledged)
    else:
        until(lambda: wire.receipts)
        found = verify_receipt(wire.receipts[0], outbox.keyset, identity)
        assert found.status is ReceiptStatus.JOURNALLED
    counter.hub.kill()
    pause.unlink()
    counter.hub.start()
    time.sleep(2 * RESEND_S)
    counter.hub.stop()
    assert identity not in stored(counter)


def test_the_same_round_with_the_real_order_loses_nothing(counter: Counter):
    unit = counter.town.enrol("unit-01")
    counter.hub.start()
    wire = counter.wire(unit)
    outbox = Outbox(wire, counter.key_set(wire))
    outbox.file()
    wire.send(next(iter(outbox.rows.values())).data)
    counter.hub.kill()
    counter.hub.start()

    def drained() -> bool:
        outbox.turn()
        return outbox.drained

    until(drained)
    counter.hub.stop()
    assert stored(counter).keys() == outbox.rows.keys()
