"""One generation of the collection in memory: what a search runs over, loaded once and shared."""

import datetime as dt
import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from hub.precedents.article import Kind
from hub.precedents.in_force import History, Valid, histories
from hub.precedents.kept_index import kept_index
from hub.precedents.law_catalogue import Catalogue
from hub.precedents.lexical import LexicalIndex
from hub.precedents.rows import entries_of, revisions
from hub.precedents.store import Store, current, edition
from hub.precedents.vectors import Matrix, read_matrix

Mask = npt.NDArray[np.bool_]
ENOUGH: Final = 0.9


@dataclass(frozen=True)
class View:
    """A generation: entry ids in order, the law of each, and the indexes over them."""

    generation: int
    edition: str
    ids: npt.NDArray[np.int64]
    law_ids: tuple[str, ...]
    law_of: npt.NDArray[np.int64]
    histories: dict[str, History]
    members: dict[int, npt.NDArray[np.int64]]
    catalogue: Catalogue
    lexical: LexicalIndex
    matrices: tuple[Matrix, ...]

    @classmethod
    def load(cls, store: Store, encoders: Sequence[str]) -> Self:
        """The current generation with the vectors of the encoders that have any."""
        with store.reading() as connection:
            rows = revisions(connection)
            members = {row.id: np.array(entries_of(connection, row.id), np.int64) for row in rows}
            ids = np.unique(np.concatenate([*members.values(), np.zeros(0, np.int64)]))
            law_ids, law_of = _laws(connection, ids)
            wanted = set(ids.tolist())
            found = [read_matrix(connection, name, wanted) for name in encoders]
            return cls(
                generation=current(connection),
                edition=edition(connection),
                ids=ids,
                law_ids=law_ids,
                law_of=law_of,
                histories=histories(rows),
                members=members,
                catalogue=Catalogue.of(
                    (row.law_id, row.title, row.number, row.abbreviation) for row in rows
                ),
                lexical=kept_index(connection, ids),
                matrices=_usable([one for one in found if one is not None]),
            )

    def valid_on(
        self, day: dt.date, law_ids: frozenset[str], kinds: frozenset[Kind]
    ) -> list[Valid]:
        """The revisions in force on a day, of the laws and kinds asked for (empty: of all)."""
        found = (history.on(day) for history in self.histories.values())
        return [
            one
            for one in found
            if one is not None
            and (not law_ids or one.revision.law_id in law_ids)
            and (not kinds or one.revision.kind in kinds)
        ]

    def mask(self, valid: Sequence[Valid]) -> Mask:
        """Which entries are in any of the revisions."""
        found = np.zeros(len(self.ids), np.bool_)
        for one in valid:
            found[np.searchsorted(self.ids, self.members[one.revision.id])] = True
        return found


def _laws(
    connection: sqlite3.Connection, ids: npt.NDArray[np.int64]
) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """The ids of laws in order, and which of them each entry belongs to.

    Row by row: an id for each of many entries at once would take megabytes.
    """
    known = dict[str, int]()
    entries, owners = array("q"), array("q")
    for number, law_id in connection.execute("SELECT id, law_id FROM entry ORDER BY id"):
        entries.append(number)
        owners.append(known.setdefault(law_id, len(known)))
    wanted = np.isin(np.array(entries, np.int64), ids, assume_unique=True)
    used, places = np.unique(np.array(owners, np.int64)[wanted], return_inverse=True)
    names = np.array(list(known), np.str_)[used]
    order = np.argsort(names)
    return tuple(names[order].tolist()), np.argsort(order)[places]


def _usable(found: Sequence[Matrix]) -> tuple[Matrix, ...]:
    """The matrices to rank by: one whose encoder has read far less than another has waits.

    So a new encoder leaves the ranking as it is until it has read nearly everything.
    """
    most = max((len(one.entries) for one in found), default=0)
    return tuple(one for one in found if len(one.entries) >= ENOUGH * most)
