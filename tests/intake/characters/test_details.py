"""A glyph in detail, its variants, and the ways to name one."""

import pytest

from intake.characters import Character, CharacterError, lookup, radicals, tables
from intake.characters.details import SAME_CODEPOINT, SAME_ORIGIN, details, variants_of
from intake.characters.glyph_name import glyph_name, named


def test_everything_that_is_shown_of_a_glyph() -> None:
    found = details("MJ028902")
    assert (found.text, found.codepoint, found.selector) == ("髙", "U+9AD9", None)
    assert (found.koseki, found.juki, found.strokes) == ("513280", "J+9AD9", 11)
    assert "たか" in found.readings
    assert not found.in_jis
    assert found.fallback is not None
    assert (found.fallback.text, found.fallback.rule) == ("高", "JIS包摂規準UCS統合規則")


def test_a_glyph_of_a_sequence_has_a_selector() -> None:
    found = details("MJ026191")
    assert (found.codepoint, found.selector) == ("U+9089", "U+E0119")


def test_what_jis_writes_needs_no_fallback() -> None:
    found = details("MJ028901")
    assert found.in_jis
    assert found.fallback is None


def test_a_glyph_without_code_point_says_so() -> None:
    bare = next(name for name in tables.mj_names() if tables.glyph(name).text == "〓")
    found = details(bare)
    assert (found.text, found.codepoint, found.selector) == ("〓", None, None)


def test_variants_name_their_relation_and_source_and_none_twice() -> None:
    found = variants_of("MJ026190")
    names = [one.glyph.mj_name for one in found]
    assert len(names) == len(set(names))
    assert "MJ026190" not in names
    same = [one for one in found if one.relation == SAME_CODEPOINT]
    assert len(same) == 15
    assert all(one.glyph.codepoint == "U+9089" for one in same)
    assert found[: len(same)] == tuple(same)
    others = {one.glyph.text: one for one in found if one.relation == SAME_ORIGIN}
    assert {"辺", "邊"} <= set(others)
    assert others["邊"].source


@pytest.mark.parametrize("pair", ["髙高", "辺邉", "﨑崎", "齋斎"])
def test_forms_of_one_character_know_each_other(pair: str) -> None:
    one, other = (lookup.by_text(text)[0] for text in pair)
    for first, second in ((one, other), (other, one)):
        assert second.mj_name in {each.glyph.mj_name for each in variants_of(first.mj_name)}


def test_likeness_alone_makes_no_variant() -> None:
    assert "土" not in {one.glyph.text for one in variants_of(lookup.by_text("士")[0].mj_name)}


@pytest.mark.parametrize(
    "asked", ["MJ026190", "mj026190", "U+9089", "u+9089", "邉", " 邉 ", "U+9089U+E0119"]
)
def test_a_glyph_is_found_by_whatever_names_it(asked: str) -> None:
    assert lookup.by_name(asked)[0].codepoint == "U+9089"


def test_a_sequence_is_one_glyph_and_a_code_point_all_of_its() -> None:
    assert [one.mj_name for one in lookup.by_name("U+9089 U+E0119")] == ["MJ026191"]
    assert len(lookup.by_text("邉")) == 16
    assert lookup.by_text("邉")[0].mj_name == "MJ026190"
    assert lookup.by_text("あ") == ()


@pytest.mark.parametrize("wrong", ["", "渡邉", "MJ999999", "U+110000", "U+"])
def test_what_names_nothing_is_refused(wrong: str) -> None:
    with pytest.raises(CharacterError):
        lookup.by_name(wrong)


def test_register_numbers() -> None:
    assert [one.text for one in lookup.by_koseki("445000")] == ["邉"]
    assert lookup.by_juki("9089") == lookup.by_juki("J+9089") == lookup.by_juki("j+9089")
    assert lookup.by_koseki("999999") == ()
    for look, wrong in ((lookup.by_koseki, "12345"), (lookup.by_juki, "J+ZZZZ")):
        with pytest.raises(CharacterError):
            look(wrong)


@pytest.mark.parametrize(
    ("text", "number"),
    [("162", 162), ("辵", 162), ("辶", 162), ("⻌", 162), ("氵", 85), ("水", 85), ("⼥", 38)],
)
def test_a_radical_by_number_character_or_form(text: str, number: int) -> None:
    assert radicals.number_of(text) == number


@pytest.mark.parametrize("wrong", ["0", "215", "阝", "邉", "", "ab"])
def test_no_such_radical(wrong: str) -> None:
    with pytest.raises(CharacterError):
        radicals.number_of(wrong)


def test_every_radical_is_its_own_character() -> None:
    for number in range(1, 215):
        assert radicals.number_of(radicals.character(number)) == number


def test_one_name_for_the_list_and_for_an_office() -> None:
    own = Character("office:131016", "E/001", "〓")
    assert glyph_name(own) == "office:131016/E/001"
    assert named("office:131016/E/001", "〓") == own
    assert named("MJ026190", "x") == Character.mj("MJ026190")
    with pytest.raises(CharacterError):
        glyph_name(Character.ucs("あ"))
    with pytest.raises(CharacterError):
        named("office:13/E", "〓")
