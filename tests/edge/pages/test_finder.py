"""Glyphs are found by character, code, MJ number, reading and strokes; nonsense finds nothing."""

import pytest

from edge.pages.finder import _Aim, _one_character, search
from intake.characters import tables

VARIANTS = {glyph.mj_name for glyph in tables.glyphs_of("U+9089")}


def names(query: str) -> set[str]:
    return {glyph.mj_name for glyph in search(query)}


@pytest.mark.parametrize("query", ["邉", "U+9089", "u+9089", "9089", "Ｕ＋９０８９"])
def test_all_glyphs_of_a_character(query: str) -> None:
    assert names(query) == VARIANTS


@pytest.mark.parametrize("query", ["MJ026190", "mj026190", "026190"])
def test_one_glyph_by_its_number(query: str) -> None:
    assert names(query) == {"MJ026190"}


def test_reading_in_either_kana_narrowed_by_strokes() -> None:
    wide = names("なべ")
    assert wide == names("ナベ")
    narrow = names("ナベ 17画")
    assert narrow
    assert narrow < wide
    assert all(tables.glyph(name).strokes == 17 for name in narrow)


@pytest.mark.parametrize("query", ["", "  ", "MJ999999", "U+FFFFF", "ぬぬぬ", "!?", "99画"])
def test_nonsense_finds_nothing(query: str) -> None:
    assert names(query) == set()


def test_nothing_is_found_twice() -> None:
    found = search("邉 U+9089 MJ026190")
    assert len(found) == len(VARIANTS)


def found(*mj_names: str, own: tuple[str, ...] = ()) -> bool:
    glyphs = tuple(map(tables.glyph, mj_names))
    return _one_character(_Aim("n", "persons/p1/name", 0, "", glyphs, own=own))


def test_only_shapes_of_one_character_are_compared_with_each_other() -> None:
    assert found("MJ026190", "MJ026191")
    assert not found("MJ026190")
    assert not found("MJ026190", "MJ025760")
    assert not found("MJ026190", "MJ026191", own=("office:012345/G0001",))
