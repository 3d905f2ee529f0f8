"""The re-ranker labels the first answers by their best passage, and drops and moves none."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.precedents import rerank
from hub.precedents.entailment.body import Body
from hub.precedents.entailment.judge import LABELS, Judge
from hub.precedents.question import Question
from hub.precedents.rerank import PairReranker, installed_reranker, passage, stated
from hub.precedents.search import Searcher
from hub.precedents.store import Store
from tests.hub.precedents.entailment import small_body
from tests.hub.precedents.small_town import TODAY, PairEncoder

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> PairReranker:
    from tests.hub.precedents.entailment import small_model  # noqa: PLC0415 after importorskip

    path = tmp_path_factory.mktemp("body") / "body.bin"
    small_body.write(path)
    body = Body(path)
    return PairReranker(Judge(small_model.model(body, small_model.weights(body)), body))


def test_answers_are_labelled_in_their_order(town: Store, reranker: PairReranker) -> None:
    question = Question("犬を飼い始めたら何日以内に登録しますか", TODAY)
    plain = Searcher(town, [PairEncoder()]).search(question).answers
    labelled = Searcher(town, [PairEncoder()], reranker).search(question).answers
    assert [one.article.num for one in labelled] == [one.article.num for one in plain]
    assert len(plain) > 1
    assert all(one.entailment is None for one in plain)
    for one in labelled:
        assert one.entailment is not None
        assert one.entailment[0] in LABELS
        assert one.as_json()["entailment"]["label"] == one.entailment[0]


def test_only_the_first_are_read(
    town: Store, reranker: PairReranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rerank, "READ", 1)
    answers = Searcher(town, [PairEncoder()]).search(Question("届出", TODAY)).answers
    assert reranker.rerank("届出", answers) == answers
    first, *others = reranker.rerank("届け出る", answers)
    assert first.entailment
    assert [one.entailment for one in others] == [None] * (len(answers) - 1)


def test_the_passage_is_the_best_sentence_and_what_follows(searcher: Searcher) -> None:
    for answer in searcher.search(Question("犬を飼い始めたら何日以内に登録", TODAY)).answers:
        found = passage(answer)
        assert len(found) > 0
        assert found[:10] in answer.article.text or found == answer.article.caption


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("何日までに届けますか？", "何日までに届けます。"),
        ("住民票をもらえるのでしょうか", "住民票をもらえる。"),
        ("子の名は変えられる？", "子の名は変えられる。"),
        ("転入届 期限", "転入届 期限。"),
        ("か", "か。"),
    ],
)
def test_a_question_becomes_a_statement(question: str, statement: str) -> None:
    assert stated(question) == statement


def test_without_its_weights_there_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    installed_reranker.cache_clear()
    monkeypatch.setattr(rerank, "installed", lambda: False)
    assert installed_reranker() is None
    installed_reranker.cache_clear()
    monkeypatch.setattr(rerank, "installed", lambda: True)
    load = rerank.load
    monkeypatch.setattr(rerank, "load", lambda: load(tmp_path))
    assert installed_reranker() is None
    assert "goes on without the pair re-ranker" in caplog.text
    installed_reranker.cache_clear()
