"""Every bad envelope, end to end: its own reason code, nothing lost, and the hub goes on.

What the broker itself refuses (another unit's topic, oversize packets, a revoked TLS certificate)
is proven in tests/system/hub.
"""

import datetime as dt
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from intake import canonical
from intake.errors import DecodeError
from intake.event import envelope as envelopes
from intake.event import seal
from intake.event.envelope import LIMIT, Envelope
from intake.event.keyset import KeySet
from intake.event.manifest import PartName
from intake.event.quarantine import QuarantineReason as Reason
from intake.event.receipt import ReceiptStatus, verify_receipt
from intake.office.environment import Environment
from tests.hub.counter_unit import CounterUnit, move_in
from tests.system.faults.office import RealOffice, RealUnit
from tests.system.faults.processes import until
from tests.system.faults.proof import check_everything, drained, journalled, kept
from tests.system.hub.conftest import Wire

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Attempt:
    """One envelope that `sender` publishes below its own name; None: it belongs into the log."""

    sender: CounterUnit
    data: bytes
    reason: Reason | None


@pytest.fixture
def wire_of(office: RealOffice) -> Iterator[Callable[[CounterUnit], Wire]]:
    """A client with the TLS certificate of a unit; one for each unit."""
    opened: dict[str, Wire] = {}

    def find(unit: CounterUnit) -> Wire:
        if unit.device not in opened:
            opened[unit.device] = Wire(unit, office.folder, office.port)
            until(opened[unit.device].client.is_connected, f"{unit.device} is connected")
        return opened[unit.device]

    yield find
    for wire in opened.values():
        wire.stop()


def taken_apart(data: bytes) -> Envelope:
    found = envelopes.decode(data)
    assert isinstance(found, Envelope)
    return found


def bent(data: bytes, place: str) -> bytes:
    """The envelope with one byte changed in its signature, its manifest or a part."""
    found = taken_apart(data)
    sealed, part = bytearray(found.sealed), bytearray(found.parts[PartName.NOTIFICATION])
    changed = part if place == "part" else sealed
    changed[sealed.index(b"move_in") if place == "manifest" else -1] ^= 1
    return envelopes.encode(Envelope(bytes(sealed), {PartName.NOTIFICATION: bytes(part)}))


