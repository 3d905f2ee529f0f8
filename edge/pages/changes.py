"""Wakes every open page when anything that it shows may have changed."""

from collections.abc import Callable


class Changes:
    """A counter of changes, and whom to wake."""

    def __init__(self) -> None:
        self.version = 0
        self._wakers: set[Callable[[], object]] = set()

    def changed(self) -> None:
        """Something that a page shows may be different now."""
        self.version += 1
        for wake in tuple(self._wakers):
            wake()

    def subscribe(self, wake: Callable[[], object]) -> Callable[[], None]:
        """Have `wake` called at every change; returns the way out."""
        self._wakers.add(wake)
        return lambda: self._wakers.discard(wake)
