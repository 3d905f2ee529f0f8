"""Filters restrict together, and each as it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.characters import CharacterError, components, search, tables
from intake.characters.mj_list import glyph_at
from intake.characters.search import Filter, find, fits, folded, rows_fitting


def texts(asked: Filter) -> set[str]:
    return {one.text for one in find(asked)}


def test_a_reading_is_found_in_either_kana_and_whole() -> None:
    assert texts(Filter(reading="わたる")) == texts(Filter(reading="ワタル"))
    assert "渡" in texts(Filter(reading="わたる"))
    assert "渡" not in texts(Filter(reading="わた"))


def test_a_star_finds_every_longer_reading() -> None:
    assert texts(Filter(reading="わたる")) < texts(Filter(reading="わた*"))
    assert texts(Filter(reading="わた＊")) == texts(Filter(reading="わた*"))


def test_a_part_is_found_in_however_many_steps() -> None:
    with_nine = texts(Filter(part="九"))
    assert {"九", "丸", "熱"} <= with_nine
    assert "口" not in with_nine


def test_several_parts_must_all_be_there() -> None:
    both = texts(Filter(part="辶口"))
    assert both == texts(Filter(part="辶")) & texts(Filter(part="口"))
    assert both


def test_the_form_of_a_radical_is_found_as_it_is_described() -> None:
    assert texts(Filter(part="⻌")) == texts(Filter(part="辶"))
    assert texts(Filter(part="⼥")) == texts(Filter(part="女"))
    assert components.is_component("⻌")
    assert not components.is_component("邉")


def test_nothing_has_a_part_that_nobody_knows() -> None:
    assert find(Filter(part="A")) == ()


def test_what_is_asked_together_holds_together() -> None:
    found = find(Filter(strokes=(15, 19), radical=162, part="口", reading="ヘン"))
    with_mouth = {
        tables.mj_names()[n] for n, one in enumerate(rows_fitting(Filter(part="口"))) if one
    }
    assert found
    for one in found:
        assert 15 <= one.strokes <= 19
        assert any(item.radical == 162 for item in one.radicals)
        assert "ヘン" in one.readings
        assert one.mj_name in with_mouth


def test_the_fewest_strokes_come_first_and_no_more_than_asked() -> None:
    found = find(Filter(reading="コウ"), most=40)
    assert len(found) == 40
    assert [one.strokes for one in found] == sorted(one.strokes for one in found)


@pytest.mark.parametrize(
    "wrong",
    [
        {"strokes": (0, 3)}, {"strokes": (9, 3)}, {"strokes": (1, 300)}, {"radical": 0},
        {"radical": 215}, {"part": ""}, {"part": "口" * 9}, {"reading": ""}, {"reading": "kana"},
        {"reading": "か" * 17}, {"reading": "*"}, {"reading": "か*か"},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(CharacterError):
        Filter(**wrong)  # pyright: ignore[reportArgumentType] the point of the test


@given(st.integers(0, 58_861), st.data())
def test_every_glyph_is_found_by_what_the_list_says_of_it(number: int, data: st.DataObject) -> None:
    one = glyph_at(number)
    asked = Filter(
        strokes=(one.strokes, one.strokes),
        radical=data.draw(st.sampled_from(one.radicals)).radical if one.radicals else None,
        reading=data.draw(st.sampled_from(one.readings)) if one.readings else None,
    )
    assert rows_fitting(asked)[number] == 1
    assert fits(
        asked,
        strokes=one.strokes,
        radical=asked.radical,
        parts="",
        readings=one.readings,
    )


def test_what_is_unknown_of_an_own_glyph_does_not_fit() -> None:
    nothing = {"strokes": None, "radical": None, "parts": "", "readings": ()}
    for asked in (
        Filter(strokes=(1, 9)),
        Filter(radical=9),
        Filter(part="口"),
        Filter(reading="か"),
    ):
        assert not fits(asked, **nothing)  # pyright: ignore[reportArgumentType] as above
    assert fits(Filter(), **nothing)  # pyright: ignore[reportArgumentType] as above
    known = {"strokes": 5, "radical": 9, "parts": "熱", "readings": ("カ",)}
    every = Filter(strokes=(5, 5), radical=9, part="九", reading="か")
    assert fits(every, **known)  # pyright: ignore[reportArgumentType] as above


def test_asking_nothing_fits_everything() -> None:
    assert Filter().asks_nothing
    assert sum(rows_fitting(Filter())) == 58_862
    assert folded("ワタナベ ヴ") == "わたなべ ゔ"
    assert search.find(Filter(), most=3)


def test_what_is_prepared_is_what_filters_need() -> None:
    search.prepare()
    assert find(Filter(part="一", reading="いち"), most=1)[0].text == "一"
