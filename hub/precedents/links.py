"""Which article cites which: read from the texts at import, followed from an answer either way."""

import json
import re
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hub.precedents.citations import Place, citations
from hub.precedents.law_catalogue import Catalogue
from hub.precedents.law_names import plain_name
from hub.precedents.plain_text import modern
from hub.precedents.rows import Entry, entries_of, entry, revisions

MOST_NEIGHBOURS: Final = 12
MOST_NAMES: Final = 300  # that a text is searched for; for more, every text that cites is read
_AFTER_NUMBER: Final = re.compile(r"号の?第?[0-9〇一二三四五六七八九十百千]+条")


@dataclass(frozen=True)
class Link:
    """An article beside an answer: cites, applies (準用), cited_by or applied_by."""

    relation: str
    law_id: str
    num: str


def catalogue_of(connection: sqlite3.Connection) -> Catalogue:
    """The laws of the collection, also of an import at hand, and those known by name."""
    rows = revisions(connection, 2**62)
    return Catalogue.of((row.law_id, row.title, row.number, row.abbreviation) for row in rows)


def link(connection: sqlite3.Connection, before: Catalogue, added: Sequence[int] = ()) -> None:
    """Read what the entries of new revisions cite, and anew what texts cite that were here before.

    Those are read again whose words mean another law now than in the catalogue `before`: a law that
    they name has come, or gone by an undo.
    """
    known = catalogue_of(connection)
    fresh = {revision: entries_of(connection, revision) for revision in added}
    here = {number for numbers in fresh.values() for number in numbers}
    again = _concerned(connection, before, known) - here
    numbers = json.dumps(sorted(again))
    connection.execute(
        "DELETE FROM citation WHERE entry IN (SELECT value FROM json_each(?))", (numbers,)
    )
    rows = connection.execute(
        "SELECT revision, entry FROM membership WHERE entry IN (SELECT value FROM json_each(?))",
        (numbers,),
    )
    for revision, number in rows.fetchall():
        fresh.setdefault(revision, []).append(number)
    for revision, todo in fresh.items():
        _read(connection, revision, todo, known)


def _read(
    connection: sqlite3.Connection, revision: int, todo: Sequence[int], known: Catalogue
) -> None:
    """Keep what entries of a revision cite, beside what the same entries cite in others."""
    rows = connection.execute(
        "SELECT num FROM membership JOIN entry ON id = entry WHERE revision = ? ORDER BY position",
        (revision,),
    )
    order = [str(row[0]) for row in rows]
    for number in todo:
        connection.executemany(
            "INSERT OR IGNORE INTO citation VALUES (?, ?, ?, ?)",
            _cited(entry(connection, number), order, known),
        )


def _concerned(connection: sqlite3.Connection, before: Catalogue, known: Catalogue) -> set[int]:
    """The entries whose citations may mean another law than they did: more of them does no harm."""
    names = _changed(before.names, known.names)
    numbers = _changed(before.numbers, known.numbers)
    related = _related(before, known)
    if not (names or numbers or related):
        return set()
    rows = connection.execute("SELECT id, law_id, paragraphs FROM entry")
    return {
        number
        for number, law_id, text in rows
        if law_id in related or _may_name(text, names, by_number=bool(numbers))
    }


def _may_name(text: str, names: Collection[str], *, by_number: bool) -> bool:
    if "条" not in text and "條" not in text:
        return False
    plain = plain_name(modern(text))
    if by_number and _AFTER_NUMBER.search(plain):
        return True
    return len(names) > MOST_NAMES or any(name in plain for name in names)


def _related(before: Catalogue, known: Catalogue) -> set[str]:
    """The laws in which 法, 令 or 規則 alone means another law than it did."""
    found = _changed(before.act_of, known.act_of)
    acts = _changed(before.order_of, known.order_of) | _changed(before.rules_of, known.rules_of)
    return found | acts | {order for order, act in known.act_of.items() if act in acts}


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {key for key in {*before, *after} if before.get(key) != after.get(key)}


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
