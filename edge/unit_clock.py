"""The unit's clocks: wall, monotonic, boot id, and how much the wall clock can be believed.

A machine without a battery clock wakes up in the past. The latest time the office has signed
is kept as a floor: below it the wall clock is wrong for certain, and expiry is not judged by it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from intake.event.manifest import Clock

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
NTP_MARK: Final = Path("/run/systemd/timesync/synchronized")
JAPAN: Final = timezone(timedelta(hours=9), "JST")
SLACK_US: Final = 60_000_000


@dataclass(frozen=True)
class _OfficeTime:
    office_us: int
    wall_us: int


class UnitClock:
    """Reads the clocks; `floor_us` is the latest office time known from earlier runs."""

    def __init__(
        self, floor_us: int = 0, wall: Callable[[], int] = lambda: time.time_ns() // 1000
    ) -> None:
        self._floor_us = floor_us
        self._wall = wall
        self._seen: _OfficeTime | None = None
        self.boot_id = BOOT_ID.read_text(encoding="ascii").strip()

    def wall_us(self) -> int:
        """Microseconds since 1970 by the machine's clock, right or wrong."""
        return self._wall()

    def monotonic_us(self) -> int:
        """Microseconds since the machine started."""
        return time.monotonic_ns() // 1000

    def trusted_us(self) -> int | None:
        """The wall time, or None while it is certainly wrong (before what the office signed)."""
        now = self._wall()
        return now if now >= self._floor_us - SLACK_US else None

    def today(self) -> date:
        """The day in Japan."""
        return datetime.fromtimestamp(self._wall() / 1_000_000, JAPAN).date()

    def office_said(self, office_us: int) -> None:
        """The office signed something at `office_us` and it came just now."""
        self._seen = _OfficeTime(office_us, self._wall())
        self._floor_us = max(self._floor_us, office_us)

    def remember(self, office_us: int) -> None:
        """The office signed something at `office_us` in an earlier run."""
        self._floor_us = max(self._floor_us, office_us)

    @property
    def floor_us(self) -> int:
        """The latest time the office is known to have signed."""
        return self._floor_us

    def quality(self) -> Clock:
        """What a manifest says about the wall time."""
        if NTP_MARK.exists():
            return Clock("ntp", int(NTP_MARK.stat().st_mtime * 1_000_000), None)
        if self._seen is not None:
            away = abs(self._seen.office_us - self._seen.wall_us)
            return Clock("hub", self._seen.wall_us, away)
        return Clock("unknown", None, None)
