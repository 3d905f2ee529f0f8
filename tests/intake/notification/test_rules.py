"""Each rule finds what it is for, asks for what it needs, and says nothing about persons."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date, timedelta

import pytest

from intake.characters import Character, NameText
from intake.notification import (
    Address,
    Field,
    IdentityProof,
    Notification,
    PartialDate,
    Procedure,
    Source,
    TransferCertificate,
    Value,
    decode,
    encode,
)
from intake.notification.needs import Needs, RegisteredPerson, RegisterView
from intake.notification.rules import RULES, Finding, Need, Severity, State, check, sentences
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


def test_complete_notifications_have_no_finding_but_hints() -> None:
    assert found(MOVE_IN) == {}
    assert found(MOVED_WITHIN) == {}
    assert found(HOUSEHOLD_CHANGE) == {"birth_date_as_registered": ["persons/p3/birth_date"]}
    assert found(MOVE_OUT) == {"seal_registration": [""]}


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


@pytest.mark.parametrize(
    "case", FIELD_CASES, ids=[f"{case[4]}-{number}" for number, case in enumerate(FIELD_CASES)]
)
def test_a_rule_finds_its_case(case: FieldCase) -> None:
    notification, name, value, person_id, rule_id, where = case
    places = found(put(notification, name, value, person_id))
    assert any(place.endswith(where) for place in places.get(rule_id, [])), places


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


@pytest.mark.parametrize(
    ("notification", "needs", "rule_id"), REGISTER_CASES, ids=[c[2] for c in REGISTER_CASES]
)
def test_a_rule_compares_with_the_register(
    notification: Notification, needs: Needs, rule_id: str
) -> None:
    assert rule_id in found(notification, needs)


def test_every_rule_is_met_by_a_case() -> None:
    met = {case[4] for case in FIELD_CASES} | {case[2] for case in REGISTER_CASES}
    met |= {"signed_this_content", "seal_registration", "ward_of_city"}
    assert met == {rule.rule_id for rule in RULES}


def test_a_household_of_one_needs_no_notification_of_a_head() -> None:
    assert "old_household_keeps_head" not in found(without({"p3"}))


def test_an_own_open_movement_is_no_other() -> None:
    own = with_register(open_movements=(MOVED_WITHIN.notification_id,))
    assert "open_movement" not in found(MOVED_WITHIN, own)


def test_a_correction_after_the_signature_shows() -> None:
    changed = MOVE_IN.with_field("contact", Field("090-0000-0000", Source.CLERK))
    assert found(changed) == {"signed_this_content": ["signature"]}


def ward(code: str) -> Address:
    return Address(code, "神奈川県横浜市", "一丁目", "1番")


@pytest.mark.parametrize(
    ("procedure", "office", "old", "new", "rules"),
    [
        (Procedure.MOVE_IN, "141020", "141011", "141020", {"ward_of_city"}),
        (Procedure.MOVE_WITHIN, "141003", "141011", "141020", {"ward_of_city"}),
        (Procedure.MOVE_WITHIN, "141011", "141305", "141011", set[str]()),
        (Procedure.MOVE_WITHIN, "131016", "131024", "131016", {"municipality"}),
    ],
)
def test_wards_of_a_designated_city(
    procedure: Procedure, office: str, old: str, new: str, rules: set[str]
) -> None:
    moved = replace(MOVE_IN, procedure=procedure)
    moved = put(put(moved, "old_address", ward(old)), "new_address", ward(new))
    places = found(moved, Needs(office, TODAY, Towns(), RegisterView()))
    assert places.keys() & {"ward_of_city", "municipality"} == rules


def test_an_address_abroad_belongs_to_no_municipality() -> None:
    abroad = Address("", "フランス共和国", "", "")
    assert "municipality" not in found(put(MOVE_IN, "old_address", abroad))
    assert "municipality" in found(put(MOVE_IN, "new_address", abroad))


@pytest.mark.parametrize(
    ("days", "late"), [(13, False), (14, False), (15, True)], ids=["13", "14", "15"]
)
def test_the_day_of_the_move_does_not_count(days: int, late: bool) -> None:
    moved = put(MOVE_IN, "moved_on", TODAY - timedelta(days))
    assert ("late" in found(moved)) is late


@pytest.mark.parametrize(("days", "over"), [(30, False), (31, True)])
def test_the_window_of_the_move_in_by_card(days: int, over: bool) -> None:
    certificate = TransferCertificate("card", planned_move_on=TODAY - timedelta(days))
    places = found(put(MOVE_IN, "transfer_certificate", certificate))
    assert ("special_move_in_window" in places) is over


def test_special_permanent_residents_have_no_period_of_stay() -> None:
    abroad = put(MOVE_IN, "transfer_certificate", TransferCertificate("abroad"))
    one = put(put(abroad, "nationality", "韓国", "p2"), "residence_status", "特別永住者", "p2")
    assert found(one)["foreign_items_from_abroad"] == ["persons/p2/residence_card_number"]


def findings() -> list[Finding]:
    needs = [FULL, Needs(OFFICE), Needs(OFFICE, TODAY + timedelta(400), Towns(), RegisterView())]
    spoilt = [replace(n, persons=(), fields={}) for n in samples.ALL.values()]
    cases = [put(n, name, value, p) for n, name, value, p, _, _ in FIELD_CASES]
    everything = [*samples.ALL.values(), *spoilt, *cases]
    return [finding for n in everything for need in needs for finding in check(n, need)]


def test_a_missing_need_never_blocks() -> None:
    for finding in check(MOVE_IN, Needs(OFFICE)):
        assert finding.state == State.NOT_CONFIRMED
        assert finding.severity == Severity.INFO
    unconfirmed = {f.rule_id for f in check(MOVED_WITHIN, Needs(OFFICE))}
    assert unconfirmed == {
        rule.rule_id
        for rule in RULES
        if rule.needs and Procedure.MOVE_WITHIN in rule.procedures and rule.applies(MOVED_WITHIN)
    }


def test_a_block_rests_on_law() -> None:
    assert [rule.rule_id for rule in RULES if rule.severity == "block" and not rule.article] == []
    assert len({rule.rule_id for rule in RULES}) == len(RULES) >= 16


def test_messages_are_whole_and_hold_no_personal_value() -> None:
    secrets = ("渡", "太郎", "花子", "丸の内", "築地", "03-0000", "1234567")
    for finding in findings():
        for message in (finding.message_ja, finding.message_en):
            assert message
            assert "{" not in message
            assert not any(secret in message for secret in secrets)


@pytest.mark.parametrize("section", ["title", "found", "needs", "state"])
def test_catalogues_say_the_same_things(section: str) -> None:
    japanese, english = (sentences.catalogue(language)[section] for language in ("ja", "en"))
    assert japanese.keys() == english.keys()
    if section in ("title", "found"):
        assert japanese.keys() == {rule.rule_id for rule in RULES}
    if section == "needs":
        assert japanese.keys() == {need.value for need in Need}
    for key, text in japanese.items():
        assert names_in(text) == names_in(english[key])


def names_in(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_sides_say_the_same() -> None:
    for notification in samples.ALL.values():
        assert check(decode(encode(notification)), FULL) == check(notification, FULL)
