"""Conditions as people type them: understood, kept, taken away one by one, refused without echo."""

import pytest

from edge.errors import FieldError
from edge.session import narrowing
from edge.session.glyph_card import card_json, related
from intake.characters import tables
from intake.characters.search import Filter
from intake.record import Record

NOTHING = {"reading": "", "part": "", "radical": "", "strokes": ""}


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({}, Filter()),
        ({"reading": " なべ "}, Filter(reading="なべ*")),
        ({"reading": "ヘン"}, Filter(reading="ヘン*")),
        ({"part": "⻌ 自"}, Filter(part="⻌自")),
        ({"radical": "１６２"}, Filter(radical=162)),
        ({"strokes": "13"}, Filter(strokes=(13, 13))),
        ({"strokes": "１２－１４"}, Filter(strokes=(12, 14))),
        ({"strokes": "12～14画"}, Filter(strokes=(12, 14))),
        ({"reading": "わたなべ", "strokes": "17"}, Filter(reading="わたなべ*", strokes=(17, 17))),
    ],
)
def test_what_is_typed_is_understood_and_survives_the_draft(
    typed: dict[str, str], asked: Filter
) -> None:
    found = narrowing.typed(**(NOTHING | typed))
    assert found == asked
    assert narrowing.typed(**(NOTHING | narrowing.words(found))) == asked
    assert narrowing.from_wire(Record({"asked": narrowing.to_wire(found)}, "x"), "asked") == asked


@pytest.mark.parametrize(
    "typed",
    [
        {"reading": "abc"},
        {"reading": "渡辺"},
        {"reading": "あ" * 41},
        {"part": "一二三四五六七八九"},
        {"radical": "215"},
        {"radical": "0"},
        {"radical": "水"},
        {"strokes": "0"},
        {"strokes": "14-12"},
        {"strokes": "many"},
    ],
)
def test_what_is_not_understood_is_refused_without_its_words(typed: dict[str, str]) -> None:
    with pytest.raises(FieldError) as refused:
        narrowing.typed(**(NOTHING | typed))
    assert refused.value.code == "bad_filter"
    assert next(iter(typed.values())) not in str(refused.value)


def test_conditions_are_taken_away_one_by_one_or_all() -> None:
    asked = Filter(reading="なべ*", strokes=(17, 17))
    assert narrowing.without(asked, "strokes") == Filter(reading="なべ*")
    assert narrowing.without(asked, "all").asks_nothing
    with pytest.raises(FieldError):
        narrowing.without(asked, "text")


def test_a_draft_that_knows_no_conditions_asks_nothing() -> None:
    assert narrowing.from_wire(Record({}, "x"), "asked").asks_nothing
    assert narrowing.from_wire(Record({"asked": None}, "x"), "asked").asks_nothing


def test_a_card_says_what_the_registers_call_a_glyph() -> None:
    assert card_json("MJ058866") == {
        "repertoire": "mj",
        "id": "MJ058866",
        "text": "\u9089\U000e0116",
        "mj_name": "MJ058866",
        "codepoint": "U+9089",
        "selector": "U+E0116",
        "readings": ["あたり", "べ", "ヘン"],
        "strokes": 15,
        "in_jis": False,
        "koseki": "443870",
        "juki": "J+BD27",
        "fallback": {"text": "邉", "rule": "JIS包摂規準UCS統合規則"},
    }
    assert card_json("MJ028901")["fallback"] is None


def test_the_same_origin_has_each_code_point_once_and_never_its_own() -> None:
    (name,) = (glyph.mj_name for glyph in tables.glyphs_of("U+9AD8"))
    found = [tables.glyph(one).codepoint for one in related(name)]
    assert found[0] == "U+9AD9"
    assert "U+9AD8" not in found
    assert len(set(found)) == len(found)