def attempts(office: RealOffice, keys: KeySet, good: CounterUnit) -> list[Attempt]:
    """One of each kind and some twice; `good` is enrolled and listed, the others are made here."""
    town = office.town
    stranger = town.enrol("strange-01", listed=False)
    early = town.enrol("early-01", not_before=dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
    training = Environment.TRAINING
    trainee = town.enrol("train-01", environment=training)
    gone = town.enrol("gone-01")
    other = town.enrol("other-01")
    town.revoke(gone.signing)  # the signing key alone: its line to the broker stands
    foreign = replace(keys, reader_keys=dict.fromkeys(keys.reader_keys, good.reader.public))
    first = good.file(keys, move_in())
    clone = replace(good, sequence=0, previous=None)

    def filed(unit: CounterUnit, key_set: KeySet = keys, **changes: Any) -> bytes:  # noqa: ANN401 - fields of Manifest
        return unit.file(key_set, move_in(), **changes).data

    return [
        Attempt(good, os.urandom(300), Reason.GARBLED),
        Attempt(good, b"", Reason.GARBLED),
        Attempt(good, first.data[:-40], Reason.GARBLED),
        Attempt(good, canonical.encode([2, b"of a later year"]), Reason.UNKNOWN_VERSION),
        Attempt(good, bytes(LIMIT + 1), Reason.OVERSIZE),
        Attempt(good, bent(first.data, "signature"), Reason.BAD_SIGNATURE),
        Attempt(good, bent(first.data, "manifest"), Reason.BAD_SIGNATURE),
        Attempt(good, bent(first.data, "part"), Reason.PART_MISMATCH),
        Attempt(
            good,
            envelopes.encode(Envelope(taken_apart(first.data).sealed, {})),
            Reason.PART_MISSING,
        ),
        Attempt(good, first.data, None),
        Attempt(good, first.data, None),  # replayed by the unit itself
        Attempt(other, first.data, Reason.WRONG_TOPIC),  # replayed by another unit
        Attempt(good, clone.file(keys, move_in("別人")).data, Reason.CONFLICT),
        Attempt(good, filed(good, office="271004"), Reason.WRONG_OFFICE),
        Attempt(good, filed(good, environment=training), Reason.WRONG_ENVIRONMENT),
        Attempt(good, filed(good, foreign), Reason.UNDECRYPTABLE),
        Attempt(stranger, filed(stranger), Reason.UNKNOWN_KEY),
        Attempt(early, filed(early), Reason.NOT_YET_VALID_KEY),
        Attempt(trainee, filed(trainee, environment=training), Reason.WRONG_ENVIRONMENT),
        Attempt(gone, filed(gone), Reason.REVOKED_KEY),
        Attempt(good, filed(good), None),  # the hub goes on
    ]


def test_each_bad_envelope_gets_its_own_reason_and_hurts_nobody(
    office: RealOffice, wire_of: Callable[[CounterUnit], Wire]
) -> None:
    good = office.town.enrol("good-01")
    keys = office.keyset()
    tried = attempts(office, keys, good)
    office.start()
    for attempt in tried:
        wire = wire_of(attempt.sender)
        receipts = len(wire.receipts)
        wire.send(attempt.data)
        until(lambda: len(wire.receipts) > receipts, f"a receipt for {attempt.reason}")  # noqa: B023 - used at once
        digest = envelopes.identity_of(attempt.data)
        identity = identity_in(attempt.data) or digest
        receipt = verify_receipt(wire.receipts[-1], keys, identity, digest=digest)
        assert receipt.reason == attempt.reason
        assert (receipt.status is ReceiptStatus.JOURNALLED) == (attempt.reason is None)

    desk = office.desk()
    expected = Counter(attempt.reason for attempt in tried if attempt.reason)
    state = desk.operator()
    assert Counter(row["reason"] for row in state["quarantine"]) == expected
    assert Counter(desk.codes_on_page()) == expected
    assert set(expected) == set(Reason), "every code has been seen"
    subjects = {(alarm["kind"], alarm["subject"]) for alarm in state["alarms"]}
    assert {("conflict", "good-01"), ("quarantined", "other-01")} <= subjects
    log = journalled(office)
    assert {event.envelope for event in log.values()} == {
        attempt.data for attempt in tried if attempt.reason is None
    }
    assert office.healthy()


def identity_in(data: bytes) -> bytes | None:
    """The identity of an envelope that can be read."""
    try:
        found = envelopes.decode(data)
        return seal.read_sealed(found.sealed).identity if isinstance(found, Envelope) else None
    except DecodeError:
        return None


def test_tampered_copies_never_close_the_row_of_the_true_bytes(
    office: RealOffice, wire_of: Callable[[CounterUnit], Wire]
) -> None:
    """Somebody on the unit's own line sends changed copies first; the row waits for its own."""
    unit = office.unit()
    office.start_broker()
    office.start_hub()
    unit.start()
    until(unit.told, "the unit has keys")
    unit.process.stop()
    office.hub.kill()
    unit.start()
    unit.file(1)
    unit.process.stop()
    ((identity, data),) = kept(unit).items()
    office.start_hub()
    wire = wire_of(unit.enrolled)
    for place in ("signature", "manifest", "part"):
        wire.send(bent(data, place))
    until(lambda: len(wire.receipts) == 3, "the copies are set aside")
    false_receipts = list(wire.receipts)
    wire.stop()
    assert unit.state_of(identity) == ("waiting", None)
    unit.start()
    drained(unit)
    assert unit.state_of(identity) == ("journalled", None)
    assert len(false_receipts) == len(office.desk().operator()["quarantine"]) == 3
    check_everything(office, unit)


def test_a_revoked_and_a_cloned_unit_see_their_rows_set_aside_and_keep_them(
    office: RealOffice,
) -> None:
    honest, revoked = office.unit("unit-01"), office.unit("unit-02")
    office.town.revoke(revoked.enrolled.signing)
    office.start()
    for unit in (honest, revoked):
        unit.start()
        until(unit.told, "the unit has keys")
        unit.file(1)
        drained(unit)
    (identity,) = revoked.shown().values()
    assert revoked.state_of(identity) == ("quarantined", "revoked_key")
    assert identity in kept(revoked)

    honest.process.stop()
    clone = RealUnit(office, honest.enrolled, office.folder / "clone")
    shutil.copyfile(honest.config, clone.config)
    office.units.append(clone)
    clone.start()
    until(clone.told, "the clone has keys")
    clone.file(1)
    drained(clone)
    (copied,) = clone.shown().values()
    assert clone.state_of(copied) == ("quarantined", "conflict")
    check_everything(office, honest)


def test_a_unit_that_the_office_did_not_know_is_accepted_by_a_person(office: RealOffice) -> None:
    unit = office.unit(listed=False)
    office.start()
    unit.start()
    until(unit.told, "the unit has keys")
    unit.file(1)
    drained(unit)
    (identity,) = unit.shown().values()
    assert unit.state_of(identity) == ("quarantined", "unknown_key")
    office.list_unit(unit.enrolled)
    desk = office.desk()
    (waiting,) = desk.operator()["quarantine"]
    until(lambda: desk.accept_quarantined(waiting["number"]) == 303, "it can be accepted", 20)
    until(lambda: unit.state_of(identity)[0] == "journalled", "the unit hears of it", look_s=0.5)
    check_everything(office, unit)
