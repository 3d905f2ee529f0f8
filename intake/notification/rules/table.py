"""All rules, in the order a reader of a notification would ask."""

from intake.notification.rules import (
    addresses,
    against_register,
    dates,
    items,
    notifier,
    persons,
)
from intake.notification.rules.finding import Rule

RULES: tuple[Rule, ...] = (
    *items.RULES,
    *dates.RULES,
    *addresses.RULES,
    *persons.RULES,
    *notifier.RULES,
    *against_register.RULES,
)
