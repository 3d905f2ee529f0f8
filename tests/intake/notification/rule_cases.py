"""For each rule a notification that it must find something in, and how cases are made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from intake.characters import Character, NameText
from intake.notification import (
    Field,
    IdentityProof,
    Notification,
    PartialDate,
    Source,
    TransferCertificate,
    Value,
)
from intake.notification.needs import Needs, RegisteredPerson, RegisterView
from intake.notification.rules import State, check
from tests.intake.notification import samples
from tests.intake.notification.samples import (
    CHILD,
    HEAD,
    HERE,
    HOUSEHOLD_CHANGE,
    MOVE_IN,
    MOVE_OUT,
    MOVE_WITHIN,
    OFFICE,
    THERE,
    TODAY,
    WIFE,
)


class Towns:
    """A table of addresses with two towns here and the wards of Yokohama."""

    def towns(self, lg_code: str) -> frozenset[str] | None:
        return frozenset({"丸の内一丁目", "大手町二丁目"}) if lg_code == OFFICE else None

    def designated_city(self, lg_code: str) -> str | None:
        return "141003" if lg_code.startswith(("1410", "1411")) else None


def registered(number: int, relationship: str, **changes: object) -> RegisteredPerson:
    person = {"p1": HEAD, "p2": WIFE, "p3": CHILD}[f"p{number}"]
    name, born, sex = (person.value(field) for field in ("name", "birth_date", "sex"))
    assert isinstance(name, NameText)
    assert isinstance(born, date)
    assert isinstance(sex, str)
    known = RegisteredPerson(
        resident_id=f"r{number}",
        name=name,
        birth_date=born,
        sex=sex,
        relationship=relationship,
        address=HERE,
        household_id="h1",
    )
    return replace(known, **changes)


FAMILY = (registered(1, "head"), registered(2, "wife"), registered(3, "child"))
REGISTER = RegisterView(
    persons={"p1": FAMILY[0], "p2": FAMILY[1], "p3": FAMILY[2]}, old_household=FAMILY
)
FULL = Needs(OFFICE, TODAY, Towns(), REGISTER)
MOVED_WITHIN = samples.signed(MOVE_WITHIN.with_field("old_address", Field(HERE, Source.REGISTER)))


def found(notification: Notification, needs: Needs = FULL) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for finding in check(notification, needs):
        if finding.state == State.FOUND:
            places.setdefault(finding.rule_id, []).append(finding.where)
    return places


def put(
    notification: Notification, name: str, value: Value | None, person_id: str | None = None
) -> Notification:
    """Give the notification with one value set or taken away, signed again."""
    if value is not None:
        changed = notification.with_field(name, Field(value, Source.CLERK), person_id=person_id)
    elif person_id is None:
        kept = {key: field for key, field in notification.fields.items() if key != name}
        changed = replace(notification, fields=kept)
    else:
        changed = replace(
            notification,
            persons=tuple(
                replace(p, fields={k: f for k, f in p.fields.items() if k != name})
                if p.person_id == person_id
                else p
                for p in notification.persons
            ),
        )
    return changed if name == "signature" else samples.signed(changed)


def with_register(**changes: object) -> Needs:
    return replace(FULL, register=replace(REGISTER, **changes))


def with_person(number: int, **changes: object) -> Needs:
    changed = replace(FAMILY[number - 1], **changes)
    return with_register(persons={**REGISTER.persons, f"p{number}": changed})


FieldCase = tuple[Notification, str, Value | None, str | None, str, str]
FIELD_CASES: list[FieldCase] = [
    (MOVE_IN, "moved_on", None, None, "move_in_items", "moved_on"),
    (MOVE_IN, "old_address", None, None, "move_in_items", "old_address"),
    (MOVE_IN, "new_household_head", None, None, "move_in_items", "new_household_head"),
    (MOVE_IN, "relationship", None, "p2", "move_in_items", "persons/p2/relationship"),
    (MOVED_WITHIN, "new_address", None, None, "move_within_items", "new_address"),
    (MOVE_OUT, "new_address", None, None, "move_out_items", "new_address"),
    (MOVE_OUT, "name", None, "p3", "move_out_items", "persons/p3/name"),
    (
        HOUSEHOLD_CHANGE,
        "household_change_kind",
        None,
        None,
        "household_change_items",
        "household_change_kind",
    ),
    (MOVE_IN, "transfer_certificate", None, None, "transfer_certificate", "transfer_certificate"),
    (
        put(MOVE_IN, "transfer_certificate", TransferCertificate("abroad")),
        "domicile_head",
        None,
        "p1",
        "items_without_certificate",
        "persons/p1/domicile_head",
    ),
    (
        put(MOVE_IN, "transfer_certificate", TransferCertificate("abroad")),
        "nationality",
        "ベトナム",
        "p2",
        "foreign_items_from_abroad",
        "persons/p2/residence_status",
    ),
    (MOVE_IN, "registered_domicile", None, "p1", "domicile", "persons/p1/registered_domicile"),
    (MOVE_IN, "resident_code", None, "p1", "resident_code", "persons/p1/resident_code"),
    (MOVE_IN, "moved_on", TODAY + timedelta(1), None, "moved_on_not_future", "moved_on"),
    (MOVE_IN, "moved_on", TODAY - timedelta(15), None, "late", "moved_on"),
    (MOVE_IN, "moved_on", TODAY - timedelta(15), None, "late_reason", "late_reason"),
    (MOVE_IN, "notified_on", TODAY + timedelta(1), None, "notified_on_not_future", "notified_on"),
    (MOVE_OUT, "moved_on", TODAY + timedelta(31), None, "move_out_window", "moved_on"),
    (MOVE_OUT, "moved_on", TODAY - timedelta(11), None, "move_out_window", "moved_on"),
    (
        MOVE_IN,
        "transfer_certificate",
        TransferCertificate("card", planned_move_on=TODAY - timedelta(31)),
        None,
        "special_move_in_window",
        "transfer_certificate",
    ),
    (MOVE_IN, "birth_date", TODAY + timedelta(1), "p3", "birth_date_plausible", "p3/birth_date"),
    (MOVE_IN, "birth_date", PartialDate(1905), "p3", "birth_date_plausible", "p3/birth_date"),
    (
        MOVE_IN,
        "residence_expires_on",
        TODAY - timedelta(1),
        "p2",
        "residence_expired",
        "persons/p2/residence_expires_on",
    ),
    (MOVE_IN, "new_address", replace(HERE, lg_code="131024"), None, "municipality", "new_address"),
    (MOVE_IN, "old_address", HERE, None, "municipality", "old_address"),
    (MOVED_WITHIN, "old_address", THERE, None, "municipality", "old_address"),
    (MOVE_OUT, "new_address", HERE, None, "municipality", "new_address"),
    (MOVE_IN, "new_address", replace(HERE, town="丸の内"), None, "town_known", "new_address"),
    (MOVE_IN, "new_address", replace(HERE, lot="角の家"), None, "lot_form", "new_address"),
    (
        MOVE_IN,
        "old_address",
        replace(THERE, lg_code="131025"),
        None,
        "lg_code_check_digit",
        "old_address",
    ),
    (MOVE_IN, "relationship", "head", "p2", "one_head", "persons/p2/relationship"),
    (MOVE_IN, "relationship", "relative", "p1", "one_head", "persons"),
    (MOVE_IN, "new_household", "joins", None, "one_head", "persons/p1/relationship"),
    (
        MOVE_IN,
        "new_household_head",
        NameText.from_plain("渡邉 太郎"),
        None,
        "head_named",
        "new_household_head",
    ),
    (MOVE_IN, "resident_code", "12345678903", "p2", "person_twice", "persons/p2/name"),
    (
        MOVE_IN,
        "name",
        NameText.of([Character.unresolved("name_ink/0")]),
        "p3",
        "unresolved_character",
        "persons/p3/name",
    ),
    (MOVE_IN, "kana", "Hajime", "p3", "kana_form", "persons/p3/kana"),
    (
        MOVE_IN,
        "residence_card_number",
        "AB1234567C",
        "p2",
        "residence_card_form",
        "persons/p2/residence_card_number",
    ),
    (
        MOVE_IN,
        "resident_code",
        "12345678904",
        "p1",
        "resident_code_check_digit",
        "persons/p1/resident_code",
    ),
    (MOVE_IN, "notifier_name", None, None, "notifier", "notifier_name"),
    (MOVE_IN, "notifier_relation", "agent", None, "notifier", "notifier_address"),
    (MOVE_IN, "notifier_relation", "agent", None, "agent_authority", "notifier_authority"),
    (MOVE_IN, "identity_proof", None, None, "identity", "identity_proof"),
    (
        MOVE_IN,
        "identity_proof",
        IdentityProof("questions", "not_confirmed"),
        None,
        "identity",
        "identity_proof",
    ),
    (MOVE_IN, "signature", None, None, "signature", "signature"),
    (MOVE_IN, "card_continued", True, "p1", "card_continued", "persons/p1/card_continued"),
    (MOVED_WITHIN, "old_address", replace(HERE, lot="2番"), None, "old_address_as_registered", ""),
    (
        MOVED_WITHIN,
        "name",
        NameText.from_plain("渡邉 一"),
        "p3",
        "name_as_registered",
        "persons/p3/name",
    ),
    (MOVED_WITHIN, "sex", "female", "p3", "sex_as_registered", "persons/p3/sex"),
    (
        MOVED_WITHIN,
        "birth_date",
        date(2019, 5, 2),
        "p3",
        "birth_date_as_registered",
        "persons/p3/birth_date",
    ),
]


def without(person_ids: set[str]) -> Notification:
    persons = tuple(p for p in MOVED_WITHIN.persons if p.person_id not in person_ids)
    return samples.signed(replace(MOVED_WITHIN, persons=persons))


REGISTER_CASES: list[tuple[Notification, Needs, str]] = [
    (MOVED_WITHIN, with_register(persons={}), "person_in_register"),
    (MOVED_WITHIN, with_person(2, household_id="h2"), "one_old_household"),
    (without({"p2", "p3"}), FULL, "old_household_keeps_head"),
    (
        put(put(MOVE_IN, "new_household", "joins"), "relationship", "relative", "p1"),
        FULL,
        "joined_household_has_head",
    ),
    (MOVED_WITHIN, with_person(3, protected=True), "protected_person"),
    (MOVED_WITHIN, with_register(open_movements=("another",)), "open_movement"),
    (MOVED_WITHIN, with_register(accepted=frozenset({"p1"})), "already_accepted"),
]
