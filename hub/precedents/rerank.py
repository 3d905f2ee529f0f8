"""The pair re-ranker: it reads question and article together and says how they stand."""

import logging
import re
from dataclasses import replace
from functools import cache
from typing import Final, Protocol

from hub.precedents.answers import Answer
from hub.precedents.entailment.judge import Judge, installed, load
from hub.precedents.errors import EncoderError
from hub.precedents.passages import sentences, without_asides

_LOG: Final = logging.getLogger(__name__)
READ: Final = 20  # answers that are read
TOKENS: Final = 128  # of question and passage together
PASSAGE: Final = 160  # characters of an article that are read
_HIRAGANA: Final = re.compile("[ぁ-ん]")
_ASKING: Final = re.compile(r"(?:の?でしょう|の)?か?[?？。\s]*$")


class Reranker(Protocol):
    """Reads a question beside each of the first answers.

    It sets `entailment` of the answers that it read and may change their order; it drops none.
    """

    def rerank(self, question: str, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
        """The same answers, those it read in its own order, the others behind."""
        ...


class PairReranker:
    """Labels the first READ answers with the pair model and leaves their order."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def rerank(self, question: str, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
        """The same answers in the same order, the first READ with `entailment`.

        A question that is words alone (転入届 期限) states nothing: no answer gets a label.
        """
        if not _HIRAGANA.search(question):
            return answers
        statement = stated(question)
        return tuple(self._read(one, statement) for one in answers[:READ]) + answers[READ:]

    def _read(self, answer: Answer, statement: str) -> Answer:
        verdict = self._judge.verdict(passage(answer), statement, TOKENS)
        return replace(answer, entailment=(verdict.label, verdict.score))


def stated(question: str) -> str:
    """A question as the statement that it asks about: 届けますか becomes 届けます."""
    plain = _ASKING.sub("", question.strip()) or question
    return f"{plain}。"


def passage(answer: Answer) -> str:
    """The best sentence of an answer and those that follow in its paragraph, PASSAGE at most."""
    paragraphs = {one.num: one.whole for one in answer.article.paragraphs}
    text = paragraphs.get(answer.paragraph or "", answer.article.text)
    found = sentences(without_asides(text))
    best = without_asides(answer.reason.sentence)
    at = found.index(best) if best in found else 0
    gathered = "".join(found[at : at + 1]) or answer.article.caption
    for sentence in found[at + 1 :]:
        if len(gathered) + len(sentence) > PASSAGE:
            break
        gathered += sentence
    return gathered


@cache
def installed_reranker() -> Reranker | None:
    """The pair re-ranker with its pinned weights; None where it is not there or not as pinned.

    The log says which of both, and the search goes on without it.
    """
    if not installed():
        return None
    try:
        return PairReranker(load())
    except EncoderError as error:
        _LOG.warning("search goes on without the pair re-ranker: %s", error)
        return None
