"""Citations: every form that the evaluation lists, relative ones, and what is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.precedents.evaluation import Citation
from bench.precedents.evaluation import citations as evaluated
from hub.numerals import in_kanji, label_of, value_of
from hub.precedents.citations import Place, citations, is_citation_only
from hub.precedents.law_catalogue import Catalogue
from hub.precedents.law_names import id_of, known_laws, own_id, plain_number
from hub.web.pages.precedents import question_of
from intake.notification.rules import RULES, Rule

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


@pytest.mark.parametrize("context", [None, Place(CIVIL, "1")])
def test_every_known_law_is_meant_by_each_of_its_names(context: Place | None) -> None:
    for law in known_laws():
        for name in (law.title, *law.names):
            places = [one.place for one in citations(f"{name}第三条", KNOWN, context)]
            assert places == [Place(law.law_id, "3")], name


@pytest.mark.parametrize("context", [None, Place(CIVIL, "1")])
def test_a_basic_act_is_named_by_its_title_and_no_text_s_own(context: Place | None) -> None:
    basic = Catalogue.of([("330AC1000000186", "原子力基本法", "昭和三十年法律第百八十六号", "")])
    for given_text in ("原子力基本法第二条", "原子力基本法2条", "「原子力基本法」の第二条"):
        places = [one.place for one in citations(given_text, basic, context)]
        assert places == [Place("330AC1000000186", "2")]
    assert not citations("宇宙基本法第二条", basic, context)  # a law that is not known


def test_this_law_is_the_text_s_own() -> None:
    for given_text in ("この法律第二条", "本法第二条", "及び本法の第二条", "この政令第二条"):
        places = [one.place for one in citations(given_text, KNOWN, Place(CIVIL, "1"))]
        assert places == [Place(CIVIL, "2")]
        assert not citations(given_text, KNOWN)


def test_a_list_keeps_its_law_and_says_what_is_applied() -> None:
    found = citations(
        "民法第七百九条、第七百十条及び前条の規定は、準用する。", KNOWN, Place(CIVIL, "720")
    )
    assert [one.place.num for one in found] == ["709", "710", "719"]
    assert all(one.applied for one in found)


def nums(text: str, context: Place | None = None) -> list[str]:
    return [one.place.num for one in citations(text, KNOWN, context)]


JOINS = "と や とか か 、 ・ / ／ 及び または もしくは ならびに ないし 乃至 から 〜 ～"


@pytest.mark.parametrize("join", JOINS.split())
def test_every_number_of_a_list_is_read(join: str) -> None:
    for text in (f"民法709条{join}710条", f"民法709{join}710条", f"民法第七百九{join}第七百十条"):
        found = citations(text, KNOWN)
        assert [(one.place.law_id, one.place.num) for one in found] == [
            (CIVIL, "709"),
            (CIVIL, "710"),
        ]
        assert is_citation_only(text, KNOWN)
        assert found[1].through == (join in {"ないし", "乃至", "から", "〜", "～"})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("民法709、710・711条と715条", ["709", "710", "711", "715"]),
        ("公選法48条の2、3及び49条", ["48_2", "48_3", "49"]),
        ("公選法48条の2・49条", ["48_2", "49"]),
        ("民法709条1項2号から4号まで及び710条", ["709", "710"]),
        ("民法709条から14日以内に届ける", ["709"]),
        ("統一、三条", []),
        ("地方税法9、10条", []),
    ],
)
def test_a_list_ends_where_its_numbers_end(text: str, wanted: list[str]) -> None:
    assert nums(text) == wanted


def test_a_word_before_a_number_is_no_list() -> None:
    assert nums("選挙区の統一、三条", Place(CIVIL, "1")) == ["3"]
    assert nums("709、710条", Place(CIVIL, "1")) == ["709", "710"]


def test_paragraphs_of_one_article_are_each_read() -> None:
    found = citations("民法817条の2第1項及び第2項", KNOWN)
    assert [one.place for one in found] == [Place(CIVIL, "817_2", 1), Place(CIVIL, "817_2", 2)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("民法附則第1条", "附_1"),
        ("民法 附則 3条の2", "附_3_2"),
        ("民法附則第2項", "附_0"),
        ("民法附則2項", "附_0"),
        ("民法附則（抄）第1条", "附_1"),
        ("民法附則（平成25年法律第94号）第1条", "附(平成25年法律第94号)_1"),
    ],
)
def test_a_supplement_is_not_the_law_s_own_articles(text: str, wanted: str) -> None:
    assert nums(text) == [wanted]
    assert is_citation_only(text, KNOWN)


def test_a_supplement_cites_its_own_articles() -> None:
    assert nums("附則第三条及び第四条、第五条", Place(CIVIL, "附2_7")) == [
        "附2_3",
        "附2_4",
        "附2_5",
    ]
    assert nums("平成二十五年法律第九十四号附則第三条", Place(CIVIL, "1")) == []
    assert nums("附則第三条", Place(CIVIL, "1")) == ["附_3"]


def titles(text: str) -> list[str]:
    return [f"{KNOWN.titles[f.place.law_id]}{f.place.num}" for f in citations(text, KNOWN)]


def test_the_same_law_is_the_one_named_before() -> None:
    text = "住民基本台帳法第22条第2項、同法施行令第23条、同法第24条、同令第3条"
    resident = "住民基本台帳法"
    assert titles(text) == [
        f"{resident}22",
        f"{resident}施行令23",
        f"{resident}24",
        f"{resident}施行令3",
    ]
    assert is_citation_only(text, KNOWN)
    assert titles("戸籍法49条と同法の施行規則50条") == ["戸籍法49", "戸籍法施行規則50"]
    assert titles("住基令23条、同法24条") == [f"{resident}施行令23", f"{resident}24"]
    assert titles("民法1条、同法施行令2条、同法3条") == ["民法1", "民法3"]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.article], ids=lambda r: r.rule_id)
def test_every_article_of_a_finding_is_understood(rule: Rule) -> None:
    assert rule.article
    found = citations(question_of("転入届", rule.rule_id), KNOWN)
    assert len(found) == rule.article.count("条")


@pytest.mark.parametrize(
    "text",
    ["一、" * 4_000 + "1条", "民法1条" + "1~" * 4_900 + "2条", "とか" * 5_000, "第一条の" * 2_500],
)
def test_long_lists_are_read_in_time(text: str) -> None:
    began = time.process_time()
    citations(text, KNOWN, Place(CIVIL, "1"))
    is_citation_only(text, KNOWN)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("text", ["民法709条", "公選法 第48条の2", "民法709条と710条？"])
def test_a_question_that_only_cites(text: str) -> None:
    assert is_citation_only(text, KNOWN)
    assert not is_citation_only(f"{text}の期限はいつですか", KNOWN)


def test_names_of_the_table_are_each_of_one_law() -> None:
    names = [name for law in known_laws() for name in (law.title, *law.names)]
    assert len(names) == len(set(names))
    assert own_id("見本条例") == own_id("見本 条例") != own_id("見本条例２")
    assert plain_number("昭和二十二年法律第二百二十四号") == plain_number("昭和22年法律第２２４号")
