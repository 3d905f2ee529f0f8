"""The place of the pair re-ranker: it reads question and article together and orders anew."""

from typing import Protocol

from hub.precedents.answers import Answer


class Reranker(Protocol):
    """Reads a question beside each of the first answers.

    It sets `entailment` of the answers that it read and may change their order; it drops none.
    """

    def rerank(self, question: str, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
        """The same answers, those it read in its own order, the others behind."""
        ...


def installed_reranker() -> Reranker | None:
    """The pair re-ranker with its pinned weights; None where it is not there."""
    return None
