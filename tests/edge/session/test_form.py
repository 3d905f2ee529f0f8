"""Typed values: every field type, names that keep their glyphs, and addresses off a card."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import FieldError
from edge.session.form import Hand, Place, fill_in
from edge.session.form_plan import NOTIFICATION_FIELDS, person_fields
from edge.session.prefill import by_card, split_address
from edge.session.value_json import to_json, to_text
from intake.certificates.text_record import TextAttributes
from intake.characters import Character, NameText
from intake.notification import (
    Address,
    Notification,
    PartialDate,
    Person,
    Procedure,
    Source,
    TransferCertificate,
)
from intake.notification.codec import decode, encode
from intake.notification.fields import FIELDS, Level

HAND = Hand("sato", Source.CLERK, 1, "asked")
EMPTY = Notification("00000000-0000-4000-8000-000000000000", Procedure.MOVE_IN, {}, (Person("p1"),))


@pytest.mark.parametrize(
    ("where", "typed", "value"),
    [
        ("moved_on", "2026-04-01", dt.date(2026, 4, 1)),
        ("moved_on", "令和8年4月1日", dt.date(2026, 4, 1)),
        ("contact", " 03-0000-0000 ", "03-0000-0000"),
        ("notifier_relation", "self", "self"),
        ("notifier_authority", "true", True),
        ("notifier_authority", False, False),
        ("transfer_certificate", "abroad", TransferCertificate("abroad")),
        (
            "transfer_certificate",
            {"kind": "card", "planned_move_on": "R8.4.1"},
            TransferCertificate("card", None, dt.date(2026, 4, 1)),
        ),
        (
            "new_address",
            {
                "lg_code": "131016",
                "prefecture_city": "東京都千代田区",
                "town": "一番町",
                "lot": "1",
            },
            Address("131016", "東京都千代田区", "一番町", "1"),
        ),
        ("persons/p1/birth_date", "昭和64年1月7日", dt.date(1989, 1, 7)),
        ("persons/p1/birth_date", "1950", PartialDate(1950)),
        ("persons/p1/birth_date", "1950-03", PartialDate(1950, 3)),
        ("persons/p1/name", "髙橋", NameText.from_plain("髙橋")),
        (
            "persons/p1/name",
            [{"repertoire": "mj", "id": "MJ026191", "text": "x"}],
            NameText((Character("mj", "MJ026191", "x"),)),
        ),
    ],
)
def test_a_typed_value_becomes_the_fields_type(where: str, typed: object, value: object) -> None:
    filled = fill_in(EMPTY, {where: typed}, HAND)
    place = Place.parse(where)
    holder = filled if place.person_id is None else filled.person(place.person_id)
    assert holder.value(place.name) == value
    shown = to_json(holder.fields[place.name].value)
    assert fill_in(filled, {where: shown}, HAND) == filled, "what is shown can be sent back"
    assert to_text(holder.fields[place.name].value)


@pytest.mark.parametrize(
    ("where", "typed"),
    [
        ("moved_on", "yesterday"),
        ("moved_on", 7),
        ("notifier_relation", "nobody"),
        ("persons/p9/name", "髙橋"),
        ("persons/p1/name", [{"repertoire": "mj"}]),
        ("persons/p1/name", 7),
        ("new_address", "somewhere"),
        ("no_such_field", "x"),
        ("persons/p1/moved_on", "2026-04-01"),
        ("name", "x"),
        ("a/b/c/d", "x"),
        ("signature", "x"),
        ("identity_proof", "x"),
    ],
)
def test_what_does_not_fit_is_refused_without_repeating_it(where: str, typed: object) -> None:
    with pytest.raises(FieldError) as caught:
        fill_in(EMPTY, {where: typed}, HAND)
    if isinstance(typed, str) and len(typed) > 1:
        assert typed not in str(caught.value)


def test_an_unchanged_value_leaves_no_trace_and_an_empty_one_takes_the_field_away() -> None:
    once = fill_in(EMPTY, {"contact": "03"}, HAND)
    assert fill_in(once, {"contact": "03"}, HAND) is once
    assert fill_in(once, {"contact": ""}, HAND).fields == {}
    changed = fill_in(once, {"contact": "04"}, HAND)
    (change,) = changed.fields["contact"].history
    assert (change.old_value, change.who, change.why) == ("03", "sato", "asked")


def test_what_grows_while_it_is_first_typed_is_no_correction() -> None:
    typing = replace(HAND, typing=True)
    town = fill_in(EMPTY, {"new_address": {"prefecture_city": "青海県見本市"}}, typing)
    typed = fill_in(
        town, {"new_address": {"prefecture_city": "青海県見本市", "town": "窓口町"}}, typing
    )
    assert typed.fields["new_address"].history == ()
    from_card = fill_in(EMPTY, {"contact": "03"}, replace(HAND, source=Source.CARD))
    (change,) = fill_in(from_card, {"contact": "04"}, typing).fields["contact"].history
    assert (change.old_value, change.old_source) == ("03", Source.CARD)


def test_retyping_a_name_keeps_the_glyphs_that_were_picked() -> None:
    picked = NameText((Character.ucs("渡"), Character.mj("MJ026191"), Character.ucs("子")))
    given_name = [to_json(picked)][0]
    notification = fill_in(EMPTY, {"persons/p1/name": given_name}, HAND)
    typed = picked.plain().replace("子", "美子")
    again = fill_in(notification, {"persons/p1/name": typed}, HAND).person("p1").value("name")
    assert isinstance(again, NameText)
    assert [c.repertoire for c in again] == ["ucs", "mj", "ucs", "ucs"]
    assert again.plain() == typed
    same = fill_in(notification, {"persons/p1/name": picked.plain()}, HAND)
    assert same == notification


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=8))
def test_a_typed_name_is_never_normalised(text: str) -> None:
    value = fill_in(EMPTY, {"persons/p1/name": text}, HAND).person("p1").value("name")
    assert isinstance(value, NameText)
    assert value.plain() == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("青海県白波市港町二丁目３番４号", ("青海県白波市", "港町二丁目", "３番４号", "")),
        ("東京都千代田区一番町1番地 青葉荘203", ("東京都千代田区", "一番町", "1番地", "青葉荘203")),
        ("神奈川県横浜市中区日本大通1", ("神奈川県横浜市中区", "日本大通", "1", "")),
        ("無題", ("", "無題", "", "")),
    ],
)
def test_an_address_off_a_card_is_split_and_loses_nothing(
    text: str, parts: tuple[str, str, str, str]
) -> None:
    address = split_address(text)
    assert (address.prefecture_city, address.town, address.lot, address.building) == parts
    assert address.one_line().replace("\u3000", "") == text.replace(" ", "")


@given(st.text(min_size=1, max_size=60))
def test_splitting_takes_any_text(text: str) -> None:
    assert isinstance(split_address(text), Address)


def test_a_card_fills_in_the_person_and_the_address_before_the_move() -> None:
    attributes = TextAttributes("髙橋　健一", "青海県白波市港町1", dt.date(1984, 5, 17), "1", b"")
    hand = Hand("resident", Source.CARD, 1, "card read")
    filled = by_card(EMPTY, "p1", attributes, hand)
    assert filled.person("p1").value("sex") == "male"
    assert filled.fields["old_address"].source is Source.CARD
    assert "new_address" not in filled.fields
    assert filled.value("notifier_name") == filled.person("p1").value("name")


@pytest.mark.parametrize("procedure", list(Procedure))
def test_the_form_shows_known_fields_once(procedure: Procedure) -> None:
    for names, level in (
        (NOTIFICATION_FIELDS[procedure], Level.NOTIFICATION),
        (person_fields(procedure), Level.PERSON),
    ):
        assert len(set(names)) == len(names)
        assert {FIELDS[name].level for name in names} == {level}


def test_everybody_who_entered_something_stands_in_the_notification() -> None:
    sato, mori = HAND, replace(HAND, who="mori")
    filled = fill_in(EMPTY, {"contact": "03-0000-0000"}, sato)
    assert fill_in(filled, {"contact": "03-0000-0000"}, mori).entered_by == ("sato",)
    assert fill_in(filled, {"contact": ""}, mori).entered_by == ("mori", "sato")
    drawn = replace(HAND, who="resident", source=Source.PEN)
    assert fill_in(filled, {"persons/p1/kana": "サトウ"}, drawn).entered_by == ("sato",)
    assert decode(encode(filled.touched_by("mori"))).entered_by == ("mori", "sato")
