"""The hub's wall clock, in one place so that a test can hold it still."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Final

Clock = Callable[[], int]
"""Returns microseconds since 1970-01-01 UTC."""

JAPAN = dt.timezone(dt.timedelta(hours=9), "JST")


def now_us() -> int:
    """The time now, in microseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1000


LATEST_US: Final = 253_402_214_400_000_000
"""9999-12-31 UTC. A unit may state any time; a later one than a calendar has is shown as this."""


def instant(time_us: int) -> dt.datetime:
    """The aware datetime (UTC) of `time_us`, from 1970 to LATEST_US whatever a unit states."""
    return dt.datetime.fromtimestamp(min(max(time_us, 0), LATEST_US) / 1_000_000, dt.UTC)


def local_date(time_us: int) -> dt.date:
    """The date in Japan at `time_us`; legal periods count these days."""
    return instant(time_us).astimezone(JAPAN).date()


def iso(time_us: int) -> str:
    """`time_us` as ISO 8601 in Japan's time, to the second, for pages and JSON."""
    return instant(time_us).astimezone(JAPAN).isoformat(timespec="seconds")
