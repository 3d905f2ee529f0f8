"""Articles in their context: the texts over time, what stands beside them, how they are shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from hub.errors import BadRequestError, NotFoundError
from hub.precedents.answers import Pending
from hub.precedents.article import Standing
from hub.precedents.citations import Place
from hub.precedents.citing import address_of, citation_of
from hub.precedents.collection import take
from hub.precedents.overview import overview
from hub.precedents.reading import Span, read_article, read_law, surroundings
from hub.precedents.store import Store
from hub.web.pages.precedents import question_of
from hub.web.pages.precedents_verdict import read_verdict
from hub.web.precedents_view import WIDTH, bar, marked_lines
from tests.hub.precedents.small_town import (
    BIRTH,
    DOGS,
    MOVING,
    SEAL,
    TODAY,
    TOWN,
    article,
    revision,
)

NEW_DOGS = article("3", "犬の登録", "犬の所有者は、十日以内に登録を申請しなければならない。")
DOG = Place("x-town", "3")


@pytest.fixture
def history(store: Store) -> Store:
    """Until 2022 no dogs, then DOGS twice, from 2030 on NEW_DOGS."""
    for starts, last in (
        (dt.date(2018, 4, 1), []),
        (dt.date(2022, 4, 1), [DOGS]),
        (dt.date(2024, 4, 1), [DOGS]),
        (dt.date(2030, 1, 1), [NEW_DOGS]),
    ):
        take(store, [revision([MOVING, BIRTH, SEAL, *last], starts=starts)], TODAY)
    return store


def test_an_article_knows_its_texts_over_time(history: Store) -> None:
    answer, around = read_article(history, DOG, TODAY)
    assert answer.article == DOGS
    assert [(one.state, one.coming) for one in around.spans] == [
        ("absent", False),
        ("shown", False),
        ("other", True),
    ]
    assert around.spans[1].starts == dt.date(2022, 4, 1)
    assert around.spans[1].until == dt.date(2029, 12, 31)
    assert around.before is not None
    assert (around.before.num, around.after) == ("2_2", None)
    later, _ = read_article(history, DOG, dt.date(2030, 1, 1))
    assert later.article == NEW_DOGS


def test_a_repeal_to_come_is_announced_and_ends_the_bar(store: Store) -> None:
    day = dt.date(2028, 1, 1)
    repeal = replace(
        revision([DOGS], starts=day), standing=Standing.REPEALED, comment="廃止する条例"
    )
    take(store, [TOWN, repeal], TODAY)
    answer, around = read_article(store, DOG, TODAY)
    assert answer.pending == (Pending(day, "repealed", "廃止する条例"),)
    assert answer.valid.until == dt.date(2027, 12, 31)
    assert [(one.state, one.until) for one in around.spans] == [
        ("shown", dt.date(2027, 12, 31)),
        ("absent", None),
    ]
    with pytest.raises(NotFoundError):
        read_article(store, DOG, day)


def test_what_is_not_in_force_is_not_shown(history: Store) -> None:
    for place, day in (
        (DOG, dt.date(2020, 1, 1)),
        (Place("x-town", "9"), TODAY),
        (Place("none", "1"), TODAY),
    ):
        with pytest.raises(NotFoundError):
            read_article(history, place, day)
    with pytest.raises(NotFoundError):
        read_law(history, "x-town", dt.date(2017, 1, 1))
    assert surroundings(history, Place("none", "1"), TODAY) is None
    found = surroundings(history, Place("x-town", "9"), TODAY)
    assert found is not None
    assert found.spans == ()


def test_a_law_lists_its_articles_in_order(history: Store) -> None:
    found = read_law(history, "x-town", TODAY)
    assert [one.num for one, _ in found.articles] == ["1", "2", "2_2", "3"]
    assert found.valid.starts == dt.date(2024, 4, 1)


def test_the_bar_lies_within_its_width(history: Store) -> None:
    around = surroundings(history, DOG, TODAY)
    assert around is not None
    drawn = bar(around.spans, TODAY)
    assert drawn is not None
    assert [piece.state for piece in drawn.pieces] == ["absent", "shown", "other"]
    assert drawn.pieces[0].x == 0
    assert all(one.x >= 0 and one.x + one.width <= WIDTH for one in drawn.pieces)
    shown = drawn.pieces[1]
    assert shown.x < drawn.today < shown.x + shown.width
    assert bar((), TODAY) is None


def test_the_sentence_is_marked_once() -> None:
    lines = list(marked_lines("甲。乙。\n乙。", "乙。"))
    assert [(one.before, one.marked, one.after) for one in lines] == [
        ("甲。", "乙。", ""),
        ("乙。", "", ""),
    ]
    assert not any(one.marked for one in marked_lines("甲。", ""))


def test_an_article_is_cited_as_in_a_document() -> None:
    assert citation_of("民法", "第七百九条", "1", 1) == "民法第七百九条"
    assert citation_of("戸籍法", "第七十七条の二", "2", 3) == "戸籍法第七十七条の二第二項"
    assert citation_of("手引き", "第5項目", None, 2) == "手引き第5項目"
    assert address_of("a/b", "附1_2", "2026-01-01").startswith("/precedents/laws/a%2Fb/%E9%99%84")


def test_the_collection_at_a_glance(store: Store) -> None:
    assert overview(store).titles == ()
    take(store, [TOWN], TODAY)
    found = overview(store)
    assert (found.titles, found.articles, found.only_sample) == ((TOWN.title,), 4, False)
    assert found.imports[0].summary["new"] == 4


def test_a_finding_gives_a_question_of_its_rule_alone() -> None:
    assert question_of("転入届", "domicile") == "転入届　本籍と筆頭者（住民基本台帳法第7条第5号）"
    for procedure, rule in ((None, "domicile"), ("転入届", "渡辺")):
        with pytest.raises(BadRequestError):
            question_of(procedure, rule)


def test_a_verdict_is_read_or_refused() -> None:
    found = read_verdict("yes|3|x-town|2_2", "2026-11-23", 4, None)
    assert (found.helped, found.place, found.num) == (True, 3, "2_2")
    long = "x" * 65
    for wrong in ("", "yes", "maybe|1|x|1", "yes|a|x|1", f"yes|1|{long}|1", f"yes|1|x|{long}"):
        with pytest.raises(BadRequestError):
            read_verdict(wrong, "2026-11-23", 4, None)


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_a_bar_reaches_the_first_and_the_last_day_there_is(day: dt.date) -> None:
    found = bar((Span(dt.date(2000, 1, 1), None, "shown", coming=False),), day)
    assert found is not None
    assert found.first <= day.year <= found.last
    assert 0 <= found.today <= WIDTH
