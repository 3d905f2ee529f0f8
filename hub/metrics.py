"""The hub in numbers, as Prometheus text. Labels are devices, states and reason codes only."""

from collections.abc import Iterable

from sqlalchemy import func, select

from hub.messages.publications import newest_sizes
from hub.office import Office
from hub.review.queue import counts
from hub.running import Running
from hub.storage.tables import Alarm, Device, Quarantined


def metrics_text(office: Office, running: Running) -> str:
    """One line a number, with help and type."""
    with office.database.reading() as session:
        epoch, size = newest_sizes(session)
        filings = counts(session)
        waiting = session.execute(
            select(Quarantined.reason, func.count())
            .where(Quarantined.state == "waiting")
            .group_by(Quarantined.reason)
        ).all()
        alarms = session.scalar(
            select(func.count()).select_from(Alarm).where(Alarm.seen_us.is_(None))
        )
        devices = session.execute(
            select(Device.connection, func.count()).group_by(Device.connection)
        ).all()
    writer = running.writer
    lines = [
        *_one("log_size", "gauge", "Leaves in the log", size),
        *_one("log_epoch", "gauge", "Lives of the log", epoch),
        *_one("intake_journalled_total", "counter", "Events stored", writer.journalled),
        *_one("intake_repeated_total", "counter", "Events sent again", writer.repeated),
        *_one("intake_quarantined_total", "counter", "Envelopes set aside", writer.quarantined),
        *_one("intake_batches_total", "counter", "Commits of the intake writer", writer.batches),
        *_one("intake_failing", "gauge", "1 while commits fail", int(bool(writer.failing_since))),
        *_one("broker_up", "gauge", "1 while connected", int(running.broker_up)),
        *_one("broker_dropped_total", "counter", "Dropped by the broker", running.broker_dropped),
        *_one("alarms", "gauge", "Alarms nobody has seen", alarms or 0),
        *_many("notifications", "Notifications by state", "state", filings.items()),
        *_many(
            "quarantine_waiting", "Waiting envelopes", "reason", [(str(k), n) for k, n in waiting]
        ),
        *_many("devices", "Units by connection", "connection", [(k, n) for k, n in devices]),
    ]
    return "\n".join(lines) + "\n"


def _one(name: str, kind: str, help_text: str, value: int) -> tuple[str, ...]:
    full = f"madoguchi_hub_{name}"
    return (f"# HELP {full} {help_text}", f"# TYPE {full} {kind}", f"{full} {value}")


def _many(
    name: str, help_text: str, label: str, rows: Iterable[tuple[str | None, int]]
) -> tuple[str, ...]:
    full = f"madoguchi_hub_{name}"
    values = [f'{full}{{{label}="{key or "unknown"}"}} {value}' for key, value in rows]
    return (f"# HELP {full} {help_text}", f"# TYPE {full} gauge", *values)
