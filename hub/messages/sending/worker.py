"""The thread that makes messages: of orders to send batches, and of decisions to be told."""

from collections.abc import Callable
from typing import Final

from hub.messages.from_register.telling import tell_due
from hub.messages.sending.making import make_due
from hub.office import Office
from hub.standing_work import StandingWork

AFTER_TROUBLE_S: Final = 5.0


class Sender:
    """One per hub; what it does is all in the database, so that another goes on with it."""

    def __init__(self, office: Office, made: Callable[[], None] = lambda: None) -> None:
        """`made` is called when delivery has something new."""
        self._office, self._made = office, made
        self._work = StandingWork("sender", self.run_once, after_trouble_s=AFTER_TROUBLE_S)

    def start(self) -> None:
        """Start the thread."""
        self._work.start()

    def stop(self) -> None:
        """End after the messages at hand."""
        self._work.stop()

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
