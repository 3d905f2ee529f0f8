"""The writer thread: receipts come after the commit, and a full disk only delays them."""

import threading
import time
from collections.abc import Callable

from sqlalchemy import Connection, event, text

from hub.writer.commit import Outcome
from hub.writer.examine import Examiner, Incoming
from hub.writer.intake import Delivery, IntakeWriter
from intake.event.receipt import ReceiptStatus, verify_receipt
from tests.hub.conftest import Desk
from tests.hub.counter_unit import move_in


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def writer_of(desk: Desk, sent: list[Outcome]) -> IntakeWriter:
    office = desk.office
    return IntakeWriter(office.journal, office.receipts, office.examiner, sent.append)


def delivery(desk: Desk, data: bytes, acked: list[bytes]) -> Delivery:
    incoming = Incoming(desk.unit.device, data, desk.office.clock())
    return Delivery(incoming, lambda: acked.append(data))


def test_many_deliveries_share_commits(desk: Desk):
    sent: list[Outcome] = []
    acked: list[bytes] = []
    writer = writer_of(desk, sent)
    events = [desk.unit.file(desk.keyset, move_in()) for _ in range(30)]
    for one in events:
        writer.put(delivery(desk, one.data, acked))
    writer.start()
    until(lambda: len(acked) == 30)
    writer.stop()
    assert writer.state.batches < 30
    assert writer.state.journalled == 30
    for one, outcome in zip(events, sent, strict=True):
        verify_receipt(outcome.receipt, desk.keyset, one.identity)


def test_a_full_disk_delays_receipts_and_loses_nothing(desk: Desk):
    engine = desk.office.database._engine
    full = threading.Event()
    full.set()

    def limit(connection: Connection, *_: object) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        most = pages if full.is_set() else 1_000_000
        connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

    event_data = [desk.unit.file(desk.keyset, move_in()) for _ in range(40)]
    event.listen(engine, "begin", limit)
    sent: list[Outcome] = []
    acked: list[bytes] = []
    writer = writer_of(desk, sent)
    writer.start()
    for one in event_data:
        writer.put(delivery(desk, one.data, acked))
    until(lambda: writer.state.failing_since is not None)
    assert len(acked) < 40
    full.clear()
    until(lambda: len(acked) == 40)
    writer.stop()
    assert writer.state.failing_since is None
    with desk.office.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM intake_event")) == 40


def test_what_has_no_room_in_quarantine_is_acked_without_a_receipt(desk: Desk):
    sent: list[Outcome] = []
    acked: list[bytes] = []
    office = desk.office
    writer = IntakeWriter(
        office.journal, office.receipts, office.examiner, sent.append, quarantine_bytes=4096
    )
    writer.process([delivery(desk, data, acked) for data in (b"one", b"two")])
    assert (len(sent), acked) == (1, [b"one", b"two"])
    assert writer.state.quarantined == 1


def test_an_event_that_the_database_refuses_does_not_hold_up_the_others(desk: Desk):
    events = [desk.unit.file(desk.keyset, move_in()) for _ in range(3)]
    with desk.office.database.writing() as session:
        refuse = (
            "CREATE TRIGGER refuse BEFORE INSERT ON intake_event WHEN NEW.sequence = 2 "
            "BEGIN SELECT RAISE(ABORT, 'never'); END"
        )
        session.execute(text(refuse))
    sent: list[Outcome] = []
    acked: list[bytes] = []
    writer = writer_of(desk, sent)
    for one in events:
        writer.put(delivery(desk, one.data, acked))
    writer.start()
    until(lambda: len(acked) == 3)
    writer.stop()
    assert writer.state.failing_since is None
    for outcome, one in zip(sent, (events[0], events[2]), strict=True):
        found = verify_receipt(outcome.receipt, desk.keyset, one.identity)
        assert found.status is ReceiptStatus.JOURNALLED
    with desk.office.database.reading() as session:
        alarms = session.execute(text("SELECT kind, subject FROM alarm")).all()
    assert alarms == [("storing_failed", desk.unit.device)]


def test_an_envelope_that_cannot_be_judged_is_neither_acked_nor_receipted(desk: Desk):
    def stumbles(_kid: bytes) -> None:
        raise ZeroDivisionError

    office = desk.office
    examiner = Examiner("131016", office.settings.office.environment, stumbles, office.ring)
    sent: list[Outcome] = []
    acked: list[bytes] = []
    writer = IntakeWriter(office.journal, office.receipts, examiner, sent.append)
    writer.process([delivery(desk, desk.unit.file(desk.keyset, move_in()).data, acked)])
    assert (sent, acked) == ([], [])
    with office.database.reading() as session:
        kind = session.scalar(text("SELECT kind FROM alarm"))
    assert kind == "examination_failed"
