"""What a unit says of itself on `state` and `health`: technical, never about a resident.

Not signed: the broker lets only the unit's own TLS certificate publish here, and nothing
is decided on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from intake import canonical
from intake.record import UUID, Record

VERSION: Final = 1
LIMIT: Final = 4096


class UnitState(StrEnum):
    """Online; closed on purpose; lost (the broker says so, by the last will)."""

    ONLINE = "online"
    CLOSED = "closed"
    LOST = "lost"


@dataclass(frozen=True)
class Presence:
    """The retained `state`; a late `lost` is matched to its start by `boot_id`."""

    state: UnitState
    boot_id: str
    since_us: int


@dataclass(frozen=True)
class Health:
    """One `health` message; None where the unit does not know."""

    boot_id: str
    time_us: int
    waiting: int
    """Events in the outbox without a receipt."""
    oldest_us: int | None
    """Wall time of the oldest of them."""
    quarantined: int
    free_bytes: int
    clock_uncertainty_us: int | None
    keyset_version: int
    roster_version: int
    tablet: bool
    card_reader: bool
    software: Mapping[str, str] = field(default_factory=dict[str, str])


def encode_presence(presence: Presence) -> bytes:
    """The payload of `state`."""
    data = canonical.encode({"v": VERSION, **vars(presence)})
    decode_presence(data)
    return data


def decode_presence(data: bytes) -> Presence:
    """The state of a unit; DecodeError when it is not in the known form."""
    record = Record(canonical.decode(data, limit=LIMIT, depth=2), "presence")
    record.version(VERSION)
    presence = Presence(
        state=record.choice("state", UnitState),
        boot_id=record.text("boot_id", pattern=UUID),
        since_us=record.integer("since_us"),
    )
    record.close()
    return presence


def encode_health(health: Health) -> bytes:
    """The payload of `health`."""
    data = canonical.encode({"v": VERSION, **vars(health)})
    decode_health(data)
    return data


def decode_health(data: bytes) -> Health:
    """The health of a unit; DecodeError when it is not in the known form."""
    record = Record(canonical.decode(data, limit=LIMIT, depth=3), "health")
    record.version(VERSION)
    uncertainty = "clock_uncertainty_us"
    health = Health(
        boot_id=record.text("boot_id", pattern=UUID),
        time_us=record.integer("time_us"),
        waiting=record.integer("waiting"),
        oldest_us=None if record.absent("oldest_us") else record.integer("oldest_us"),
        quarantined=record.integer("quarantined"),
        free_bytes=record.integer("free_bytes"),
        clock_uncertainty_us=None if record.absent(uncertainty) else record.integer(uncertainty),
        keyset_version=record.integer("keyset_version"),
        roster_version=record.integer("roster_version"),
        tablet=record.flag("tablet"),
        card_reader=record.flag("card_reader"),
        software=record.texts("software", limit=16),
    )
    record.close()
    return health
