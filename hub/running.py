"""A look at the threads of a running hub, for health, metrics and the operator's page."""

from dataclasses import dataclass
from typing import Protocol

from hub.writer.intake import WriterState


@dataclass(frozen=True)
class Running:
    """`broker_child` is None when the broker runs apart."""

    broker_up: bool
    broker_child: bool | None
    broker_dropped: int
    writer: WriterState
    directory_problem: str | None

    @property
    def takes_notifications(self) -> bool:
        """Whether an event that arrives now would be stored."""
        return self.broker_up and self.writer.failing_since is None


class Units(Protocol):
    """The way from a page to the units; the running hub is one."""

    def running(self) -> Running:
        """How the threads fare."""
        ...

    def announce_decision(self, notification_id: str) -> None:
        """Tell the units what was decided about a notification."""
        ...

    def announce_receipt(self, identity: bytes) -> None:
        """Send the unit of an event its receipt (again)."""
        ...
