"""Reading the collection without asking it: one article with what stands around it, one law.

It needs none of the search's libraries, so that the pages can show an article themselves.
"""

import datetime as dt
import sqlite3
from dataclasses import dataclass

from hub.errors import NotFoundError
from hub.precedents.answers import Answer
from hub.precedents.article import Article, Standing
from hub.precedents.citations import Place
from hub.precedents.in_force import History, Valid, day_of, histories
from hub.precedents.lexicon import Expansion
from hub.precedents.presenting import Desk
from hub.precedents.rows import entries_of, entry, revisions
from hub.precedents.store import Store


@dataclass(frozen=True)
class Span:
    """From when to when (both inclusive, None: open) an article had one text.

    `state` is shown (the text at hand), other (another text) or absent (no such article);
    `coming` whether it begins after the day asked for.
    """

    starts: dt.date | None
    until: dt.date | None
    state: str
    coming: bool


@dataclass(frozen=True)
class Beside:
    """An article that stands before or after another."""

    num: str
    label: str
    caption: str


@dataclass(frozen=True)
class Surroundings:
    """What stands around one article: the two beside it, and its texts over time."""

    before: Beside | None
    after: Beside | None
    spans: tuple[Span, ...]
    paragraphs: int


@dataclass(frozen=True)
class Contents:
    """One law on a day: its revision and its articles in order, each with its headings."""

    valid: Valid
    articles: tuple[tuple[Beside, tuple[str, ...]], ...]


def read_article(store: Store, place: Place, day: dt.date) -> tuple[Answer, Surroundings]:
    """The article that is in force on a day; NotFoundError where there is none."""
    with store.reading() as connection:
        found = histories(revisions(connection))
        in_force = {law: valid for law in found if (valid := found[law].on(day)) is not None}
        desk = Desk(connection, found, in_force, "", Expansion((), {}), day)
        answer = desk.at(place)
        if answer is None:
            raise NotFoundError("there is no such article in force on that day")
        return answer, _surroundings(connection, found[place.law_id], place, day)


def surroundings(store: Store, place: Place, day: dt.date) -> Surroundings | None:
    """What stands around an article; None where there is no such article on that day."""
    with store.reading() as connection:
        found = histories(revisions(connection, law_id=place.law_id)).get(place.law_id)
        if found is None or found.on(day) is None:
            return None
        return _surroundings(connection, found, place, day)


def read_law(store: Store, law_id: str, day: dt.date) -> Contents:
    """What a law holds on a day; NotFoundError where it is not in force."""
    with store.reading() as connection:
        history = histories(revisions(connection, law_id=law_id)).get(law_id)
        valid = history.on(day) if history else None
        if valid is None:
            raise NotFoundError("there is no such law in force on that day")
        articles = [
            entry(connection, one).article for one in entries_of(connection, valid.revision.id)
        ]
        return Contents(valid, tuple((_beside(one), one.path) for one in articles))


def _surroundings(
    connection: sqlite3.Connection, history: History, place: Place, day: dt.date
) -> Surroundings:
    valid = history.on(day)
    assert valid is not None
    order = entries_of(connection, valid.revision.id)
    at = _entry_of(connection, valid.revision.id, place.num)
    if at is None:
        return Surroundings(None, None, (), 0)
    here = order.index(at)
    return Surroundings(
        before=_beside(entry(connection, order[here - 1]).article) if here else None,
        after=_beside(entry(connection, order[here + 1]).article)
        if here + 1 < len(order)
        else None,
        spans=_spans(connection, history, place.num, at, day),
        paragraphs=len(entry(connection, at).article.paragraphs),
    )


def _spans(
    connection: sqlite3.Connection, history: History, num: str, shown: int, day: dt.date
) -> tuple[Span, ...]:
    """The texts of an article over time, the oldest first; equal ones in a row are one span."""
    rows = history.dated
    texts = [
        None if row.standing is Standing.REPEALED else _entry_of(connection, row.id, num)
        for row in rows
    ]
    changes = [place for place in range(len(rows)) if not place or texts[place] != texts[place - 1]]
    found: list[Span] = []
    for at, place in enumerate(changes):
        following = changes[at + 1] if at + 1 < len(changes) else None
        until = day_of(rows[following]) - dt.timedelta(days=1) if following is not None else None
        known = {None: "absent", shown: "shown"}
        state = known.get(texts[place], "other")
        starts = rows[place].starts
        found.append(Span(starts, until, state, coming=day_of(rows[place]) > day))
    return tuple(found)


def _entry_of(connection: sqlite3.Connection, revision: int, num: str) -> int | None:
    row = connection.execute(
        "SELECT e.id FROM membership m JOIN entry e ON e.id = m.entry"
        " WHERE m.revision = ? AND e.num = ?",
        (revision, num),
    ).fetchone()
    return None if row is None else int(row[0])


def _beside(article: Article) -> Beside:
    return Beside(article.num, article.label, article.caption)
