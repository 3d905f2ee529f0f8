"""Orders the counter units for the operator: the worst first, each with what is wrong with it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hub.clock import instant, iso
from hub.operations import DeviceView

SOON: Final = dt.timedelta(days=30)
"""A key that ends within this is renewed now."""
WAITS_LONG: Final = dt.timedelta(minutes=5)
ROOM_BYTES: Final = 512 * 1024 * 1024
_WEIGHT: Final[Mapping[str, int]] = {
    "lost": 100,
    "key_ended": 90,
    "quarantined": 60,
    "waits_long": 50,
    "disk": 40,
    "never_seen": 30,
    "closed": 20,
    "key_ends": 10,
    "no_tablet": 8,
    "no_card_reader": 6,
}
"""Codes of trouble; the sentences stand in the catalogue under `trouble`."""


@dataclass(frozen=True)
class UnitRow:
    """One unit with its troubles, worst first."""

    device: DeviceView
    troubles: tuple[str, ...]
    waiting: int | None
    oldest_at: str

    @property
    def weight(self) -> int:
        """How much it asks for attention; 0 when nothing is wrong."""
        return sum(_WEIGHT[trouble] for trouble in self.troubles)


def worst_first(devices: tuple[DeviceView, ...], now_us: int) -> tuple[UnitRow, ...]:
    """Every unit in use by weight of its troubles, then those retired or revoked."""
    rows = [_row(device, now_us) for device in devices]
    return tuple(
        sorted(
            rows,
            key=lambda row: (row.device.status != "active", -row.weight, row.device.device),
        )
    )


def _row(device: DeviceView, now_us: int) -> UnitRow:
    health = device.health
    oldest = health.get("oldest_us")
    found = _troubles(device, health, instant(now_us)) if device.status == "active" else []
    return UnitRow(
        device=device,
        troubles=tuple(sorted(found, key=lambda code: -_WEIGHT[code])),
        waiting=health.get("waiting"),
        oldest_at=iso(oldest) if oldest else "",
    )


def _troubles(device: DeviceView, health: Mapping[str, Any], now: dt.datetime) -> list[str]:
    expires = dt.datetime.fromisoformat(device.key_expires_at) if device.key_expires_at else None
    oldest = health.get("oldest_us")
    holds = {
        "lost": device.connection == "lost",
        "closed": device.connection == "closed",
        "never_seen": device.connection == "unknown",
        "key_ended": expires is not None and expires <= now,
        "key_ends": expires is not None and now < expires <= now + SOON,
        "quarantined": bool(health.get("quarantined")),
        "waits_long": bool(oldest) and now - instant(oldest or 0) > WAITS_LONG,
        "disk": "free_bytes" in health and health["free_bytes"] < ROOM_BYTES,
        "no_tablet": health.get("tablet") is False,
        "no_card_reader": health.get("card_reader") is False,
    }
    return [code for code, true in holds.items() if true]
