"""The Merkle tree (RFC 9162) kept as rows: one per complete subtree, so that a proof reads few."""

from collections.abc import Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from hub.errors import LogCorruptError
from hub.storage.tables import LogEntry, LogNode
from intake.event import merkle


class Tree:
    """The tree as one session sees it; nodes are remembered, so use one Tree per transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._nodes: dict[tuple[int, int], bytes] = {}

    def use(self, session: Session) -> None:
        """Go on in another session; the nodes known so far must be committed."""
        self._session = session

    def size(self) -> int:
        """The number of leaves."""
        last = self._session.scalar(select(func.max(LogEntry.index)))
        return 0 if last is None else last + 1

    def append(self, first: int, identities: Sequence[bytes]) -> None:
        """Add leaves for `identities` at indices from `first`, with every subtree they complete."""
        rows: list[dict[str, object]] = []
        for size, identity in enumerate(identities, start=first):
            for level, position, value in merkle.new_nodes(self, size, identity):
                self._nodes[level, position] = value
                rows.append({"level": level, "position": position, "hash": value})
        if rows:
            self._session.execute(insert(LogNode), rows)

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return merkle.root(self, size)

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """The proof that leaf `index` stands among the first `size` leaves."""
        return merkle.inclusion_proof(self, index, size)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """The proof that the first `old` leaves are a beginning of the first `new`."""
        return merkle.consistency_proof(self, old, new)

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree; LogCorruptError when its row is gone."""
        found = self._nodes.get((level, index))
        if found is None:
            row = self._session.get(LogNode, (level, index))
            if row is None:
                raise LogCorruptError("a node of the log's tree is missing; run `log verify`")
            found = self._nodes[level, index] = row.hash
        return found
