"""The newest reader state, shared between the reader's thread and those who wait for it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from drivers.card_reader.interface import ReaderState, ReaderStatus, StateListener

_log = logging.getLogger(__name__)


class StatusBoard:
    """Holds one ReaderState; wakes waiters and tells listeners when it changes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._state = ReaderState(ReaderStatus.NO_SERVICE)
        self._listeners: list[StateListener] = []
        self._known = threading.Event()

    @property
    def state(self) -> ReaderState:
        """The newest state."""
        with self._changed:
            return self._state

    def post(self, status: ReaderStatus, name: str = "", *, card_changed: bool = False) -> None:
        """Set the state. `card_changed`: another card lies there though the status is equal."""
        with self._changed:
            old = self._state
            arrived = status is ReaderStatus.PRESENT and (
                card_changed or old.status is not ReaderStatus.PRESENT
            )
            new = ReaderState(status, name, old.insertion + (1 if arrived else 0))
            self._known.set()
            if new == old:
                return
            self._state = new
            self._changed.notify_all()
            listeners = tuple(self._listeners)
        for listener in listeners:
            self._tell(listener, new)

    def wait_for(self, *wanted: ReaderStatus, timeout_s: float) -> ReaderState:
        """Block until the status is one of `wanted` or the time is over; the state then."""
        with self._changed:
            self._changed.wait_for(lambda: self._state.status in wanted, timeout_s)
            return self._state

    def first_look(self, timeout_s: float) -> ReaderState:
        """The state once anything has been posted at all, or after the time is over."""
        self._known.wait(timeout_s)
        return self.state

    def on_change(self, listener: StateListener) -> Callable[[], None]:
        """Register a listener; the returned call takes it off again."""
        with self._changed:
            self._listeners.append(listener)
        return lambda: self._forget(listener)

    def _forget(self, listener: StateListener) -> None:
        with self._changed:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def _tell(self, listener: StateListener, state: ReaderState) -> None:
        try:
            listener(replace(state))
        except Exception:  # noqa: BLE001  (a listener's fault must not end the status loop)
            _log.exception("a listener of the card reader failed")
