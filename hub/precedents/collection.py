"""Imports into the store: what is new is added, what has changed is replaced, all or nothing."""

import datetime as dt
import importlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hub.precedents.article import Revision, Standing
from hub.precedents.errors import BundleError, CollectionError, SourceError
from hub.precedents.holders import changed_in, hold, holders, let_go, take_back
from hub.precedents.in_force import histories
from hub.precedents.links import catalogue_of, link
from hub.precedents.rows import RevisionRow, add_revision, revisions
from hub.precedents.store import Store, current, set_generation

COMING: Final = ("not_yet_in_force", "to_be_repealed")


@dataclass(frozen=True)
class BundleMark:
    """Which bundle an import came from; the empty one for plain files."""

    name: str = ""
    version: int = 0
    complete: bool = False


@dataclass(frozen=True)
class Change:
    """One article that an import changed: new, changed, repealed, or on a `day` to come (COMING).

    `day` is None where it is not known yet.
    """

    change: str
    law: str
    law_id: str
    num: str
    day: str | None


@dataclass
class Summary:
    """What an import did. `generation` is the one that readers see from now on."""

    generation: int
    revisions_added: int = 0
    revisions_replaced: int = 0
    revisions_withdrawn: int = 0
    revisions_unchanged: int = 0
    articles: int = 0
    changes: list[Change] = field(default_factory=list[Change])

    def count(self, change: str) -> int:
        """How many articles changed in one way; coming repeals are not in force yet either."""
        kinds = COMING if change == "not_yet_in_force" else (change,)
        return sum(one.change in kinds for one in self.changes)

    def as_json(self) -> dict[str, Any]:
        """The summary as the command prints it and the store keeps it."""
        kinds = ("new", "changed", "repealed", *COMING)
        return {
            "generation": self.generation,
            "articles": self.articles,
            **{kind: self.count(kind) for kind in kinds},
            "revisions": {
                "added": self.revisions_added,
                "replaced": self.revisions_replaced,
                "withdrawn": self.revisions_withdrawn,
                "unchanged": self.revisions_unchanged,
            },
            "changes": [
                {"change": c.change, "law": c.law, "law_id": c.law_id, "num": c.num, "from": c.day}
                for c in self.changes
            ],
        }


_Articles = dict[tuple[str, str], tuple[int, str]]  # (law id, num) -> (entry, title)


def take(
    store: Store,
    found: Iterable[Revision],
    today: dt.date,
    bundle: BundleMark | None = None,
    indexing: Callable[[], None] = lambda: None,
) -> Summary:
    """Import revisions as one new generation; nothing is kept when reading them fails.

    An import that changes nothing makes no generation. A complete bundle lets go what its former
    version held and it no longer holds: what nobody else holds is withdrawn. The generation has
    its lexical index when readers come to see it; `indexing` is called before that is built.
    """
    mark = bundle or BundleMark()
    incoming = _once(found)
    with store.writing() as connection:
        former = current(connection)
        _check_version(connection, mark)
        summary = Summary(former + 1)
        before, known = revisions(connection, former), catalogue_of(connection)
        articles_before = _in_force(connection, before, today)
        added = _add(connection, incoming, before, summary, mark)
        after = revisions(connection, summary.generation)
        articles_after = _in_force(connection, after, today)
        summary.articles = len(articles_after)
        summary.changes = _changes(articles_before, articles_after)
        summary.changes += _coming(connection, after, added, articles_after, today)
        if not changed_in(connection, summary.generation) and not _newer(connection, mark):
            summary.generation = former
            return summary
        other_texts = bool(added or summary.revisions_withdrawn)
        if other_texts:
            link(connection, known, added)
        _finish(connection, summary, mark)
        _index(connection, former, indexing, anew=other_texts)
    return summary


def undo(store: Store, today: dt.date, indexing: Callable[[], None] = lambda: None) -> Summary:
    """Go back to the former generation; the last import's texts are forgotten."""
    with store.writing() as connection:
        number = current(connection)
        if number == 0:
            raise CollectionError("there is no import to undo")
        known = catalogue_of(connection)
        before = _in_force(connection, revisions(connection), today)
        gone = connection.execute("DELETE FROM revision WHERE added = ?", (number,))
        back = connection.execute("UPDATE revision SET removed = NULL WHERE removed = ?", (number,))
        take_back(connection, number)
        connection.execute("DELETE FROM generation WHERE number = ?", (number,))
        unused = "id NOT IN (SELECT entry FROM membership)"
        connection.execute(f"DELETE FROM entry WHERE {unused}")  # noqa: S608 - a constant
        connection.execute("DELETE FROM vector WHERE digest NOT IN (SELECT digest FROM passage)")
        set_generation(connection, number - 1)
        if gone.rowcount or back.rowcount:
            link(connection, known)
        _index(connection, number, indexing, anew=bool(gone.rowcount or back.rowcount))
        summary = Summary(number - 1)
        after = _in_force(connection, revisions(connection), today)
        summary.articles = len(after)
        summary.changes = _changes(before, after)
    return summary


def _index(
    connection: sqlite3.Connection, former: int, indexing: Callable[[], None], *, anew: bool
) -> None:
    """Keep the lexical index of the current generation, in the transaction that made it current.

    Its numeric libraries are loaded only here: the hub, which names bundles, does without them.
    """
    kept = importlib.import_module("hub.precedents.kept_index")
    if anew:
        indexing()
        kept.keep_index(connection)
    else:
        kept.pass_on_index(connection, former)


