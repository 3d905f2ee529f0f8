"""What a search gives back: answers in order, each with its grounds, as the interface has them."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from hub.precedents.article import Article
from hub.precedents.in_force import Valid
from hub.precedents.reasons import Reason


@dataclass(frozen=True)
class Pending:
    """A change of the article that is not in force yet: the day (None: not set), what happens."""

    day: dt.date | None
    change: str
    comment: str


@dataclass(frozen=True)
class Neighbour:
    """An article that the answer cites or is cited by."""

    relation: str
    law: str
    law_id: str
    num: str
    caption: str


@dataclass(frozen=True)
class Answer:
    """One article as an answer. `entailment` is what a pair re-ranker says, None without one."""

    valid: Valid
    article: Article
    digest: str
    paragraph: str | None
    score: float
    cited: bool
    reason: Reason
    pending: tuple[Pending, ...]
    neighbours: tuple[Neighbour, ...]
    entailment: tuple[str, float] | None = None

    def as_json(self) -> dict[str, Any]:
        """The answer as `precedents search --json` prints it."""
        revision, article, reason = self.valid.revision, self.article, self.reason
        return {
            "law": revision.title,
            "law_id": revision.law_id,
            "num": article.num,
            "article": article.label,
            "caption": article.caption,
            "path": list(article.path),
            "paragraph": self.paragraph,
            "text": article.text,
            "kind": revision.kind,
            "issuer": revision.issuer,
            "sample": revision.sample,
            "in_force": {"from": _day(self.valid.starts), "until": _day(self.valid.until)},
            "snapshot": revision.snapshot,
            "source": revision.source,
            "hash": self.digest,
            "pending": [
                {"from": _day(one.day), "change": one.change, "comment": one.comment}
                for one in self.pending
            ],
            "score": round(self.score, 4),
            "exact_citation": self.cited,
            "why": {
                "sentence": reason.sentence,
                "shared_words": list(reason.shared_words),
                "by_meaning": reason.by_meaning and not self.cited,
            },
            "entailment": self.entailment
            and {"label": self.entailment[0], "score": round(self.entailment[1], 4)},
            "neighbours": [
                {
                    "relation": one.relation,
                    "law": one.law,
                    "law_id": one.law_id,
                    "num": one.num,
                    "caption": one.caption,
                }
                for one in self.neighbours
            ],
        }


@dataclass(frozen=True)
class Result:
    """The answers to one question, how long each step took, whether nothing is close."""

    answers: tuple[Answer, ...]
    nothing_close: bool
    as_of: dt.date
    generation: int
    milliseconds: dict[str, float] = field(default_factory=dict[str, float])
    citations_not_found: tuple[str, ...] = ()
    citations_left_out: tuple[str, ...] = ()
    suggested_laws: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The result as `precedents search --json` prints it."""
        return {
            "answers": [answer.as_json() for answer in self.answers],
            "ms": {name: round(value, 1) for name, value in self.milliseconds.items()},
            "nothing_close": self.nothing_close,
            "as_of": self.as_of.isoformat(),
            "generation": self.generation,
            "citations_not_found": list(self.citations_not_found),
            "citations_left_out": list(self.citations_left_out),
            "suggested_laws": list(self.suggested_laws),
        }


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
