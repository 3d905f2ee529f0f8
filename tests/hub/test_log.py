"""The log: batches, repetition, proofs, and what `log verify` notices."""

import pytest
from sqlalchemy import func, select, text, update

from hub.errors import StorageError
from hub.log.tree import Tree
from hub.log.verify import verify_log
from hub.review.events import envelope_bytes
from hub.storage.tables import Checkpoint, IntakeEvent, IntakePart, LogEntry, LogNode
from intake.event import merkle
from intake.event.checkpoint import verify_checkpoint
from intake.event.receipt import ReceiptStatus, verify_receipt
from tests.hub.conftest import Desk
from tests.hub.counter_unit import move_in


def test_a_batch_is_one_commit_with_one_checkpoint(desk: Desk):
    with desk.office.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Checkpoint))
    events = [desk.unit.file(desk.keyset, move_in()) for _ in range(7)]
    outcomes = desk.take(*[event.data for event in events])
    for event, outcome in zip(events, outcomes, strict=True):
        found = verify_receipt(outcome.receipt, desk.keyset, event.identity)
        assert found.status is ReceiptStatus.JOURNALLED
    with desk.office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Checkpoint)) == (before or 0) + 1


def test_stored_bytes_are_the_bytes_that_were_sent(desk: Desk):
    event = desk.unit.file(desk.keyset, move_in())
    desk.take(event.data)
    with desk.office.database.reading() as session:
        assert envelope_bytes(session, event.identity) == event.data


def test_an_event_sent_again_is_receipted_again_and_stored_once(desk: Desk):
    event = desk.unit.file(desk.keyset, move_in())
    first, again = desk.take(event.data, event.data)
    (later,) = desk.take(event.data)
    assert (first.new, again.new, later.new) == (True, False, False)
    index = {verify_receipt(o.receipt, desk.keyset, event.identity).index for o in (first, later)}
    assert len(index) == 1
    with desk.office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(IntakeEvent)) == 1


def test_proofs_hold_for_every_pair_of_sizes(desk: Desk):
    for _ in range(9):
        desk.take(desk.unit.file(desk.keyset, move_in()).data)
    with desk.office.database.reading() as session:
        tree = Tree(session)
        size = tree.size()
        identities = session.scalars(select(LogEntry.identity).order_by(LogEntry.index)).all()
        for new in range(1, size + 1):
            root = tree.root(new)
            for index in range(new):
                proof = tree.inclusion(index, new)
                merkle.verify_inclusion(identities[index], index, new, proof, root)
            for old in range(1, new + 1):
                proof = tree.consistency(old, new)
                merkle.verify_consistency(old, new, tree.root(old), root, proof)


def test_checkpoints_are_signed_and_verify_passes(desk: Desk):
    desk.take(desk.unit.file(desk.keyset, move_in()).data)
    report = verify_log(desk.office)
    assert report.ok, report.problems
    with desk.office.database.reading() as session:
        newest = desk.office.journal.newest_checkpoint(session)
        assert verify_checkpoint(newest.signed, desk.keyset).size == report.leaves


TAMPERINGS = {
    "part": update(IntakePart).values(sealed=b"other"),
    "node": update(LogNode).where(LogNode.level == 0).values(hash=bytes(32)),
    "payload": update(LogEntry).where(LogEntry.index == 0).values(payload=b"\xa0"),
    "checkpoint": update(Checkpoint).values(root=bytes(32)),
    "last entry gone": text('DELETE FROM log_entry WHERE "index" = 0'),
}


@pytest.mark.parametrize("name", ["sealed", *TAMPERINGS])
def test_verify_notices_tampering(desk: Desk, name: str):
    desk.take(desk.unit.file(desk.keyset, move_in()).data)
    with desk.office.database.writing() as session:
        if name == "sealed":
            event = session.scalars(select(IntakeEvent)).one()
            event.sealed = event.sealed[:40] + bytes([event.sealed[40] ^ 1]) + event.sealed[41:]
        else:
            session.execute(TAMPERINGS[name])
    assert not verify_log(desk.office).ok


def test_a_disposed_part_keeps_its_leaf(desk: Desk):
    desk.take(desk.unit.file(desk.keyset, move_in()).data)
    with desk.office.database.writing() as session:
        session.delete(session.scalars(select(IntakePart)).one())
    report = verify_log(desk.office)
    assert report.ok
    assert report.disposed_parts == 1


def test_nothing_of_a_failed_transaction_stays(desk: Desk):
    event = desk.unit.file(desk.keyset, move_in())
    with pytest.raises(StorageError), desk.office.database.writing() as session:
        session.execute(text("INSERT INTO no_such_table VALUES (1)"))
    (outcome,) = desk.take(event.data)
    assert outcome.new
    assert verify_log(desk.office).ok


def test_sqlite_is_durable_by_its_settings(desk: Desk):
    with desk.office.database.reading() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA synchronous")) == 2
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
