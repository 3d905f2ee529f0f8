"""When each waiting row is sent: a window, two lanes, and a resend that waits longer each time.

A row leaves this plan by its receipt alone; that the broker took it (PUBACK) is not even noted.
"""

from collections import deque
from dataclasses import dataclass

NEW_SHARE = 0.1  # of the window, kept free of backlog so that a row filed now goes out now


@dataclass
class _Flight:
    due: float
    wait: float


class ResendPlan:
    """Which identities to send at a time; times are seconds of any one steady clock."""

    def __init__(self, *, window: int = 100, first: float = 1.5, ceiling: float = 30.0) -> None:
        self._window = window
        self._first = first
        self._ceiling = ceiling
        self._new: deque[bytes] = deque()
        self._backlog: deque[bytes] = deque()
        self._flying: dict[bytes, _Flight] = {}
        self._known: set[bytes] = set()

    def add_new(self, identity: bytes) -> None:
        """A row filed just now: it goes before everything that waits."""
        if identity not in self._known:
            self._known.add(identity)
            self._new.append(identity)

    def add_backlog(self, identity: bytes) -> None:
        """A row of an earlier time; rows go in the order they are added."""
        if identity not in self._known:
            self._known.add(identity)
            self._backlog.append(identity)

    def receipted(self, identity: bytes) -> None:
        """The row has its receipt: it is never sent again."""
        self._known.discard(identity)
        self._flying.pop(identity, None)

    def reconnected(self) -> None:
        """A new connection: whatever flew on the old one may be lost and is due now.

        What was filed while there was none is backlog from here on: a row filed now goes before it.
        """
        self._backlog.extend(self._new)
        self._new.clear()
        for flight in self._flying.values():
            flight.due = 0.0
            flight.wait = self._first

    def take(self, now: float) -> tuple[bytes, ...]:
        """Identities to send now: resends that are due, then new rows, then backlog."""
        taken = [identity for identity, flight in self._flying.items() if flight.due <= now]
        for identity in taken:
            flight = self._flying[identity]
            flight.due = now + flight.wait
            flight.wait = min(flight.wait * 2, self._ceiling)
        taken += self._launch(self._new, self._window, now)
        taken += self._launch(self._backlog, int(self._window * (1 - NEW_SHARE)), now)
        return tuple(taken)

    @property
    def waiting(self) -> int:
        """Rows without a receipt."""
        return len(self._known)

    def _launch(self, lane: deque[bytes], limit: int, now: float) -> list[bytes]:
        launched: list[bytes] = []
        while lane and len(self._flying) < limit:
            identity = lane.popleft()
            if identity in self._known:
                self._flying[identity] = _Flight(now + self._first, self._first * 2)
                launched.append(identity)
        return launched
