"""All rules, in the order a reader of a notification would ask."""

from intake.notification.rules.finding import Rule

RULES: tuple[Rule, ...] = ()
