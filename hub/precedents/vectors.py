"""Vectors of passages in the store: made for what has none, read as one matrix of integers."""

import sqlite3
from array import array
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hub.precedents.encoders import Encoder
from hub.precedents.rows import current_entries
from hub.precedents.store import Store

BATCH: Final = 16
SCALE: Final = 4  # octets of the scale before the parts of a vector
BLOCK: Final = 2048  # rows that are made floats at a time: bounded memory, within the caches
Progress = Callable[[int, int], None]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Matrix:
    """Vectors of one encoder: rows of int8 with a scale each, and the entry each belongs to.

    Rows are sorted by entry; `first` is where each of `entries` begins.
    """

    encoder: str
    rows: npt.NDArray[np.int8]
    scales: Floats
    entries: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]

    def closeness(self, questions: Floats) -> Floats:
        """The largest inner product of any passage of each of `entries`, a row a question."""
        products = np.empty((len(questions), len(self.rows)), np.float32)
        turned = np.ascontiguousarray(questions.T)
        # One piece of memory for all blocks: a new one each would be a page fault for every page.
        floats = np.empty((min(BLOCK, len(self.rows)), self.rows.shape[1]), np.float32)
        for start in range(0, len(self.rows), BLOCK):
            rows = self.rows[start : start + BLOCK]
            read = floats[: len(rows)]
            read[:] = rows
            products[:, start : start + len(rows)] = (read @ turned).T
        products *= self.scales
        return np.maximum.reduceat(products, self.first, axis=1)


def packed(vector: Floats) -> bytes:
    """A vector as it is kept: its scale, then its parts as int8."""
    scale = float(np.abs(vector).max()) / 127 or 1.0
    return np.float32(scale).tobytes() + np.round(vector / scale).astype(np.int8).tobytes()


def read_matrix(
    connection: sqlite3.Connection, encoder: str, wanted: AbstractSet[int]
) -> Matrix | None:
    """The vectors that one encoder has made for the entries wanted; None without any."""
    rows = connection.execute(
        "SELECT p.entry, v.octets FROM passage p CROSS JOIN vector v"
        " ON v.encoder = ? AND v.digest = p.digest ORDER BY p.entry, p.position",
        (encoder,),
    )
    owners, blocks, width = array("q"), list[bytes](), 0
    pending: list[bytes] = []
    for owner, octets in rows:
        if owner not in wanted:
            continue
        owners.append(owner)
        pending.append(octets)
        width = len(octets)
        if len(pending) == BLOCK:
            blocks.append(b"".join(pending))
            pending.clear()
    if not owners:
        return None
    blocks.append(b"".join(pending))
    return _matrix(encoder, np.array(owners, np.int64), blocks, width)


def _matrix(encoder: str, owners: npt.NDArray[np.int64], blocks: list[bytes], width: int) -> Matrix:
    """The matrix of rows as they are kept, taking the blocks away as they are read."""
    rows = np.empty((len(owners), width - SCALE), np.int8)
    scales = np.empty(len(owners), np.float32)
    start = 0
    for number, block in enumerate(blocks):
        table = np.frombuffer(block, np.int8).reshape(-1, width)
        stop = start + len(table)
        rows[start:stop] = table[:, SCALE:]
        scales[start:stop] = np.ascontiguousarray(table[:, :SCALE]).view(np.float32)[:, 0]
        blocks[number], start = b"", stop
    entries, first = np.unique(owners, return_index=True)
    return Matrix(encoder, rows, scales, entries, first)


def missing(
    connection: sqlite3.Connection, encoder: str, wanted: AbstractSet[int]
) -> list[tuple[bytes, str]]:
    """The passages of the entries wanted that an encoder has not read yet, beginnings first."""
    rows = connection.execute(
        "SELECT p.position, p.entry, p.digest, p.text FROM passage p LEFT JOIN vector v"
        " ON v.encoder = ? AND v.digest = p.digest WHERE v.digest IS NULL",
        (encoder,),
    )
    todo = sorted((row for row in rows if row[1] in wanted), key=lambda row: (row[0], -row[1]))
    return list({digest: (digest, text) for _, _, digest, text in todo}.values())


def coverage(
    connection: sqlite3.Connection, encoder: str, wanted: AbstractSet[int]
) -> tuple[int, int]:
    """How many passages of the entries wanted an encoder has read, and how many there are."""
    rows = connection.execute("SELECT DISTINCT entry, digest FROM passage")
    whole = {digest for owner, digest in rows if owner in wanted}
    return len(whole) - len(missing(connection, encoder, wanted)), len(whole)


def encode_missing(store: Store, encoder: Encoder, progress: Progress) -> int:
    """Make the vectors that are missing, keeping them batch by batch; returns how many."""
    with store.reading() as connection:
        todo = missing(connection, encoder.name, current_entries(connection))
    for start in range(0, len(todo), BATCH):
        part = todo[start : start + BATCH]
        found = encoder.passages([text for _, text in part])
        _keep(store, encoder.name, part, found)
        progress(min(start + BATCH, len(todo)), len(todo))
    return len(todo)


def _keep(store: Store, encoder: str, part: Sequence[tuple[bytes, str]], found: Floats) -> None:
    rows = [(encoder, digest, packed(row)) for (digest, _), row in zip(part, found, strict=True)]
    with store.writing() as connection:
        connection.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?, ?)", rows)
