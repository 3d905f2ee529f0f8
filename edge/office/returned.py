"""Notifications that the office returned, so that they can be amended at any counter.

They hold residents' data, so they lie on disk like drafts: encrypted under the supervisor's key.
After a restart of the machine they are asked for again.
"""

from edge.drafts import DraftStore
from edge.errors import DraftError
from intake.errors import DecodeError
from intake.office import decision as decisions
from intake.office.decision import Decision, Outcome

PREFIX = "returned-"


class ReturnedNotifications:
    """The returns this unit knows of."""

    def __init__(self, drafts: DraftStore) -> None:
        self._drafts = drafts

    def take(self, decision: Decision) -> None:
        """The office decided: a return is kept, an acceptance ends it."""
        if decision.outcome is Outcome.ACCEPTED:
            self.settle(decision.notification_id)
            return
        held = self.get(decision.notification_id)
        if held is None or decision.revision >= held.revision:
            self._drafts.put(PREFIX + decision.notification_id, decisions.encode(decision))

    def take_all(self, listed: tuple[Decision, ...]) -> None:
        """The office's whole list: what is not on it any more is settled."""
        current = {decision.notification_id for decision in listed}
        for held in self.all():
            if held.notification_id not in current:
                self.settle(held.notification_id)
        for decision in listed:
            self.take(decision)

    def get(self, notification_id: str) -> Decision | None:
        """One return, or None."""
        try:
            data = self._drafts.get(PREFIX + notification_id)
            return None if data is None else decisions.decode(data)
        except (DraftError, DecodeError):
            return None

    def all(self) -> tuple[Decision, ...]:
        """Every return, the one due first in front."""
        names = (name for name in self._drafts.names() if name.startswith(PREFIX))
        found = (self.get(name.removeprefix(PREFIX)) for name in names)
        return tuple(sorted((d for d in found if d is not None), key=lambda d: str(d.due_on)))

    def settle(self, notification_id: str) -> None:
        """It was accepted, or amended or withdrawn at this counter."""
        self._drafts.remove(PREFIX + notification_id)
