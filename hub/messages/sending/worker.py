"""The thread that makes messages: of orders to send batches, and of decisions to be told."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from hub.errors import HubError
from hub.messages.from_register.telling import tell_due
from hub.messages.sending.making import make_due
from hub.office import Office

TICK_S: Final = 0.5
AFTER_TROUBLE_S: Final = 5.0

logger = logging.getLogger(__name__)


class Sender:
    """One per hub; what it does is all in the database, so that another goes on with it."""

    def __init__(self, office: Office, made: Callable[[], None] = lambda: None) -> None:
        """`made` is called when delivery has something new."""
        self._office, self._made = office, made
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End after the messages at hand."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(15)

    def run_once(self) -> int:
        """Make everything that is due; returns how many orders and decisions were dealt with."""
        done = 0
        for work in (tell_due, make_due):
            count = work(self._office)
            if count:
                self._office.live.say("messages")
                self._made()
            done += count
        return done

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if self.run_once():
                    continue
            except HubError as error:
                logger.warning("sending waits: %s", type(error).__name__)
                self._stopping.wait(AFTER_TROUBLE_S)
            except Exception:
                # Without this thread no resident would ever be told anything again.
                logger.exception("sending")
                self._stopping.wait(AFTER_TROUBLE_S)
            self._stopping.wait(TICK_S)
