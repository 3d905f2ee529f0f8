"""A thread that works off what lies in the database, and goes on whatever happens to one piece."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from hub.errors import HubError

TICK_S: Final = 0.5
STOP_S: Final = 15.0

logger = logging.getLogger(__name__)


class StandingWork:
    """Calls `work` again at once while it found something, else after a tick.

    after_trouble_s: the pause after an error, so that the log is not flooded. `stopping` is set
    when the work is to end; long pieces look at it.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], object],
        *,
        after_trouble_s: float,
        tick_s: float = TICK_S,
    ) -> None:
        self.stopping = threading.Event()
        self._name, self._work = name, work
        self._after_trouble_s, self._tick_s = after_trouble_s, tick_s
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End after the piece at hand; safe when nothing was started."""
        self.stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _run(self) -> None:
        while not self.stopping.is_set():
            try:
                if self._work():
                    continue
            except HubError as error:
                # Never the sentence: it could quote a resident.
                logger.warning("%s waits: %s", self._name, type(error).__name__)
                self.stopping.wait(self._after_trouble_s)
            except Exception:
                # Without this thread none of its work would ever be done again.
                logger.exception("%s", self._name)
                self.stopping.wait(self._after_trouble_s)
            self.stopping.wait(self._tick_s)
