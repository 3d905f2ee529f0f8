"""A brake on guessing tokens: after some refusals a source, and then everybody, has to wait."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


def _no_times() -> dict[str, deque[float]]:
    return {}


@dataclass
class RefusalBrake:
    """Counts refusals in a sliding window; `clock` gives monotonic seconds."""

    clock: Callable[[], float]
    per_source: int = 10
    overall: int = 100
    window_seconds: float = 60.0
    _by_source: dict[str, deque[float]] = field(default_factory=_no_times)
    _all: deque[float] = field(default_factory=deque[float])

    def wait_seconds(self, source: str) -> float:
        """How long `source` has to wait before it may ask again; 0 when it may."""
        mine = self._by_source.get(source, deque[float]())
        return max(self._wait(mine, self.per_source), self._wait(self._all, self.overall))

    def refused(self, source: str) -> None:
        """Note that a request from `source` was refused."""
        now = self.clock()
        self._by_source.setdefault(source, deque[float]()).append(now)
        self._all.append(now)
        for name in [name for name, times in self._by_source.items() if not self._recent(times)]:
            del self._by_source[name]

    def _wait(self, times: deque[float], limit: int) -> float:
        recent = self._recent(times)
        if len(recent) < limit:
            return 0.0
        return recent[-limit] + self.window_seconds - self.clock()

    def _recent(self, times: deque[float]) -> deque[float]:
        oldest = self.clock() - self.window_seconds
        while times and times[0] <= oldest:
            times.popleft()
        return times
