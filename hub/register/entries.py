"""The bodies of the log entries that make the register: decisions and ex officio entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, cast


class Action(StrEnum):
    """What a decision entry says."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class ExOfficio(StrEnum):
    """What an ex officio entry does (職権)."""

    PROTECT = "protect"
    UNPROTECT = "unprotect"


@dataclass(frozen=True)
class Acceptance:
    """A notification accepted into the register.

    `links` maps each person of it to the resident they are (persons who are new are missing);
    `household` is the household they join, empty where they make one of their own. Names and
    addresses are not here: they stay in the event that `identity` names.
    """

    notification_id: str
    identity: bytes
    revision: int
    staff_id: str
    links: Mapping[str, str]
    household: str = ""

    def body(self) -> dict[str, object]:
        """The body of the entry."""
        return {"action": Action.ACCEPTED.value, **vars(self), "links": dict(self.links)}

    @classmethod
    def read(cls, body: Mapping[str, object]) -> Self:
        """The acceptance in a body that `body` wrote."""
        return cls(
            notification_id=cast("str", body["notification_id"]),
            identity=cast("bytes", body["identity"]),
            revision=cast("int", body["revision"]),
            staff_id=cast("str", body["staff_id"]),
            links=cast("dict[str, str]", body["links"]),
            household=cast("str", body["household"]),
        )
