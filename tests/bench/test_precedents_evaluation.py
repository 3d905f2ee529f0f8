"""The committed evaluation of the precedents keeps the shape that its figures rest on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from bench.precedents.check import Text, faults
from bench.precedents.evaluation import REPORT, TUNE, citations, off_topic, pairs, questions
from bench.precedents.words import overlap, shared, words

NUM = re.compile(r"\d+(?:_\d+)*")
LAW_ID = re.compile(r"\d{3}(?:AC\d{10}|CO\d{10}|M\d{11})")


def test_there_are_enough_questions_over_enough_laws() -> None:
    asked = questions()
    assert len(asked) >= 160
    assert len({question.answer.law for question in asked}) >= 12
    assert len(off_topic()) >= 60
    assert len(citations()) >= 40


def test_every_id_and_every_question_is_there_once() -> None:
    everything = [*questions(), *off_topic()]
    assert len({row.id for row in everything}) == len(everything)
    assert len({row.question for row in everything}) == len(everything)
    assert len({row.id for row in citations()}) == len(citations())


def test_articles_are_written_as_e_gov_writes_them() -> None:
    for question in questions():
        for article in question.accepted:
            assert NUM.fullmatch(article.num), question.id
            assert article.law_id is None or LAW_ID.fullmatch(article.law_id), question.id
        assert len(set(question.accepted)) == len(question.accepted), question.id
        assert question.snapshot == ("2026-01" if question.answer.law == "民法" else "2013-12")


def test_no_law_stands_on_both_halves() -> None:
    halves: dict[str, set[str]] = defaultdict(set)
    for question in questions():
        for article in question.accepted:
            halves[article.law].add(question.half)
    assert {law: sides for law, sides in halves.items() if len(sides) > 1} == {}
    assert set().union(*halves.values()) == {TUNE, REPORT}


def test_an_order_stands_on_the_side_of_its_act() -> None:
    half_of = {question.answer.law: question.half for question in questions()}
    for law, half in half_of.items():
        act = re.sub("施行(?:令|規則)$", "", law)
        assert half_of.get(act, half) == half


def test_both_halves_are_large_and_mixed() -> None:
    for half in (TUNE, REPORT):
        part = questions(half)
        assert len(part) >= 80
        levels = Counter(question.difficulty for question in part)
        assert set(levels) == {"easy", "middle", "hard"}
        assert min(levels.values()) >= len(part) / 4
        assert {question.style for question in part} == {"clerk", "resident"}
        assert len(off_topic(half)) >= 30


def test_a_quarter_of_each_half_shares_no_word() -> None:
    for half in (TUNE, REPORT):
        part = questions(half)
        assert sum(question.no_shared_word for question in part) >= len(part) / 4


def test_shared_words_come_from_the_question() -> None:
    for question in questions():
        assert set(question.shared_words) <= words(question.question), question.id
        assert question.no_shared_word == (not question.shared_words), question.id
        assert question.words == len(words(question.question)), question.id


def test_near_topic_questions_are_among_those_without_an_answer() -> None:
    kinds = Counter(question.kind for question in off_topic())
    assert kinds["near_topic"] >= 20
    assert len(kinds) >= 6


def test_citations_cover_the_ways_of_writing() -> None:
    forms = Counter(citation.form for citation in citations())
    expected = {"abbreviation", "kanji_numerals", "full_width", "relative", "missing"}
    assert expected <= set(forms)
    for citation in citations():
        assert (citation.num is None) == (citation.form == "missing"), citation.id
        assert (citation.context is not None) == (citation.form == "relative"), citation.id
        assert citation.num is None or NUM.fullmatch(citation.num), citation.id


def test_the_rule_of_shared_words() -> None:
    assert shared("転出届を出す", ["転出の届出をする者"]) == ["転出"]
    assert shared("カードをなくした", ["住民基本台帳カード"]) == ["カード"]
    assert shared("二十歳から", ["満二十年以上"]) == []
    assert shared("犬を飼う", ["犬の所有者"]) == ["犬"]
    assert shared("ひっこした", ["転入をした者"]) == []


def test_the_pairs_are_enough_balanced_and_different() -> None:
    given = pairs()
    assert len(given) >= 220
    labels = Counter(pair.label for pair in given)
    assert set(labels) == {"entailment", "neutral", "contradiction"}
    assert min(labels.values()) >= 0.3 * len(given)
    assert len({pair.id for pair in given}) == len(given)
    assert len({(pair.premise, pair.hypothesis) for pair in given}) == len(given)


def test_no_trap_gives_its_label_away() -> None:
    """A trap on the side of one label only would be a label; plain and restated are named so."""
    labels: dict[str, set[str]] = defaultdict(set)
    for pair in pairs():
        labels[pair.trap].add(pair.label)
        assert NUM.fullmatch(pair.num), pair.id
        assert pair.overlap == overlap(pair.hypothesis, pair.premise), pair.id
    alone = {trap for trap, given in labels.items() if len(given) == 1}
    assert alone == {"plain", "restated"}


def test_shared_words_do_not_decide_the_label() -> None:
    """What overlap alone would call entailment is a contradiction more often than not."""
    high = Counter(pair.label for pair in pairs() if pair.overlap >= 0.6)
    low = Counter(pair.label for pair in pairs() if pair.overlap <= 0.2)
    assert high["contradiction"] > high["entailment"]
    assert low["entailment"] >= low["contradiction"]


def test_the_checker_finds_what_is_missing_or_differs() -> None:
    found = faults({})
    named = {fault.split(":")[0] for fault in found}
    present = {citation.id for citation in citations()}
    assert {question.id for question in questions()} | {pair.id for pair in pairs()} <= named
    assert present <= named
    first = questions()[0]
    text = Text(first.answer.law_id, first.snapshot, "成年", "年齢十八歳をもって、成年とする。")
    assert not any(
        fault.startswith(f"{first.id}:")
        for fault in faults({(first.answer.law, first.answer.num): text})
    )
    other = Text("000AC0000000000", first.snapshot, "", "")
    assert any(
        fault.startswith(f"{first.id}: {first.answer.law} has the id")
        for fault in faults({(first.answer.law, first.answer.num): other})
    )
