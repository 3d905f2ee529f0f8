"""What staff say of an answer, kept for evaluation: that it helped or not, and for which article.

The question is kept only when the person who asked agreed; else nobody can tell what was asked.
The log says who gave a verdict on which article, and never holds the question.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.clock import iso
from hub.log.entry import EntryKind
from hub.log.journal import Journal
from hub.precedents.question import LONGEST
from hub.storage.tables import PrecedentVerdict


@dataclass(frozen=True)
class Verdict:
    """Whether the answer at `place` (1: the first) helped; `question` None unless agreed."""

    law_id: str
    num: str
    place: int
    helped: bool
    as_of: str
    generation: int
    question: str | None


def keep(journal: Journal, verdict: Verdict, login: str) -> None:
    """Keep a verdict and log that it was given."""
    with journal.appending() as append:
        body = {
            "action": "verdict",
            "law_id": verdict.law_id,
            "num": verdict.num,
            "helped": verdict.helped,
            "with_question": verdict.question is not None,
        }
        index = append.office(EntryKind.PRECEDENT, login, body)
        append.session.add(
            PrecedentVerdict(
                login=login,
                given_us=append.time_us,
                law_id=verdict.law_id,
                num=verdict.num,
                place=verdict.place,
                helped=verdict.helped,
                as_of=verdict.as_of,
                generation=verdict.generation,
                question=verdict.question[:LONGEST] if verdict.question else None,
                log_index=index,
            )
        )


def every(session: Session) -> Iterator[dict[str, Any]]:
    """All verdicts as rows for an evaluation, the oldest first; who gave them is left out."""
    for one in session.scalars(select(PrecedentVerdict).order_by(PrecedentVerdict.number)):
        yield {
            "law_id": one.law_id,
            "num": one.num,
            "place": one.place,
            "helped": one.helped,
            "as_of": one.as_of,
            "generation": one.generation,
            "question": one.question,
            "given_at": iso(one.given_us),
        }
