"""How much a token may do in a minute: a bucket that fills evenly, so nobody waits a whole one.

Kept in memory: one process serves the API, and a restart only gives everybody a full bucket.
"""

import math
import threading
import time
from collections.abc import Callable, Hashable
from typing import Final

MINUTE_S: Final = 60.0
ROUNDING: Final = 1e-6
"""Of one unit: what adding up fractions of a second may be off by."""
FORGET_OVER: Final = 1000
"""Buckets from which full ones, which say nothing, are forgotten."""


class PerMinute:
    """At most `limit` at once, and `limit` more in every minute after. Thread-safe."""

    def __init__(self, limit: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.limit = max(limit, 1)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._full_at: dict[Hashable, float] = {}

    def take(self, who: Hashable, count: int = 1) -> int:
        """Take `count`; 0 when they were there, else the seconds after which they will be.

        What is not there is not taken. More than the limit are taken like the limit.
        """
        each = MINUTE_S / self.limit
        cost = min(count, self.limit) * each
        with self._lock:
            now = self._monotonic()
            full_at = max(self._full_at.get(who, now), now)
            wait = full_at + cost - now - MINUTE_S
            if wait > each * ROUNDING:
                return min(max(1, math.ceil(wait)), int(MINUTE_S))
            self._full_at[who] = full_at + cost
            self._forget(now)
        return 0

    def _forget(self, now: float) -> None:
        if len(self._full_at) > FORGET_OVER:
            self._full_at = {who: at for who, at in self._full_at.items() if at > now}
