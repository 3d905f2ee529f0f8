"""Which bundles hold a revision: it ends when the last of them lets it go.

Plain files are a holder of their own, the empty name, which never lets go: only an undo takes back
what an operator imported by hand.
"""

import sqlite3


def holders(connection: sqlite3.Connection) -> dict[int, frozenset[str]]:
    """The bundles that hold each revision, by its id."""
    found: dict[int, set[str]] = {}
    for revision, bundle in connection.execute(
        "SELECT revision, bundle FROM holding WHERE removed IS NULL"
    ):
        found.setdefault(revision, set()).add(bundle)
    return {revision: frozenset(bundles) for revision, bundles in found.items()}


def hold(connection: sqlite3.Connection, revision: int, bundle: str, generation: int) -> None:
    """From a generation on a bundle holds a revision that it does not hold yet."""
    connection.execute("INSERT INTO holding VALUES (?, ?, ?, NULL)", (revision, bundle, generation))


def let_go(connection: sqlite3.Connection, revision: int, bundle: str, generation: int) -> None:
    """From a generation on a bundle holds a revision no longer."""
    connection.execute(
        "UPDATE holding SET removed = ? WHERE revision = ? AND bundle = ? AND removed IS NULL",
        (generation, revision, bundle),
    )


def changed_in(connection: sqlite3.Connection, generation: int) -> bool:
    """Whether a generation brought, took away or gave another holder to any revision."""
    row = connection.execute(
        "SELECT 1 FROM holding WHERE ? IN (added, removed) LIMIT 1", (generation,)
    ).fetchone()
    return row is not None


def take_back(connection: sqlite3.Connection, generation: int) -> None:
    """Undo what the last generation did to the holders."""
    connection.execute("DELETE FROM holding WHERE added = ?", (generation,))
    connection.execute("UPDATE holding SET removed = NULL WHERE removed = ?", (generation,))
