"""Each reason code has an envelope of its own, and nothing that was set aside is lost."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from hub import operations
from hub.errors import ConflictError
from hub.storage.tables import Alarm, IntakeEvent, Quarantined
from hub.writer import release
from intake import canonical, notification
from intake.errors import ConflictError as ConflictingReceipt
from intake.errors import DecodeError
from intake.event import envelope, seal
from intake.event.envelope import Envelope
from intake.event.manifest import PartName, RecipientClass
from intake.event.quarantine import QuarantineReason
from intake.event.receipt import ReceiptStatus, verify_receipt
from intake.office.environment import Environment
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.counter_unit import move_in


def opened_wire(data: bytes) -> Envelope:
    wire = envelope.decode(data)
    assert isinstance(wire, Envelope)
    return wire


def claimed_identity(data: bytes) -> bytes:
    try:
        return seal.read_sealed(opened_wire(data).sealed).identity
    except (DecodeError, AssertionError):
        return bytes(32)


def bad_signature(desk: Desk) -> bytes:
    wire = opened_wire(desk.unit.file(desk.keyset, move_in()).data)
    flipped = wire.sealed[:-1] + bytes([wire.sealed[-1] ^ 1])
    return envelope.encode(replace(wire, sealed=flipped))


def unknown_key(desk: Desk) -> bytes:
    return desk.town.enrol("unit-77", listed=False).file(desk.keyset, move_in()).data


def revoked_key(desk: Desk) -> bytes:
    data = desk.unit.file(desk.keyset, move_in()).data
    desk.town.revoke(desk.unit.signing)
    desk.office.directory.refresh()
    return data


def not_yet_valid_key(desk: Desk) -> bytes:
    begin = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    desk.unit = desk.town.enrol("unit-02", not_before=begin)
    desk.office.directory.refresh()
    return desk.unit.file(desk.keyset, move_in()).data


def wrong_topic(desk: Desk) -> bytes:
    other = desk.town.enrol("unit-02")
    desk.office.directory.refresh()
    return other.file(desk.keyset, move_in()).data


def wrong_office(desk: Desk) -> bytes:
    return desk.unit.file(desk.keyset, move_in(), office="271004").data


def wrong_environment(desk: Desk) -> bytes:
    return desk.unit.file(desk.keyset, move_in(), environment=Environment.TRAINING).data


def garbled(desk: Desk) -> bytes:
    return desk.unit.file(desk.keyset, move_in()).data[:-5]


def oversize(_desk: Desk) -> bytes:
    return bytes(600 * 1024)


def unknown_version(_desk: Desk) -> bytes:
    return canonical.encode([99, b"a newer form", {}])


def part_missing(desk: Desk) -> bytes:
    wire = opened_wire(desk.unit.file(desk.keyset, move_in()).data)
    return envelope.encode(replace(wire, parts={}))


def part_mismatch(desk: Desk) -> bytes:
    wire = opened_wire(desk.unit.file(desk.keyset, move_in()).data)
    part = wire.parts[PartName.NOTIFICATION]
    changed = part[:-1] + bytes([part[-1] ^ 1])
    return envelope.encode(replace(wire, parts={PartName.NOTIFICATION: changed}))


def undecryptable(desk: Desk) -> bytes:
    readers = {**desk.keyset.reader_keys, RecipientClass.HUB: desk.recovery.public}
    return desk.unit.file(replace(desk.keyset, reader_keys=readers), move_in()).data


def conflict(desk: Desk) -> bytes:
    first = desk.unit.file(desk.keyset, move_in())
    desk.take(first.data)
    desk.unit.sequence, desk.unit.previous = 0, None
    return desk.unit.file(desk.keyset, move_in("高橋")).data


Case = Callable[[Desk], bytes]
CASES: tuple[Case, ...] = (
    bad_signature,
    unknown_key,
    revoked_key,
    not_yet_valid_key,
    wrong_topic,
    wrong_office,
    wrong_environment,
    garbled,
    oversize,
    unknown_version,
    part_missing,
    part_mismatch,
    undecryptable,
    conflict,
)


def test_every_reason_has_a_case():
    assert {case.__name__ for case in CASES} == {reason.value for reason in QuarantineReason}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_envelope_is_set_aside_whole_with_its_own_reason(desk: Desk, case: Case):
    data = case(desk)
    (outcome,) = desk.take(data)
    identity, digest = claimed_identity(data), hashlib.sha256(data).digest()
    receipt = verify_receipt(outcome.receipt, desk.keyset, identity, digest=digest)
    assert (receipt.status, receipt.reason) == (ReceiptStatus.QUARANTINED, case.__name__)
    with desk.office.database.reading() as session:
        (row,) = operations.quarantine(session)
        assert row.reason == case.__name__
        assert row.sentence_ja != row.sentence_en
        assert session.scalars(select(Quarantined)).one().envelope == data
        assert session.scalars(select(Alarm)).one().subject == desk.unit.device


def test_the_same_bytes_again_are_kept_once(desk: Desk):
    data = garbled(desk)
    desk.take(data)
    desk.take(data, data)
    with desk.office.database.reading() as session:
        assert len(operations.quarantine(session)) == 1


@pytest.mark.parametrize("true_one_first", [True, False])
def test_a_tampered_copy_does_not_close_the_row_of_the_true_event(
    desk: Desk, *, true_one_first: bool
):
    event = desk.unit.file(desk.keyset, move_in())
    tampered = envelope.encode(replace(opened_wire(event.data), parts={}))
    data = (event.data, tampered) if true_one_first else (tampered, event.data)
    receipts = [outcome.receipt for outcome in desk.take(*data)]
    true, false = receipts if true_one_first else reversed(receipts)
    digest = hashlib.sha256(event.data).digest()
    found = verify_receipt(true, desk.keyset, event.identity, digest=digest)
    assert found.status is ReceiptStatus.JOURNALLED
    with pytest.raises(ConflictingReceipt):
        verify_receipt(false, desk.keyset, event.identity, digest=digest)
    with desk.office.database.reading() as session:
        assert len(operations.quarantine(session)) == 1


def test_a_unit_cannot_fill_the_disk_with_what_is_set_aside(desk: Desk):
    size = 100_000
    garbage = [bytes([number]) * size for number in range(4)]
    kept = [bool(one.receipt) for one in desk.take(*garbage[:3], quarantine_bytes=2 * size)]
    assert kept == [True, True, False]
    event = desk.unit.file(desk.keyset, move_in())
    (beyond,) = desk.take(garbage[3], quarantine_bytes=2 * size)
    again, good = desk.take(garbage[0], event.data, quarantine_bytes=2 * size)
    assert not beyond.receipt
    assert again.receipt
    assert good.journalled
    other = desk.take(garbage[2], device="unit-09", quarantine_bytes=2 * size)
    assert other[0].receipt
    with desk.office.database.reading() as session:
        alarms = {alarm.kind: alarm.count for alarm in operations.alarms(session)}
        assert alarms["quarantine_full"] == 2
        stored = session.scalars(select(Quarantined).order_by(Quarantined.number)).all()
        assert [row.envelope for row in stored] == [*garbage[:2], garbage[2]]


def test_many_tiny_envelopes_use_the_room_up_too(desk: Desk):
    sent = desk.take(*(bytes([number]) for number in range(5)), quarantine_bytes=4 * 4096)
    assert [bool(one.receipt) for one in sent] == [True] * 4 + [False]


def test_a_decision_gives_the_unit_room_again(desk: Desk):
    desk.take(b"one", quarantine_bytes=4096)
    assert not desk.take(b"two", quarantine_bytes=4096)[0].receipt
    release.discard(desk.office, 1, staff(desk, "op", Role.OPERATOR), "試験の電文")
    assert desk.take(b"two", quarantine_bytes=4096)[0].receipt


def test_conflict_raises_its_own_alarm_and_keeps_the_first(desk: Desk):
    desk.take(conflict(desk))
    with desk.office.database.reading() as session:
        assert session.scalars(select(Alarm)).one().kind == "conflict"
        assert len(session.scalars(select(IntakeEvent)).all()) == 1


@pytest.mark.parametrize("case", [wrong_topic, revoked_key, not_yet_valid_key, conflict])
def test_a_person_may_accept_after_all(desk: Desk, case: Case):
    operator = staff(desk, "op", Role.OPERATOR)
    data = case(desk)
    desk.take(data)
    assert release.look_at(desk.office, 1).acceptable
    identity = release.accept(desk.office, 1, operator, "電話で確認した")
    with desk.office.database.reading() as session:
        receipt = desk.office.receipts.known(session, desk.office.journal, identity)
        assert receipt is not None
        found = verify_receipt(receipt, desk.keyset, identity)
        assert found.status is ReceiptStatus.JOURNALLED
        assert not operations.quarantine(session)
        assert operations.quarantine(session, state="accepted")[0].decided_by == "op"


@pytest.mark.parametrize("case", [bad_signature, wrong_office, garbled, part_missing])
def test_what_is_not_proven_stays_out_whoever_asks(desk: Desk, case: Case):
    operator = staff(desk, "op", Role.OPERATOR)
    desk.take(case(desk))
    with pytest.raises(ConflictError):
        release.accept(desk.office, 1, operator, "お願い")
    release.discard(desk.office, 1, operator, "試験の電文")
    with desk.office.database.reading() as session:
        assert session.scalars(select(Quarantined)).one().envelope


def test_a_notification_of_another_id_is_a_mismatch(desk: Desk):
    other = move_in()
    parts = {PartName.NOTIFICATION: notification.encode(move_in())}
    desk.take(desk.unit.file(desk.keyset, other, parts=parts).data)
    with desk.office.database.reading() as session:
        assert operations.quarantine(session)[0].reason == "part_mismatch"
