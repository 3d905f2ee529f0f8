"""What a question cites: lists and ranges, 附則, paragraphs, laws beside the chosen one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from hub.precedents.answers import Result
from hub.precedents.article import Article, Kind
from hub.precedents.collection import take
from hub.precedents.question import Question
from hub.precedents.search import Searcher
from hub.precedents.sources.law_xml import read_law
from hub.precedents.store import Store
from tests.hub.precedents.small_town import TODAY, article, revision
from tests.hub.precedents.test_law_xml import LAW as XML

LAW = "町の長い条例"
TEN = [article(str(num), f"第{num}の定め", f"見本の定め{num}とする。") for num in range(1, 11)]


def supplement(num: str, label: str, text: str) -> Article:
    return replace(article(num, "", text, path=(label.partition("第")[0],)), label=label)


SUPPLEMENTS = [
    supplement("附1_1", "附則（令和元年条例第五号）第一条", "改正の附則による。"),
    supplement("附2_1", "附則第一条", "この条例は、公布の日から施行する。"),
    supplement("附2_2", "附則第二条", "なお従前の例による。"),
]


@pytest.fixture
def long_town(store: Store) -> Searcher:
    articles = [*TEN[:3], article("3_2", "枝", "枝の定め。"), *TEN[3:], *SUPPLEMENTS]
    take(store, [revision(articles, law_id="x-long", title=LAW)], TODAY)
    two = article("1", "二つ", "一つ目の定め。", "二つ目の定め。")
    take(store, [revision([two], law_id="x-two", title="二項条例")], TODAY)
    return Searcher(store, [])


def ask(searcher: Searcher, text: str, **options: object) -> Result:
    return searcher.search(Question(text, TODAY, **options))  # pyright: ignore[reportArgumentType]


def nums(result: Result) -> list[str]:
    return [answer.article.num for answer in result.answers]


def test_every_article_of_a_list_is_an_answer(long_town: Searcher) -> None:
    for text in (f"{LAW}1条と2条", f"{LAW}1・2条", f"{LAW}第一条ないし第二条"):
        result = ask(long_town, text)
        assert nums(result) == ["1", "2"]
        assert (result.citations_not_found, result.citations_left_out) == ((), ())


def test_a_short_range_is_shown_whole(long_town: Searcher) -> None:
    for text in (f"{LAW}2条から4条まで", f"{LAW}2～4条"):
        assert nums(ask(long_town, text)) == ["2", "3", "3_2", "4"]
    assert nums(ask(long_town, f"{LAW}附則第1条から第2条まで")) == ["附2_1", "附2_2"]


def test_what_is_left_out_is_named(long_town: Searcher) -> None:
    result = ask(long_town, f"{LAW}1条～9条")
    assert nums(result) == ["1", "9"]
    assert result.citations_left_out == (f"{LAW}第一条から第九条までの間",)
    result = ask(long_town, f"{LAW}1、2、3、5、6、7、8条")
    assert nums(result) == ["1", "2", "3", "5", "6"]
    assert result.citations_left_out == (f"{LAW}第七条", f"{LAW}第八条")
    assert result.as_json()["citations_left_out"] == list(result.citations_left_out)
    result = ask(long_town, f"{LAW}1条と2条", top=1)
    assert (nums(result), result.citations_left_out) == (["1"], (f"{LAW}第二条",))


def test_a_range_to_nowhere_is_named(long_town: Searcher) -> None:
    result = ask(long_town, f"{LAW}9条から99条まで")
    assert nums(result) == ["9"]
    assert result.citations_not_found == (f"{LAW}第九十九条",)
    assert result.citations_left_out == (f"{LAW}第九条から第九十九条までの間",)


def test_a_supplement_is_found_where_it_stands(long_town: Searcher) -> None:
    result = ask(long_town, f"{LAW}附則第1条")
    assert nums(result) == ["附2_1"]
    assert result.answers[0].cited


def test_a_supplement_of_an_amending_law_is_not_the_law_s_own(store: Store) -> None:
    take(store, [read_law("law.xml", XML.format(attributes="").encode(), TODAY)], TODAY)
    searcher = Searcher(store, [])
    result = ask(searcher, "見本に関する法律附則第1項")
    assert (nums(result), result.answers[0].paragraph) == (["附1_0"], "1")
    result = ask(searcher, "見本に関する法律附則第1条")
    assert nums(result) == []
    assert result.citations_not_found == ("見本に関する法律附則第一条",)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{LAW}附則第7条", f"{LAW}附則第七条"),
        (f"{LAW}附則第2項", f"{LAW}附則"),
        (f"{LAW}附則（令和元年条例第5号）第1条", f"{LAW}附則（令和元年条例第5号）第一条"),
        ("二項条例附則第1条", "二項条例附則第一条"),
    ],
)
def test_a_supplement_that_is_not_there_is_never_another_article(
    long_town: Searcher, text: str, name: str
) -> None:
    result = ask(long_town, text)
    assert result.answers == ()
    assert result.citations_not_found == (name,)


def test_a_paragraph_that_is_not_there_is_said(long_town: Searcher) -> None:
    there = ask(long_town, "二項条例1条2項")
    assert (there.answers[0].paragraph, there.citations_not_found) == ("2", ())
    for number, written in (("9", "九"), ("0", "0"), ("12345", "12345")):
        result = ask(long_town, f"二項条例1条{number}項")
        assert nums(result) == ["1"]
        assert result.answers[0].paragraph == "1"
        assert result.citations_not_found == (f"二項条例第一条第{written}項",)


def test_a_citation_names_its_law_whatever_is_chosen(long_town: Searcher) -> None:
    result = ask(long_town, "二項条例1条", laws=(LAW,))
    assert [answer.valid.revision.title for answer in result.answers] == ["二項条例"]
    assert result.citations_not_found == ()
    assert nums(ask(long_town, "二項条例1条", kinds=frozenset({Kind.MEMO}))) == ["1"]
    mixed = ask(long_town, "二項条例1条と見本の定め", laws=(LAW,))
    ranked = {one.valid.revision.title for one in mixed.answers if not one.cited}
    assert ranked == {LAW}


def test_a_law_of_another_day_is_not_found(long_town: Searcher) -> None:
    before = long_town.search(Question(f"{LAW}1条", dt.date(2019, 1, 1)))
    assert before.citations_not_found == (f"{LAW}第一条",)
