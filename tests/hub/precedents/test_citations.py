"""Citations: every form that the evaluation lists, relative ones, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.precedents.evaluation import Citation
from bench.precedents.evaluation import citations as evaluated
from hub.numerals import in_kanji, label_of, value_of
from hub.precedents.citations import Place, citations, is_citation_only
from hub.precedents.law_catalogue import Catalogue
from hub.precedents.law_names import id_of, known_laws, own_id, plain_number

KNOWN = Catalogue.of([])
CIVIL = "129AC0000000089"


@pytest.mark.parametrize("row", evaluated(), ids=lambda row: row.id)
def test_every_citation_of_the_evaluation_is_understood(row: Citation) -> None:
    there = row.context
    context = there and Place(id_of(there.law, there.law_id), there.num, row.context_paragraph)
    found = citations(row.question, KNOWN, context)
    assert found
    if row.num is not None:
        wanted = Place(id_of(row.law, row.law_id), row.num, row.paragraph)
        assert found[0].place == wanted


@given(st.integers(1, 9999))
def test_numerals_are_read_as_they_are_written(value: int) -> None:
    assert value_of(in_kanji(value)) == value
    assert label_of(f"{value}_2") == f"第{in_kanji(value)}条の二"


def test_neighbours_follow_the_order_of_the_law() -> None:
    context = Place(CIVIL, "4", 2)
    order = ("3", "3_2", "4", "5")
    assert citations("前条", KNOWN, context, order)[0].place.num == "3_2"
    assert citations("前項", KNOWN, context, order)[0].place.paragraph == 1
    assert not citations("前条", KNOWN, Place(CIVIL, "3"), order)
    assert not citations("前条", KNOWN)


def test_an_unknown_law_is_not_taken_for_the_text_s_own() -> None:
    text = "地方税法第九条、第十条及び同法第十一条の規定並びに第十二条の規定"
    found = [one.place.num for one in citations(text, KNOWN, Place(CIVIL, "1"))]
    assert "9" not in found
    assert "11" not in found


def test_a_list_keeps_its_law_and_says_what_is_applied() -> None:
    found = citations(
        "民法第七百九条、第七百十条及び前条の規定は、準用する。", KNOWN, Place(CIVIL, "720")
    )
    assert [one.place.num for one in found] == ["709", "710", "719"]
    assert all(one.applied for one in found)


@pytest.mark.parametrize("text", ["民法709条", "公選法 第48条の2", "民法709条と710条？"])
def test_a_question_that_only_cites(text: str) -> None:
    assert is_citation_only(text, KNOWN)
    assert not is_citation_only(f"{text}の期限はいつですか", KNOWN)


def test_names_of_the_table_are_each_of_one_law() -> None:
    names = [name for law in known_laws() for name in (law.title, *law.names)]
    assert len(names) == len(set(names))
    assert own_id("見本条例") == own_id("見本 条例") != own_id("見本条例２")
    assert plain_number("昭和二十二年法律第二百二十四号") == plain_number("昭和22年法律第２２４号")
