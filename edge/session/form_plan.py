"""Which fields a procedure's form shows, in the order in which a clerk asks."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from intake.notification import Procedure

_NOTIFIER: Final = ("notifier_name", "notifier_relation", "notifier_authority", "contact")
_END: Final = ("late_reason", "remarks")
NOTIFICATION_FIELDS: Mapping[Procedure, tuple[str, ...]] = MappingProxyType(
    {
        Procedure.MOVE_IN: (
            "notified_on",
            "moved_on",
            "new_address",
            "old_address",
            "new_household",
            "new_household_head",
            "old_household_head",
            "transfer_certificate",
            *_NOTIFIER,
            *_END,
        ),
        Procedure.MOVE_WITHIN: (
            "notified_on",
            "moved_on",
            "new_address",
            "old_address",
            "new_household",
            "new_household_head",
            "old_household_head",
            *_NOTIFIER,
            *_END,
        ),
        Procedure.MOVE_OUT: (
            "notified_on",
            "moved_on",
            "new_address",
            "old_address",
            "old_household_head",
            *_NOTIFIER,
            *_END,
        ),
        Procedure.HOUSEHOLD_CHANGE: (
            "notified_on",
            "moved_on",
            "household_change_kind",
            "new_address",
            "new_household_head",
            "old_household_head",
            *_NOTIFIER,
            *_END,
        ),
    }
)
PERSON_FIELDS: Final = ("name", "kana", "birth_date", "sex", "relationship")
DOMICILE_FIELDS: Final = ("registered_domicile", "domicile_head", "resident_code")
FOREIGN_FIELDS: Final = (
    "nationality",
    "common_name",
    "residence_status",
    "residence_period",
    "residence_expires_on",
    "residence_card_number",
)


def person_fields(procedure: Procedure) -> tuple[str, ...]:
    """The fields of one person; those for foreign residents stand last."""
    if procedure is Procedure.MOVE_IN:
        return (*PERSON_FIELDS, *DOMICILE_FIELDS, "card_continued", *FOREIGN_FIELDS)
    return PERSON_FIELDS
