"""Notes that a resident is to be told of a decision, in the decision's own transaction.

Nothing is made here that could fail: the message itself is made afterwards, and again if need be.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session

from hub.messages.from_register.addressee import resident_of
from hub.storage.tables import DecisionMessage, Filing
from intake.notification import Notification


class TellingState(StrEnum):
    """Where the telling of a decision stands."""

    WAITING = "waiting"
    MADE = "made"
    PROBLEM = "problem"
    """It could not be made; a person looks at it."""
    OVERTAKEN = "overtaken"
    """Another decision came before it was made."""
    LEFT_OUT = "left-out"
    """A person decided that nothing is sent."""


def queue(
    session: Session,
    filing: Filing,
    notification: Notification | None,
    *,
    links: Mapping[str, str],
    touched: Sequence[str] = (),
    hidden: Collection[str] = (),
    time_us: int,
) -> None:
    """Note the decision that `filing` now holds; an older one that was not told yet is overtaken.

    links: the residents proposed for its persons; touched: those entered, in the persons' order;
    hidden: residents whom only the protected desk sees and whom the notification may concern.
    """
    session.execute(
        update(DecisionMessage)
        .where(
            DecisionMessage.notification_id == filing.notification_id,
            DecisionMessage.state.in_((TellingState.WAITING.value, TellingState.PROBLEM.value)),
        )
        .values(state=TellingState.OVERTAKEN.value, changed_us=time_us)
    )
    resident = None if notification is None else resident_of(notification, links, touched)
    session.add(
        DecisionMessage(
            notification_id=filing.notification_id,
            log_index=filing.decision_index,
            action=filing.state,
            identity=filing.identity,
            resident_id=resident,
            reason=filing.reason or "",
            due_on=filing.due_on,
            protected=bool(hidden),
            state=TellingState.WAITING.value,
            created_us=time_us,
            changed_us=time_us,
        )
    )
