"""How long the steps of one search take, in milliseconds."""

import time


class Clock:
    """A stopwatch with named laps."""

    def __init__(self) -> None:
        self._began = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """What has passed since the last lap is the time of `name`."""
        now = time.perf_counter()
        self._laps[name] = 1000 * (now - self._last)
        self._last = now

    def laps(self) -> dict[str, float]:
        """All laps and the total."""
        return self._laps | {"total": 1000 * (time.perf_counter() - self._began)}
