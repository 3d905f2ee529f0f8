"""Validation rules: pure functions that say the same at the counter and in the office."""

from intake.notification.rules.check import check
from intake.notification.rules.finding import Finding, Need, Rule, Severity, State
from intake.notification.rules.table import RULES

__all__ = ["RULES", "Finding", "Need", "Rule", "Severity", "State", "check"]
