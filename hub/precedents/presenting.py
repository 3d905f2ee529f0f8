"""From the ids of articles to answers with their grounds, read from one snapshot of the store."""

import datetime as dt
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from hub.precedents.answers import Answer, Neighbour, Pending
from hub.precedents.article import Article, article_digest
from hub.precedents.citations import Place
from hub.precedents.in_force import History, Valid
from hub.precedents.lexicon import Expansion
from hub.precedents.links import links_of
from hub.precedents.reasons import reason_for
from hub.precedents.rows import Entry, entry


@dataclass(frozen=True)
class Desk:
    """What every answer to one question needs: the snapshot, what is valid, the question."""

    connection: sqlite3.Connection
    histories: Mapping[str, History]
    valid: Mapping[str, Valid]
    text: str
    hints: Expansion
    day: dt.date

    def at(self, place: Place) -> Answer | None:
        """The article that a citation names, None where the valid revision has none."""
        valid = self.valid.get(place.law_id)
        number = valid and self._number(valid.revision.id, place.num)
        if not number:
            return None
        paragraph = str(place.paragraph) if place.paragraph else None
        return self.answer(entry(self.connection, number), 1.0, cited=True, paragraph=paragraph)

    def answer(
        self, found: Entry, score: float, *, cited: bool = False, paragraph: str | None = None
    ) -> Answer:
        """One article as an answer."""
        valid, article = self.valid[found.law_id], found.article
        reason = reason_for(self.text, self.hints.terms, article.caption, article.text)
        return Answer(
            valid=valid,
            article=article,
            digest=article_digest(found.law_id, found.title, article).hex(),
            paragraph=paragraph or _paragraph_with(article, reason.sentence),
            score=score,
            cited=cited,
            reason=reason,
            pending=self._pending(found),
            neighbours=self._neighbours(found),
        )

    def _number(self, revision: int, num: str) -> int | None:
        row = self.connection.execute(
            "SELECT e.id FROM membership m JOIN entry e ON e.id = m.entry"
            " WHERE m.revision = ? AND e.num = ?",
            (revision, num),
        ).fetchone()
        return None if row is None else int(row[0])

    def _pending(self, found: Entry) -> tuple[Pending, ...]:
        """The revisions to come that change this article, compared with the one before each."""
        history = self.histories[found.law_id]
        changes: list[Pending] = []
        before: int | None = found.id
        for row in history.after(self.day):
            number = self._number(row.id, found.article.num)
            if number != before:
                change = "repealed" if number is None else "changed"
                changes.append(Pending(row.starts, change, row.comment))
            before = number if row.starts else before
        return tuple(changes)

    def _neighbours(self, found: Entry) -> tuple[Neighbour, ...]:
        revisions = [valid.revision.id for valid in self.valid.values()]
        neighbours: list[Neighbour] = []
        for link in links_of(self.connection, found, revisions):
            valid = self.valid.get(link.law_id)
            number = valid and self._number(valid.revision.id, link.num)
            if valid and number:
                row = self.connection.execute("SELECT caption FROM entry WHERE id = ?", (number,))
                caption = str(row.fetchone()[0])
                neighbours.append(
                    Neighbour(link.relation, valid.revision.title, link.law_id, link.num, caption)
                )
        return tuple(neighbours)


def _paragraph_with(article: Article, sentence: str) -> str | None:
    """The number of the paragraph that a sentence stands in."""
    for paragraph in article.paragraphs:
        if sentence and sentence in paragraph.whole:
            return paragraph.num
    return article.paragraphs[0].num if article.paragraphs else None
