"""Runs the rules that fit a procedure over a notification."""

from intake.notification.model import Notification
from intake.notification.needs import Needs
from intake.notification.rules.finding import Finding


def check(notification: Notification, needs: Needs) -> tuple[Finding, ...]:
    """Give all findings, in the rules' order; the same input gives the same findings anywhere."""
    raise NotImplementedError
