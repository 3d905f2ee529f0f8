"""From the ids of articles to answers with their grounds, read from one snapshot of the store."""

import datetime as dt
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from hub.numerals import label_of
from hub.precedents.answers import Answer, Neighbour, Pending
from hub.precedents.article import Article, Standing, article_digest
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
        """The article that a citation names, None where the valid revision has none.

        A paragraph that the article does not have counts as none cited.
        """
        number = self._cited_number(place)
        if number is None:
            return None
        found = entry(self.connection, number)
        cited = str(place.paragraph)
        paragraph = cited if cited in {one.num for one in found.article.paragraphs} else None
        return self.answer(found, 1.0, cited=True, paragraph=paragraph)

    def order(self, law_id: str) -> list[str]:
        """The article numbers of a law in their order; none where no revision is valid."""
        valid = self.valid.get(law_id)
        if valid is None:
            return []
        rows = self.connection.execute(
            "SELECT num FROM membership JOIN entry ON id = entry"
            " WHERE revision = ? ORDER BY position",
            (valid.revision.id,),
        )
        return [str(row[0]) for row in rows]

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

    def num_of(self, place: Place) -> str | None:
        """The number in the collection of the article that a citation names, None for none."""
        number = self._cited_number(place)
        return None if number is None else entry(self.connection, number).article.num

    def _cited_number(self, place: Place) -> int | None:
        """The entry that a citation means, 附_3 among them: 附則 of the law itself.

        The collection counts the supplements of a law (附1_3, 附2_3); only those that came with
        an amending law name it in their label.
        """
        valid = self.valid.get(place.law_id)
        if valid is None:
            return None
        if not place.num.startswith("附_"):
            return self._number(valid.revision.id, place.num)
        rest = "" if place.num == "附_0" else label_of(place.num.removeprefix("附_"))
        row = self.connection.execute(
            "SELECT e.id FROM membership m JOIN entry e ON e.id = m.entry"
            " WHERE m.revision = ? AND e.num LIKE '附%' AND e.label IN (?, ?)"
            " ORDER BY m.position",
            (valid.revision.id, f"附則{rest}", f"附則抄{rest}"),
        ).fetchone()
        return None if row is None else int(row[0])

    def _number(self, revision: int, num: str) -> int | None:
        row = self.connection.execute(
            "SELECT e.id FROM membership m JOIN entry e ON e.id = m.entry"
            " WHERE m.revision = ? AND e.num = ?",
            (revision, num),
        ).fetchone()
        return None if row is None else int(row[0])

    def _pending(self, found: Entry) -> tuple[Pending, ...]:
        """The revisions to come that change or repeal this article, each by the one before it."""
        history = self.histories[found.law_id]
        changes: list[Pending] = []
        before: int | None = found.id
        for row in history.after(self.day):
            repealed = row.standing is Standing.REPEALED
            number = None if repealed else self._number(row.id, found.article.num)
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
