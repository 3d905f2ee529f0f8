"""Which article cites which: read from the texts at import, followed from an answer either way."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.precedents.citations import Place, citations
from hub.precedents.law_catalogue import Catalogue
from hub.precedents.rows import Entry, entries_of, entry, revisions

MOST_NEIGHBOURS: Final = 12


@dataclass(frozen=True)
class Link:
    """An article beside an answer: cites, applies (準用), cited_by or applied_by."""

    relation: str
    law_id: str
    num: str


def catalogue_of(connection: sqlite3.Connection) -> Catalogue:
    """The laws of the current generation and those known by name."""
    rows = revisions(connection)
    return Catalogue.of((row.law_id, row.title, row.number, row.abbreviation) for row in rows)


def link(connection: sqlite3.Connection, added: Sequence[int]) -> None:
    """Read the citations of the entries of new revisions, unless they were read before."""
    rows = [row for row in revisions(connection, 2**62) if row.id in set(added)]
    known = Catalogue.of(
        (row.law_id, row.title, row.number, row.abbreviation)
        for row in revisions(connection, 2**62)
    )
    for row in rows:
        found = [entry(connection, number) for number in entries_of(connection, row.id)]
        order = [one.article.num for one in found]
        for one in found:
            connection.executemany(
                "INSERT OR IGNORE INTO citation VALUES (?, ?, ?, ?)", _cited(one, order, known)
            )


def _cited(one: Entry, order: Sequence[str], known: Catalogue) -> list[tuple[int, str, str, bool]]:
    """What an entry cites: what it names of itself, and what its text says."""
    applied: dict[tuple[str, str], bool] = {(c.law_id, c.num): False for c in one.article.cites}
    place = Place(one.law_id, one.article.num)
    for found in citations(one.article.text, known, place, order):
        key = (found.place.law_id, found.place.num)
        applied[key] = applied.get(key, False) or found.applied
    applied.pop((one.law_id, one.article.num), None)
    return [(one.id, law_id, num, flag) for (law_id, num), flag in applied.items()]


def links_of(connection: sqlite3.Connection, one: Entry, valid: Sequence[int]) -> list[Link]:
    """What an entry cites and is cited by, 準用 first; citing entries only of `valid` revisions."""
    out = connection.execute("SELECT law_id, num, applied FROM citation WHERE entry = ?", (one.id,))
    found = [Link("applies" if applied else "cites", law, num) for law, num, applied in out]
    into = connection.execute(
        "SELECT DISTINCT e.law_id, e.num, c.applied FROM citation c JOIN entry e ON e.id = c.entry"
        " JOIN membership m ON m.entry = e.id"
        " WHERE c.law_id = ? AND c.num = ?"
        " AND m.revision IN (SELECT value FROM json_each(?)) LIMIT 200",
        (one.law_id, one.article.num, json.dumps(list(valid))),
    )
    found += [Link("applied_by" if applied else "cited_by", law, num) for law, num, applied in into]
    return sorted(found, key=lambda each: not each.relation.startswith("appl"))[:MOST_NEIGHBOURS]