def _once(found: Iterable[Revision]) -> list[Revision]:
    """The revisions, each named once; the same one in two files is taken once."""
    known: dict[tuple[str, str], Revision] = {}
    for revision in found:
        one = known.setdefault((revision.law_id, revision.name), revision)
        if one.digest != revision.digest:
            raise SourceError(
                f"{revision.title}: revision {revision.name} is in {one.source} and in"
                f" {revision.source} with different text; import one of them"
            )
    return list(known.values())


def _add(
    connection: sqlite3.Connection,
    incoming: Sequence[Revision],
    before: Sequence[RevisionRow],
    summary: Summary,
    mark: BundleMark,
) -> list[int]:
    known = {(row.law_id, row.name): row for row in before}
    held_by = holders(connection)
    added: list[int] = []
    for revision in incoming:
        row = known.get((revision.law_id, revision.name))
        if row is not None and row.digest == revision.digest:
            summary.revisions_unchanged += 1
            if mark.name not in held_by[row.id]:
                hold(connection, row.id, mark.name, summary.generation)
            continue
        others: frozenset[str] = frozenset()
        if row is not None:
            # Who held the former text still holds this revision of the law.
            others = held_by[row.id]
            _remove(connection, row, summary.generation)
            summary.revisions_replaced += 1
        else:
            summary.revisions_added += 1
        number = add_revision(connection, revision, summary.generation, mark.name)
        for holder in sorted(others | {mark.name}):
            hold(connection, number, holder, summary.generation)
        added.append(number)
    if mark.complete:
        listed = {(revision.law_id, revision.name) for revision in incoming}
        left = [row for row in before if (row.law_id, row.name) not in listed]
        summary.revisions_withdrawn = _let_go(connection, left, held_by, summary, mark)
    return added


def _let_go(
    connection: sqlite3.Connection,
    left: Iterable[RevisionRow],
    held_by: Mapping[int, frozenset[str]],
    summary: Summary,
    mark: BundleMark,
) -> int:
    """Let a bundle go what it lists no more; returns how many revisions nobody holds any longer."""
    withdrawn = 0
    for row in left:
        if mark.name not in held_by[row.id]:
            continue
        let_go(connection, row.id, mark.name, summary.generation)
        if not held_by[row.id] - {mark.name}:
            _remove(connection, row, summary.generation)
            withdrawn += 1
    return withdrawn


def _remove(connection: sqlite3.Connection, row: RevisionRow, generation: int) -> None:
    connection.execute("UPDATE revision SET removed = ? WHERE id = ?", (generation, row.id))


def _check_version(connection: sqlite3.Connection, mark: BundleMark) -> None:
    """A publisher's older statement never replaces a newer one."""
    known = version_of(connection, mark.name) if mark.name else 0
    if mark.version < known:
        raise BundleError(
            f"bundle {mark.name}: version {mark.version} is older than {known}, which is here;"
            " `precedents undo` goes back to the collection before an import"
        )


def _newer(connection: sqlite3.Connection, mark: BundleMark) -> bool:
    return bool(mark.name) and mark.version > version_of(connection, mark.name)


def version_of(connection: sqlite3.Connection, bundle: str) -> int:
    """The version of a bundle that was imported last; 0 if none was."""
    row = connection.execute(
        "SELECT max(bundle_version) FROM generation WHERE bundle = ?", (bundle,)
    ).fetchone()
    return int(row[0] or 0)


def _finish(connection: sqlite3.Connection, summary: Summary, mark: BundleMark) -> None:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    text = json.dumps(summary.as_json() | {"changes": []}, ensure_ascii=False)
    values = (summary.generation, now, mark.name, mark.version, text)
    connection.execute("INSERT INTO generation VALUES (?, ?, ?, ?, ?)", values)
    set_generation(connection, summary.generation)


def _in_force(
    connection: sqlite3.Connection, rows: Sequence[RevisionRow], today: dt.date
) -> _Articles:
    valid = [one.on(today) for one in histories(rows).values()]
    found: _Articles = {}
    for one in valid:
        if one is not None:
            found |= _of_revision(connection, one.revision)
    return found


def _of_revision(connection: sqlite3.Connection, row: RevisionRow) -> _Articles:
    nums = connection.execute(
        "SELECT num, id FROM membership JOIN entry ON id = entry WHERE revision = ?", (row.id,)
    )
    return {(row.law_id, num): (number, row.title) for num, number in nums}


def _changes(before: _Articles, after: _Articles) -> list[Change]:
    found = [
        Change("changed" if key in before else "new", title, key[0], key[1], None)
        for key, (number, title) in after.items()
        if before.get(key, (0, ""))[0] != number
    ]
    gone = [key for key in before if key not in after]
    return found + [Change("repealed", before[key][1], key[0], key[1], None) for key in gone]


def _coming(
    connection: sqlite3.Connection,
    rows: Sequence[RevisionRow],
    added: Sequence[int],
    now: _Articles,
    today: dt.date,
) -> list[Change]:
    """Articles that the revisions just added will change or repeal on a day to come."""
    found: list[Change] = []
    coming = [row for history in histories(rows).values() for row in history.after(today)]
    for row in coming:
        if row.id not in added:
            continue
        day = row.starts.isoformat() if row.starts else None
        repeals = row.standing is Standing.REPEALED
        then = {} if repeals else _of_revision(connection, row)
        for key, (number, title) in then.items():
            if now.get(key, (0, ""))[0] != number:
                found.append(Change("not_yet_in_force", title, *key, day))
        found += [
            Change("to_be_repealed", title, *key, day)
            for key, (_, title) in now.items()
            if key[0] == row.law_id and key not in then
        ]
    return found
