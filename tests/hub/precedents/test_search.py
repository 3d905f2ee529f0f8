"""Search: citations first, meaning after, the law of the day, and questions out of the ordinary."""

from __future__ import annotations

import datetime as dt

import pytest

from hub.precedents.answers import Answer, Result
from hub.precedents.article import Kind
from hub.precedents.citations import Place
from hub.precedents.collection import take
from hub.precedents.errors import QuestionError
from hub.precedents.question import Question
from hub.precedents.search import Searcher, Stage
from hub.precedents.store import Store
from hub.precedents.vectors import encode_missing
from tests.hub.precedents.small_town import DOGS, TODAY, TOWN, PairEncoder, article, revision


def ask(searcher: Searcher, text: str, **options: object) -> Result:
    return searcher.search(Question(text, TODAY, **options))  # pyright: ignore[reportArgumentType]


def nums(result: Result) -> list[str]:
    return [answer.article.num for answer in result.answers]


def test_the_article_that_answers_comes_first_with_its_grounds(searcher: Searcher) -> None:
    result = ask(searcher, "犬を飼い始めたら何日以内に登録しますか")
    assert not result.nothing_close
    assert nums(result)[0] == "3"
    reason = result.answers[0].reason
    assert reason.sentence == DOGS.text
    assert {"犬", "登録"} <= set(reason.shared_words)
    assert len(nums(result)) == len(set(nums(result)))


def test_an_answer_shows_all_that_it_must(searcher: Searcher) -> None:
    found = ask(searcher, "出生の届出").as_json()
    assert {"answers", "ms", "nothing_close"} <= set(found)
    first = found["answers"][0]
    assert (first["law"], first["law_id"], first["num"]) == (TOWN.title, "x-town", "2")
    assert first["in_force"] == {"from": "2020-04-01", "until": None}
    assert first["entailment"] is None
    assert set(first["why"]) == {"sentence", "shared_words", "by_meaning"}
    assert len(first["hash"]) == 64
    assert {"relation": "applies", "num": "1"}.items() <= first["neighbours"][0].items()


def test_words_answer_first_and_meaning_replaces_them(town: Store, searcher: Searcher) -> None:
    staged = dict(searcher.stages(Question("犬の登録", TODAY, top=2)))
    assert list(staged) == [Stage.WORDS, Stage.MEANING]
    assert "meaning" in staged[Stage.MEANING].milliseconds
    assert nums(staged[Stage.MEANING]) == nums(ask(searcher, "犬の登録", top=2))
    assert list(dict(Searcher(town, []).stages(Question("犬", TODAY)))) == [Stage.WORDS]


def test_an_exact_citation_is_one_answer(searcher: Searcher) -> None:
    result = ask(searcher, "町の届出に関する条例第2条の2")
    assert nums(result) == ["2_2"]
    assert result.answers[0].cited
    mixed = ask(searcher, "町の届出に関する条例第3条の犬の登録の期限", top=3)
    assert nums(mixed)[0] == "3"
    assert len(mixed.answers) == 3


def test_an_article_that_does_not_exist_is_not_made_up(searcher: Searcher) -> None:
    result = ask(searcher, "町の届出に関する条例第99条")
    assert result.answers == ()
    assert result.nothing_close
    assert result.citations_not_found == ("町の届出に関する条例第九十九条",)


def test_a_relative_citation_is_read_in_its_context(searcher: Searcher) -> None:
    assert nums(ask(searcher, "前条", context=Place("x-town", "3"))) == ["2_2"]
    assert nums(ask(searcher, "次条", context=Place("x-town", "2"))) == ["2_2"]


def test_the_law_of_the_day_and_what_waits_behind_it(town: Store, searcher: Searcher) -> None:
    later = article("3", "犬の登録", "犬の所有者は、十日以内に登録を申請しなければならない。")
    take(town, [revision([later], starts=dt.date(2030, 1, 1))], TODAY)
    now = ask(searcher, "犬の登録", top=1).answers[0]
    assert now.article == DOGS
    assert (now.valid.until, now.pending[0].day) == (dt.date(2029, 12, 31), dt.date(2030, 1, 1))
    then = searcher.search(Question("犬の登録", dt.date(2030, 1, 1), top=1)).answers[0]
    assert then.article == later
    assert then.pending == ()
    assert searcher.search(Question("犬の登録", dt.date(2019, 1, 1))).answers == ()


def test_new_articles_are_found_before_they_are_encoded(town: Store, searcher: Searcher) -> None:
    ask(searcher, "犬")
    cats = article("1", "猫の届出", "猫の所有者は、町長に猫の数を届け出る。")
    take(town, [revision([cats], law_id="x-cats", title="猫条例")], TODAY)
    assert ask(searcher, "猫の数の届出").answers[0].article == cats
    encode_missing(town, PairEncoder(), lambda _done, _whole: None)
    assert ask(searcher, "猫の数の届出").answers[0].article == cats


def test_law_and_kind_narrow_the_answers(town: Store, searcher: Searcher) -> None:
    take(town, [revision([DOGS], law_id="x-m", title="犬の覚書", kind=Kind.MEMO)], TODAY)
    assert {
        a.valid.revision.law_id for a in ask(searcher, "犬の登録", laws=("犬の覚書",)).answers
    } == {"x-m"}
    kinds = frozenset({Kind.ORDINANCE})
    assert {a.valid.revision.kind for a in ask(searcher, "犬の登録", kinds=kinds).answers} == kinds
    with pytest.raises(QuestionError, match="no law is called"):
        ask(searcher, "犬", laws=("猫の覚書",))


@pytest.mark.parametrize(
    "text",
    [
        "犬の登録" * 2500,
        "How do I register my dog?",
        "いぬのとうろくをしたい",
        "犬ノ登錄ヲ屆出ル",
        "犬\0の\ud800登録",
        "第" * 3000 + "条",
        "第一条の" * 2000,
        "（" * 5000,
    ],
)
def test_unusual_questions_are_answered_in_order(searcher: Searcher, text: str) -> None:
    result = ask(searcher, text[:10_000])
    assert result.as_json()["ms"]["total"] < 5000


@pytest.mark.parametrize("text", ["", "   ", "犬" * 10_001])
def test_questions_out_of_bounds_are_refused(searcher: Searcher, text: str) -> None:
    with pytest.raises(QuestionError):
        ask(searcher, text)


@pytest.mark.parametrize(
    "text", ["。。。、、、", "ｗｗｗ？？？！！！", "プロ野球の結果", "パスタのゆで方"]
)
def test_nothing_close_is_said(searcher: Searcher, text: str) -> None:
    assert ask(searcher, text).nothing_close


def test_without_encoder_words_alone_answer(town: Store) -> None:
    result = Searcher(town, []).search(Question("犬の登録の申請", TODAY))
    assert nums(result)[0] == "3"
    assert not result.nothing_close


class _LastFirst:
    def rerank(self, question: str, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
        assert question
        return answers[::-1]


def test_a_reranker_orders_unless_told_not_to(town: Store) -> None:
    searcher = Searcher(town, [PairEncoder()], _LastFirst())
    plain = nums(ask(searcher, "犬の登録", rerank=False))
    assert nums(ask(searcher, "犬の登録")) == plain[::-1]


@pytest.mark.parametrize("text", ["印鑑 登録", "犬", "出生届 以内 何日"])
def test_a_few_words_that_an_article_has_are_never_refused(town: Store, text: str) -> None:
    for encoders in ([], [PairEncoder()]):
        result = Searcher(town, encoders).search(Question(text, TODAY))
        assert result.nothing_close == (text == "犬")  # one character is too little to go by
