"""What must hold after any fault: every number shown is in the log once, with the same bytes."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from hub import operations
from hub.log.entry import EntryKind
from hub.office import Office
from hub.storage.tables import IntakeEvent, IntakePart, LogEntry
from intake.event import envelope as envelopes
from intake.event.envelope import Envelope
from intake.event.manifest import PartName
from tests.system.faults.office import RealOffice, RealUnit
from tests.system.faults.processes import until


@dataclass(frozen=True)
class Journalled:
    """One event of the hub's log, with the envelope rebuilt from what the hub stored."""

    index: int
    device: str
    sequence: int
    reception_number: str
    envelope: bytes


def journalled(office: RealOffice) -> dict[str, Journalled]:
    """Every event of the log, by identity; each stands in it once."""
    opened = Office.open(office.settings)
    try:
        with opened.database.reading() as session:
            leaves = Counter(
                session.scalars(
                    select(LogEntry.identity).where(LogEntry.kind == EntryKind.INTAKE.value)
                )
            )
            assert set(leaves.values()) <= {1}, "an event stands twice in the log"
            events = list(session.scalars(select(IntakeEvent)))
            assert leaves.keys() == {event.identity for event in events}
            parts: dict[bytes, dict[PartName, bytes]] = {}
            for part in session.scalars(select(IntakePart)):
                parts.setdefault(part.identity, {})[PartName(part.name)] = part.sealed
            return {
                event.identity.hex(): Journalled(
                    event.log_index,
                    event.device,
                    event.sequence,
                    event.reception_number,
                    envelopes.encode(Envelope(event.sealed, parts.get(event.identity, {}))),
                )
                for event in events
            }
    finally:
        opened.close()


def gaps(office: RealOffice) -> int:
    """Events whose predecessor is not in the log."""
    opened = Office.open(office.settings)
    try:
        with opened.database.reading() as session:
            return len(operations.gaps(session))
    finally:
        opened.close()


def kept(unit: RealUnit) -> Mapping[str, bytes]:
    """The bytes the unit keeps, by identity."""
    path = unit.state / "outbox" / "outbox.sqlite3"
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = database.execute("SELECT hex(identity), bytes FROM event JOIN envelope USING (row)")
        return {identity.lower(): data for identity, data in rows}
    finally:
        database.close()


def lost(office: RealOffice, unit: RealUnit) -> set[str]:
    """Reception numbers that were shown and are not in the log."""
    stored = {event.reception_number for event in journalled(office).values()}
    return unit.shown().keys() - stored


def drained(*units: RealUnit, seconds: float = 60.0) -> None:
    """Wait until no row of any unit waits for a receipt."""
    for unit in units:
        until(
            lambda unit=unit: unit.waiting() == 0,
            f"the outbox of {unit.enrolled.device} drains: {unit.process.said()}",
            seconds,
            look_s=0.2,
        )


def check_everything(office: RealOffice, *units: RealUnit) -> int:
    """The whole promise, after the outboxes have drained; returns how many events there are."""
    stored = journalled(office)
    for unit in units:
        own = kept(unit)
        shown = unit.shown()
        assert shown
        assert lost(office, unit) == set()
        for number, identity in shown.items():
            assert stored[identity].reception_number == number
            assert stored[identity].envelope == own[identity], "the bytes are not the same"
        here = [event for event in stored.values() if event.device == unit.enrolled.device]
        assert sorted(event.sequence for event in here) == list(range(1, len(here) + 1))
        assert {identity for identity in stored if identity in own} == set(own)
        report = unit.verify()
        assert report["ok"], report["problems"]
        assert report["receipts"] == report["rows"] == len(own)
    assert gaps(office) == 0
    report = office.run_hub_command("log", "verify")
    assert isinstance(report, dict)
    assert report["ok"], report["problems"]
    return len(stored)
