"""The MJ list is whole, and look-ups over it say what the list says."""

from __future__ import annotations

import gzip
import hashlib
from importlib.resources import files

import pytest

from intake.characters import Character, CharacterError, NameText
from intake.characters.generate import RULES
from intake.characters.mj_list import COLUMNS, DATA_FILE, column, rows
from intake.characters.tables import (
    MJ_COUNT,
    OFFICE_RULE,
    find,
    glyph,
    glyph_of_text,
    glyphs_of,
    in_jis,
    jis_fallback,
    mj_names,
)

DATA = files("intake.characters").joinpath("data", DATA_FILE).read_bytes()
SHA256 = "768d9f26da195f1c33117967926b53bd98de1ece74826e52f8bc71b700d37976"


def cells(name: str) -> int:
    return sum(1 for _ in column(name))


def test_the_data_is_what_the_generator_wrote() -> None:
    assert hashlib.sha256(gzip.decompress(DATA)).hexdigest() == SHA256
    assert len(DATA) < 3_000_000


def test_counts_of_the_list() -> None:
    assert len(rows()) == len(mj_names()) == len(set(mj_names())) == MJ_COUNT == 58_862
    assert list(mj_names()) == sorted(mj_names())
    assert {row.count(b"\t") for row in rows()} == {len(COLUMNS) - 1}
    counted = {name: cells(name) for name in COLUMNS}
    assert counted == {
        "mj_name": 58_862,
        "codepoint": 58_859,
        "implemented_codepoint": 52_607,
        "ivs": 11_382,
        "svs": 89,
        "koseki": 55_270,
        "juki": 19_563,
        "immigration": 13_285,
        "immigration_gaiji": 176,
        "policy": 2_999,
        "x0213": 13_707,
        "strokes": 58_862,
        "daikanwa": 49_500,
        "readings": 57_865,
        "radicals": 58_862,
        "jis_fallbacks": 35_851,
    }


def test_counts_inside_the_cells() -> None:
    assert sum(len(cell.split()) for _, cell in column("radicals")) == 59_665
    assert sum(len(cell.split()) for _, cell in column("jis_fallbacks")) == 62_682
    assert sum(len(cell.split()) for _, cell in column("readings")) == 122_148
    assert sum(1 for _, cell in column("radicals") if ":-" in cell) == 51


def test_every_row_parses_and_has_a_text() -> None:
    glyphs = [glyph(name) for name in mj_names()]
    assert {fallback.rule for g in glyphs for fallback in g.jis_fallbacks} == set(RULES)
    assert sum(not (g.implemented_codepoint or g.ivs) for g in glyphs) == 19
    assert [g.mj_name for g in glyphs if g.text == "〓"] == ["MJ037229", "MJ040579", "MJ042077"]


def test_one_row_in_full() -> None:
    found = glyph("MJ026191")
    assert (found.codepoint, found.implemented_codepoint) == ("U+9089", None)
    assert found.ivs == "\u9089\U000e0119"
    assert found.text == found.ivs
    assert (found.juki, found.koseki, found.strokes) == ("J+BD47", None, 17)
    assert found.readings == ("あたり",)
    assert [(r.radical, r.residual) for r in found.radicals] == [(162, 13)]
    assert found.jis_fallbacks[0].text == "邉"


@pytest.mark.parametrize("name", ["MJ000000", "MJ999999", "MJ068102", "mj026191", "", "MJ02619"])
def test_names_that_the_list_lacks(name: str) -> None:
    with pytest.raises(CharacterError):
        glyph(name)
    with pytest.raises(CharacterError):
        Character.mj(name)


def test_variants_of_a_code_point_stand_together() -> None:
    variants = glyphs_of("U+9089")
    assert len(variants) == 16
    assert {g.codepoint for g in variants} == {"U+9089"}
    assert glyphs_of("U+0041") == ()


def test_written_text_leads_to_its_glyph() -> None:
    for name in ("MJ026190", "MJ026191", "MJ030183", "MJ032129"):
        found = glyph_of_text(glyph(name).text)
        assert found is not None
        assert found.mj_name == name
    assert glyph_of_text("A") is None


def test_a_compatibility_code_point_is_not_normalised_away() -> None:
    found = glyph("MJ030183")
    assert (found.codepoint, found.implemented_codepoint) == ("U+6B04", "U+F91D")
    assert found.text == "\uf91d"
    assert found.svs == "\u6b04\ufe00"


def test_search_by_reading_radical_and_strokes() -> None:
    by_all = find(reading="あたり", radical=162, strokes=17)
    assert "MJ026191" in {g.mj_name for g in by_all}
    assert {g.strokes for g in by_all} == {17}
    assert find() == ()
    assert find(reading="ぬぬぬ") == ()


def test_what_jis_writes_exactly() -> None:
    assert in_jis(Character.ucs("辻"))
    assert in_jis(Character.ucs("あ"))
    assert in_jis(Character.mj("MJ026190"))
    assert not in_jis(Character.mj("MJ026191"))
    assert not in_jis(Character.ucs("\U00020bb7"))
    assert not in_jis(Character.ucs("葛\U000e0100"))
    assert not in_jis(Character("office:131016", "G1", "辻"))
    assert not in_jis(Character.mj("MJ040579"))


def test_writing_for_the_outside() -> None:
    name = NameText.of(
        [
            Character.mj("MJ026191"),
            Character.mj("MJ026190"),
            Character.ucs("\U00020bb7"),
            Character.ucs("葛\U000e0100"),
            Character.mj("MJ040579"),
            Character.unresolved("name_ink/1"),
            Character.ucs("ễ"),
            Character.ucs("あ"),
        ]
    )
    written = jis_fallback(name)
    assert written.text == "邉邉吉葛〓〓〓あ"
    assert [s.index for s in written.substitutions] == [0, 2, 3]
    assert written.substitutions[0].rule == RULES[0]
    assert written.missing == (4, 5, 6)


def test_an_offices_own_character_is_written_as_its_office_says() -> None:
    own = Character("office:131016", "G0001", "辺")
    written = jis_fallback(NameText((own, Character.ucs("山"))))
    assert written.text == "辺山"
    assert [(one.index, one.rule) for one in written.substitutions] == [(0, OFFICE_RULE)]
    outside = Character("office:131016", "G0002", "邉\U000e0102")
    assert jis_fallback(NameText((outside,))).text in "辺邊邉"
    nothing = Character("office:131016", "G0003", "〓")
    assert jis_fallback(NameText((nothing,))).missing == (0,)
