"""Runs the rules that fit a procedure over a notification."""

from collections.abc import Iterator

from intake.notification.model import Notification
from intake.notification.needs import Needs
from intake.notification.rules import sentences
from intake.notification.rules.finding import Finding, Need, Rule, Severity, State
from intake.notification.rules.table import RULES


def check(notification: Notification, needs: Needs) -> tuple[Finding, ...]:
    """Give all findings, in the rules' order; the same input gives the same findings anywhere."""
    return tuple(
        finding
        for rule in RULES
        if notification.procedure in rule.procedures and rule.applies(notification)
        for finding in _findings(rule, notification, needs)
    )


def _findings(rule: Rule, notification: Notification, needs: Needs) -> Iterator[Finding]:
    lacking = [need for need in Need if need in rule.needs and getattr(needs, need.value) is None]
    if lacking:
        japanese, english = sentences.not_confirmed(rule.rule_id, lacking)
        yield Finding(
            rule.rule_id,
            Severity.INFO,
            State.NOT_CONFIRMED,
            rule.article,
            japanese,
            english,
            "",
        )
        return
    for where in rule.check(notification, needs):
        japanese, english = sentences.found(rule.rule_id, notification, where)
        yield Finding(
            rule.rule_id, rule.severity, State.FOUND, rule.article, japanese, english, where
        )
