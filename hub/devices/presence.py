"""What units say of themselves: connected or lost, and their health. Nothing is decided on it."""

import json

from hub.storage.database import Database
from hub.storage.tables import Device
from intake.event.presence import UnitState, decode_health, decode_presence


def note_presence(database: Database, device: str, payload: bytes, now_us: int) -> None:
    """Take in a `state`; a `lost` of an earlier start of the unit is ignored.

    DecodeError when the payload has another form. A unit that is not in the directory is not noted.
    """
    presence = decode_presence(payload)
    with database.writing() as session:
        row = session.get(Device, device)
        if row is None:
            return
        late = presence.state is UnitState.LOST and row.boot_id not in (None, presence.boot_id)
        if late:
            return
        row.connection, row.boot_id = presence.state.value, presence.boot_id
        row.seen_us = now_us


def note_health(database: Database, device: str, payload: bytes, now_us: int) -> None:
    """Take in a `health`; DecodeError when the payload has another form."""
    health = decode_health(payload)
    with database.writing() as session:
        row = session.get(Device, device)
        if row is not None:
            row.health = json.dumps({**vars(health), "software": dict(health.software)})
            row.health_us = row.seen_us = now_us
