"""The lexical index in the store: an import makes it in its own transaction, searchers read it.

So whoever sees a generation finds its index beside it.
"""

import json
import sqlite3

import numpy as np
import numpy.typing as npt

from hub.precedents.lexical import LexicalIndex
from hub.precedents.rows import current_entries, read_paragraphs
from hub.precedents.store import current


def keep_index(connection: sqlite3.Connection) -> None:
    """Build the index of the current generation and keep it in place of the former one's."""
    ids = np.array(sorted(current_entries(connection)), np.int64)
    octets = _built(connection, ids).octets()
    connection.execute("DELETE FROM lexical")
    connection.execute("INSERT INTO lexical VALUES (?, ?)", (current(connection), octets))


def pass_on_index(connection: sqlite3.Connection, former: int) -> None:
    """Keep the index of the former generation for the current one, which has the same entries."""
    moved = connection.execute(
        "UPDATE lexical SET generation = ? WHERE generation = ?", (current(connection), former)
    )
    if not moved.rowcount:
        keep_index(connection)


def kept_index(connection: sqlite3.Connection, ids: npt.NDArray[np.int64]) -> LexicalIndex:
    """The index of the current generation, read piece by piece, since it is large.

    Only a store that an older program filled, and that was cut off before its index, has none: it
    is built here as a last resort, which takes seconds and much memory, until the next import.
    """
    row = connection.execute(
        "SELECT generation FROM lexical WHERE generation = ?", (current(connection),)
    ).fetchone()
    if row is None:
        return _built(connection, ids)
    with connection.blobopen("lexical", "octets", row[0], readonly=True) as kept:
        return LexicalIndex.read(kept, len(kept))


def _built(connection: sqlite3.Connection, ids: npt.NDArray[np.int64]) -> LexicalIndex:
    """The index over everything an entry says; its caption counts twice."""
    wanted = set(ids.tolist())
    rows = connection.execute("SELECT id, title, path, caption, paragraphs FROM entry ORDER BY id")
    return LexicalIndex.build([_words(*row[1:]) for row in rows if row[0] in wanted])


def _words(title: str, path: str, caption: str, paragraphs: str) -> str:
    said = "\n".join(part.whole for part in read_paragraphs(paragraphs))
    return "\n".join([title, *json.loads(path), caption, caption, said])
