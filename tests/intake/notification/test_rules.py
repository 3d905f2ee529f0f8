"""Each rule finds what it is for, asks for what it needs, and says nothing about persons."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import timedelta

import pytest

from intake.notification import (
    Address,
    Field,
    Notification,
    Procedure,
    Source,
    TransferCertificate,
    decode,
    encode,
)
from intake.notification.needs import Needs, RegisterView
from intake.notification.rules import RULES, Finding, Need, Severity, State, check, sentences
from tests.intake.notification import samples
from tests.intake.notification.rule_cases import (
    FIELD_CASES,
    FULL,
    MOVED_WITHIN,
    REGISTER_CASES,
    FieldCase,
    Towns,
    found,
    put,
    with_register,
    without,
)
from tests.intake.notification.samples import HOUSEHOLD_CHANGE, MOVE_IN, MOVE_OUT, OFFICE, TODAY


def test_complete_notifications_have_no_finding_but_hints() -> None:
    assert found(MOVE_IN) == {}
    assert found(MOVED_WITHIN) == {}
    assert found(HOUSEHOLD_CHANGE) == {"birth_date_as_registered": ["persons/p3/birth_date"]}
    assert found(MOVE_OUT) == {"seal_registration": [""]}


@pytest.mark.parametrize(
    "case", FIELD_CASES, ids=[f"{case[4]}-{number}" for number, case in enumerate(FIELD_CASES)]
)
def test_a_rule_finds_its_case(case: FieldCase) -> None:
    notification, name, value, person_id, rule_id, where = case
    places = found(put(notification, name, value, person_id))
    assert any(place.endswith(where) for place in places.get(rule_id, [])), places


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
