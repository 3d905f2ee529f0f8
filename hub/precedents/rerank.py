"""The pair re-ranker: it reads question and article together and says how they stand."""

import logging
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Final, Protocol

from hub.precedents.answers import Answer
from hub.precedents.entailment.judge import Judge, Verdict, installed, load
from hub.precedents.errors import EncoderError
from hub.precedents.passages import sentences, without_asides

_LOG: Final = logging.getLogger(__name__)
READ: Final = 20  # answers that are read
TOKENS: Final = 128  # of question and passage together
AT_ONCE: Final = 2
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
    """Labels the first READ answers with the pair model and leaves their order.

    It reads AT_ONCE of them at a time, each on a core: two threads for one pair would gain little.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pairs")

    def rerank(self, question: str, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
        """The same answers in the same order, the first READ with `entailment`.

        A question that is words alone (転入届 期限) states nothing: no answer gets a label.
        """
        if not _HIRAGANA.search(question):
            return answers
        statement = stated(question)
        read = answers[:READ]
        verdicts = self.judged([(passage(one), statement) for one in read])
        labelled = (
            replace(one, entailment=(verdict.label, verdict.score))
            for one, verdict in zip(read, verdicts, strict=True)
        )
        return (*labelled, *answers[READ:])

    def judged(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """Verdicts on pairs of premise and hypothesis in their order, TOKENS of each read."""
        return list(self._pool.map(self._verdict, pairs))

    def _verdict(self, pair: tuple[str, str]) -> Verdict:
        premise, hypothesis = pair
        return self._judge.verdict(premise, hypothesis, TOKENS)


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
