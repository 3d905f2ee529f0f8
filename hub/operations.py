"""What the operator's page shows: units, quarantine, gaps, alarms. No personal data."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from hub.clock import iso
from hub.storage.tables import (
    Alarm,
    Checkpoint,
    Device,
    DeviceKey,
    Epoch,
    IntakeEvent,
    Quarantined,
)
from intake.event.quarantine import sentence_of

NEWEST = 20


@dataclass(frozen=True)
class DeviceView:
    """One unit. `health` is what it last said of itself, as the contract names it."""

    device: str
    status: str
    connection: str
    seen_at: str
    last_event_at: str
    last_sequence: int
    key_expires_at: str
    health: dict[str, Any]


@dataclass(frozen=True)
class QuarantineView:
    """One quarantined envelope."""

    number: int
    received_at: str
    topic_device: str
    device: str
    reason: str
    sentence_ja: str
    sentence_en: str
    reception_number: str
    identity: str
    size: int
    state: str
    decided_by: str
    decision_reason: str


@dataclass(frozen=True)
class GapView:
    """An event whose predecessor is not in the log (yet)."""

    device: str
    sequence: int
    received_at: str
    missing: int


@dataclass(frozen=True)
class AlarmView:
    """One open alarm."""

    number: int
    kind: str
    subject: str
    first_at: str
    last_at: str
    count: int


@dataclass(frozen=True)
class CheckpointView:
    """One signed checkpoint."""

    epoch: int
    size: int
    root: str
    time: str


def devices(session: Session) -> tuple[DeviceView, ...]:
    """Every unit: those in trouble first."""
    views = [_device(session, row) for row in session.scalars(select(Device))]
    return tuple(sorted(views, key=lambda view: (view.connection == "online", view.device)))


def quarantine(session: Session, *, state: str = "waiting") -> tuple[QuarantineView, ...]:
    """The quarantined envelopes in one state, newest first."""
    rows = session.scalars(
        select(Quarantined).where(Quarantined.state == state).order_by(Quarantined.number.desc())
    )
    return tuple(quarantine_view(row) for row in rows)


def quarantine_view(row: Quarantined) -> QuarantineView:
    """One row for the page."""
    return QuarantineView(
        number=row.number,
        received_at=iso(row.received_us),
        topic_device=row.topic_device,
        device=row.device or "",
        reason=row.reason,
        sentence_ja=sentence_of(row.reason, "ja"),
        sentence_en=sentence_of(row.reason, "en"),
        reception_number=row.reception_number or "",
        identity=row.identity.hex() if row.identity else "",
        size=len(row.envelope),
        state=row.state,
        decided_by=row.decided_by or "",
        decision_reason=row.decision_reason or "",
    )


def gaps(session: Session) -> tuple[GapView, ...]:
    """Events whose predecessor is missing: a unit still resends it, or something was lost."""
    before = aliased(IntakeEvent)
    rows = session.scalars(
        select(IntakeEvent)
        .outerjoin(before, before.identity == IntakeEvent.previous)
        .where(IntakeEvent.previous.is_not(None), before.identity.is_(None))
        .order_by(IntakeEvent.log_index)
    )
    return tuple(
        GapView(row.device, row.sequence, iso(row.received_us), row.sequence - 1) for row in rows
    )


def alarms(session: Session) -> tuple[AlarmView, ...]:
    """Alarms that nobody has marked as seen."""
    rows = session.scalars(
        select(Alarm).where(Alarm.seen_us.is_(None)).order_by(Alarm.last_us.desc())
    )
    return tuple(
        AlarmView(row.number, row.kind, row.subject, iso(row.first_us), iso(row.last_us), row.count)
        for row in rows
    )


def checkpoints(session: Session) -> tuple[CheckpointView, ...]:
    """The newest checkpoints."""
    rows = session.scalars(
        select(Checkpoint).order_by(Checkpoint.epoch.desc(), Checkpoint.size.desc()).limit(NEWEST)
    )
    return tuple(CheckpointView(r.epoch, r.size, r.root.hex(), iso(r.time_us)) for r in rows)


def epochs(session: Session) -> int:
    """How many lives the log has had; more than one means that a backup was restored."""
    return session.scalar(select(func.count()).select_from(Epoch)) or 0


def _device(session: Session, row: Device) -> DeviceView:
    last = session.execute(
        select(func.max(IntakeEvent.received_us), func.max(IntakeEvent.sequence)).where(
            IntakeEvent.device == row.device
        )
    ).one()
    expires = session.scalar(
        select(func.max(DeviceKey.not_after_us)).where(DeviceKey.device == row.device)
    )
    return DeviceView(
        device=row.device,
        status=row.status,
        connection=row.connection or "unknown",
        seen_at=iso(row.seen_us) if row.seen_us else "",
        last_event_at=iso(last[0]) if last[0] else "",
        last_sequence=last[1] or 0,
        key_expires_at=iso(expires) if expires else "",
        health=json.loads(row.health) if row.health else {},
    )
