"""What a rule is and what it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from intake.notification.model import Notification, Procedure
from intake.notification.needs import Needs


class Severity(StrEnum):
    """How much a finding weighs at the counter; in the office all are hints to the reviewer."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class State(StrEnum):
    """Whether a rule found something, or lacked what it needs to tell."""

    FOUND = "found"
    NOT_CONFIRMED = "not_confirmed"


class Need(StrEnum):
    """Something a rule needs from outside, by the field of `Needs` that holds it."""

    TODAY = "today"
    ADDRESS_MASTER = "address_master"
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence for clerk or reviewer. `where` is `field`, `persons/<person_id>/field` or "".

    A finding in state `not_confirmed` never blocks: its severity is `info`. No message holds a
    value of the notification.
    """

    rule_id: str
    severity: Severity
    state: State
    article: str
    message_ja: str
    message_en: str
    where: str


Check = Callable[[Notification, Needs], Iterable[str]]
"""Gives the places (`where`) at which a rule finds something."""


def always(_: Notification) -> bool:
    """Say that a rule concerns every notification of its procedures."""
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `article` is the law it rests on, "" where it rests on practice and never blocks.

    Where `applies` says no there is nothing to confirm either.

    Article numbers are those of the law text the rule was written from (docs/notification.md).
    """

    rule_id: str
    procedures: frozenset[Procedure]
    severity: Severity
    article: str
    check: Check
    needs: frozenset[Need] = frozenset()
    applies: Callable[[Notification], bool] = always


MOVE_IN = frozenset({Procedure.MOVE_IN})
MOVE_WITHIN = frozenset({Procedure.MOVE_WITHIN})
MOVE_OUT = frozenset({Procedure.MOVE_OUT})
HOUSEHOLD_CHANGE = frozenset({Procedure.HOUSEHOLD_CHANGE})
ALL = frozenset(Procedure)
