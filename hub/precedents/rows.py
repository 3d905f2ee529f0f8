"""Rows of the collection as typed values: revisions, their entries, and how they are added."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hub.precedents.article import (
    Article,
    Cited,
    Item,
    Kind,
    Paragraph,
    Revision,
    Standing,
    article_digest,
    paragraphs_json,
)
from hub.precedents.errors import CollectionError
from hub.precedents.passages import digest_of, passages
from hub.precedents.store import current


@dataclass(frozen=True)
class RevisionRow:
    """A revision without its articles, as the store has it. Dates are ISO text, None if unknown."""

    id: int
    law_id: str
    name: str
    title: str
    kind: Kind
    issuer: str
    number: str
    abbreviation: str
    starts: dt.date | None
    snapshot: str
    standing: Standing
    amended_by: str
    comment: str
    source: str
    sample: bool
    bundle: str
    digest: bytes


_REVISION = (
    "id, law_id, name, title, kind, issuer, number, abbreviation, starts, snapshot, standing,"
    " amended_by, comment, source, sample, bundle, digest"
)


@dataclass(frozen=True)
class Entry:
    """One article's content, shared by every revision that has it unchanged."""

    id: int
    law_id: str
    title: str
    article: Article


def revisions(
    connection: sqlite3.Connection, generation: int | None = None, law_id: str | None = None
) -> list[RevisionRow]:
    """The revisions of a generation (the current one if none is named), of one law or of all."""
    number = current(connection) if generation is None else generation
    where = "added <= ? AND (removed IS NULL OR removed > ?)"
    given: list[object] = [number, number]
    if law_id is not None:
        where += " AND law_id = ?"
        given.append(law_id)
    rows = connection.execute(
        f"SELECT {_REVISION} FROM revision WHERE {where} ORDER BY id",  # noqa: S608 - constants
        given,
    )
    return [_revision(row) for row in rows]


def _revision(row: Any) -> RevisionRow:  # noqa: ANN401 - a row of SQLite has no type
    number, law_id, name, title, kind, issuer, law_number, abbreviation, *rest = row
    starts, snapshot, standing, amended_by, comment, source, sample, bundle, digest = rest
    return RevisionRow(
        id=number,
        law_id=law_id,
        name=name,
        title=title,
        kind=Kind(kind),
        issuer=issuer,
        number=law_number,
        abbreviation=abbreviation,
        starts=dt.date.fromisoformat(starts) if starts else None,
        snapshot=snapshot,
        standing=Standing(standing),
        amended_by=amended_by,
        comment=comment,
        source=source,
        sample=bool(sample),
        bundle=bundle,
        digest=digest,
    )


def entries_of(connection: sqlite3.Connection, revision: int) -> list[int]:
    """The ids of a revision's entries, in its order."""
    rows = connection.execute(
        "SELECT entry FROM membership WHERE revision = ? ORDER BY position", (revision,)
    )
    return [int(row[0]) for row in rows]


def current_entries(connection: sqlite3.Connection) -> set[int]:
    """The ids of every entry of the current generation, in force or not."""
    found = (entries_of(connection, row.id) for row in revisions(connection))
    return {number for numbers in found for number in numbers}


def entry(connection: sqlite3.Connection, number: int) -> Entry:
    """One entry with its article."""
    row = connection.execute(
        "SELECT law_id, title, num, label, caption, path, paragraphs, cites"
        " FROM entry WHERE id = ?",
        (number,),
    ).fetchone()
    if row is None:
        raise CollectionError(f"the collection has no entry {number}")
    law_id, title, num, label, caption, path, paragraphs, cites = row
    return Entry(
        number,
        law_id,
        title,
        Article(
            num,
            label,
            caption,
            tuple(json.loads(path)),
            read_paragraphs(paragraphs),
            tuple(Cited(*one) for one in json.loads(cites)),
        ),
    )


def read_paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of an entry row."""
    return tuple(
        Paragraph(num, own, tuple(Item(*item) for item in items))
        for num, own, items in json.loads(text)
    )


def add_revision(
    connection: sqlite3.Connection, revision: Revision, generation: int, bundle: str
) -> int:
    """Add a revision from `generation` on; returns its id. Known articles are not stored again."""
    starts = revision.starts.isoformat() if revision.starts else None
    cursor = connection.execute(
        f"INSERT INTO revision ({_REVISION.removeprefix('id, ')}, added)"  # noqa: S608 - constants
        f" VALUES ({', '.join('?' * 17)})",
        (
            revision.law_id,
            revision.name,
            revision.title,
            revision.kind,
            revision.issuer,
            revision.number,
            revision.abbreviation,
            starts,
            revision.snapshot,
            revision.standing,
            revision.amended_by,
            revision.comment,
            revision.source,
            revision.sample,
            bundle,
            revision.digest,
            generation,
        ),
    )
    number = int(cursor.lastrowid or 0)
    connection.executemany(
        "INSERT INTO membership VALUES (?, ?, ?)",
        (
            (number, position, _entry_id(connection, revision, article))
            for position, article in enumerate(revision.articles)
        ),
    )
    return number


def _entry_id(connection: sqlite3.Connection, revision: Revision, article: Article) -> int:
    digest = article_digest(revision.law_id, revision.title, article)
    row = connection.execute("SELECT id FROM entry WHERE digest = ?", (digest,)).fetchone()
    if row is not None:
        return int(row[0])
    path = json.dumps(article.path, ensure_ascii=False)
    paragraphs = json.dumps(paragraphs_json(article), ensure_ascii=False)
    cites = json.dumps([[c.law, c.law_id, c.num] for c in article.cites], ensure_ascii=False)
    values = (digest, revision.law_id, revision.title, article.num, article.label, article.caption)
    cursor = connection.execute(
        "INSERT INTO entry (digest, law_id, title, num, label, caption, path, paragraphs, cites)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*values, path, paragraphs, cites),
    )
    number = int(cursor.lastrowid or 0)
    connection.executemany(
        "INSERT INTO passage VALUES (?, ?, ?, ?)", _passages(number, revision.title, article)
    )
    return number


def _passages(number: int, title: str, article: Article) -> Iterable[tuple[int, int, bytes, str]]:
    found = passages(title, article.path, article.caption, article.text)
    return ((number, place, digest_of(text), text) for place, text in enumerate(found))
