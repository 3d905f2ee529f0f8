"""Vectors of passages in the store: made for what has none, read as one matrix of integers."""

import sqlite3
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
BLOCK: Final = 8192  # rows that are made floats at a time: bounded memory, within the caches
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

    def closeness(self, question: Floats) -> tuple[Floats, npt.NDArray[np.int64]]:
        """For each of `entries` its closest passage's inner product, and that passage's row."""
        products = np.empty(len(self.rows), np.float32)
        for start in range(0, len(self.rows), BLOCK):
            block = slice(start, start + BLOCK)
            products[block] = self.rows[block].astype(np.float32) @ question
        products *= self.scales
        if not len(self.entries):
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        best = np.maximum.reduceat(products, self.first)
        counts = np.diff(np.append(self.first, len(products)))
        owner = np.repeat(np.arange(len(self.first)), counts)
        hits = np.flatnonzero(products == best[owner])
        rows = np.zeros(len(self.first), np.int64)
        rows[owner[hits][::-1]] = hits[::-1]
        return best, rows - self.first


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
    owners, whole = list[int](), bytearray()
    width = 0
    for owner, octets in rows:
        if owner in wanted:
            owners.append(owner)
            whole += octets
            width = len(octets)
    if not owners:
        return None
    table = np.frombuffer(bytes(whole), np.int8).reshape(len(owners), width)
    scales = np.ascontiguousarray(table[:, :4]).view(np.float32)[:, 0].copy()
    entries, first = np.unique(np.array(owners, np.int64), return_index=True)
    return Matrix(encoder, table[:, 4:], scales, entries, first)


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
