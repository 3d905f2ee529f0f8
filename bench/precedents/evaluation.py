"""The evaluation files as typed rows: what a bench or a test reads instead of raw JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
TUNE, REPORT = "tune", "report"


@dataclass(frozen=True)
class Article:
    """One article of one law: title, e-Gov law id (None where the data has none), e-Gov number."""

    law: str
    law_id: str | None
    num: str


@dataclass(frozen=True)
class Question:
    """A plain-word question, the article that answers it first, and the others that may count."""

    id: str
    question: str
    answer: Article
    alternates: tuple[Article, ...]
    snapshot: str
    style: str
    difficulty: str
    words: int
    shared_words: tuple[str, ...]
    no_shared_word: bool
    half: str

    @property
    def accepted(self) -> tuple[Article, ...]:
        """Every article that counts as a hit."""
        return (self.answer, *self.alternates)


@dataclass(frozen=True)
class OffTopic:
    """A question that no article of the collection answers; near_topic ones sound as if."""

    id: str
    question: str
    kind: str
    half: str


@dataclass(frozen=True)
class Citation:
    """A citation and its article; num is None where no such article exists.

    context is the article (and paragraph) that a relative citation is read in.
    """

    id: str
    question: str
    form: str
    context: Article | None
    context_paragraph: int | None
    law: str
    law_id: str | None
    num: str | None
    paragraph: int | None


@dataclass(frozen=True)
class Pair:
    """A sentence of an article, a plain statement, and what the one says about the other.

    overlap is the share of the statement's words that the premise has; trap names the difficulty.
    """

    id: str
    law: str
    law_id: str | None
    num: str
    paragraphs: str
    snapshot: str
    premise: str
    hypothesis: str
    label: str
    trap: str
    overlap: float


def rows(name: str) -> list[dict[str, Any]]:
    """Return the JSON objects of one of the evaluation files, in file order."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _article(row: dict[str, Any]) -> Article:
    return Article(row["law"], row["law_id"], row["num"])


def questions(half: str | None = None) -> list[Question]:
    """Return the answerable questions, of one half ("tune" or "report") or of both."""
    return [
        Question(
            id=row["id"],
            question=row["question"],
            answer=_article(row),
            alternates=tuple(_article(other) for other in row["alternates"]),
            snapshot=row["snapshot"],
            style=row["style"],
            difficulty=row["difficulty"],
            words=row["words"],
            shared_words=tuple(row["shared_words"]),
            no_shared_word=row["no_shared_word"],
            half=row["half"],
        )
        for row in rows("questions.jsonl")
        if half in {None, row["half"]}
    ]


def off_topic(half: str | None = None) -> list[OffTopic]:
    """Return the questions that deserve "nothing close", of one half or of both."""
    found = [OffTopic(**row) for row in rows("off_topic.jsonl")]
    return [question for question in found if half in {None, question.half}]


def citations() -> list[Citation]:
    """Return the exact citations; they are not split: every one has to be found."""
    return [
        Citation(
            id=row["id"],
            question=row["question"],
            form=row["form"],
            context=_article(row["context"]) if row["context"] else None,
            context_paragraph=row["context"]["paragraph"] if row["context"] else None,
            law=row["law"],
            law_id=row["law_id"],
            num=row["num"],
            paragraph=row["paragraph"],
        )
        for row in rows("citations.jsonl")
    ]


def pairs() -> list[Pair]:
    """Return the pairs for entailment in law; they are for reporting and never trained on."""
    return [Pair(**row) for row in rows("entailment_legal.jsonl")]
