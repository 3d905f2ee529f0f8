"""What is asked: apart from the search, so that a process without its libraries can ask."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from hub.precedents.article import Kind
from hub.precedents.citations import Place
from hub.precedents.errors import QuestionError

LONGEST: Final = 10_000
MOST: Final = 200


@dataclass(frozen=True)
class Question:
    """What is asked: the words, the day, at most which laws and kinds, how many answers."""

    text: str
    as_of: dt.date
    top: int = 10
    laws: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset()
    context: Place | None = None
    rerank: bool = True

    def as_json(self) -> dict[str, Any]:
        """The question as it goes to the search process; it has no context there."""
        return {
            "text": self.text,
            "as_of": self.as_of.isoformat(),
            "top": self.top,
            "laws": list(self.laws),
            "kinds": sorted(self.kinds),
            "rerank": self.rerank,
        }

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Self:
        """The question that `as_json` gave."""
        return cls(
            text=table["text"],
            as_of=dt.date.fromisoformat(table["as_of"]),
            top=table["top"],
            laws=tuple(table["laws"]),
            kinds=frozenset(Kind(kind) for kind in table["kinds"]),
            rerank=table["rerank"],
        )


def check(question: Question) -> None:
    """QuestionError for a question out of bounds."""
    if not question.text.strip():
        raise QuestionError("the question is empty")
    if len(question.text) > LONGEST:
        raise QuestionError(f"the question is longer than {LONGEST} characters")
    if not 0 < question.top <= MOST:
        raise QuestionError(f"--top must be from 1 to {MOST}")
