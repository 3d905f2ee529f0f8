"""Unit vectors as int8 along their principal axes, so that few numbers bound the whole likeness.

The leading axes hold most of what tells two vectors apart; what the others can still add is
bounded by their length. A search compares everything by the leading axes, and in full only what
may be near.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

BLOCK = 2048


@dataclass(frozen=True)
class Basis:
    """Orthonormal axes (width, kept) in order of spread around a mean (width,)."""

    axes: Floats
    mean: Floats


@dataclass(frozen=True)
class Query:
    """A unit vector in the terms of one set of embeddings.

    constant: likeness to the mean; lead, rest: weights of the int8 columns; reach: length of the
    vector beside the leading axes.
    """

    constant: np.float32
    lead: Floats
    rest: Floats
    reach: np.float32


@dataclass(frozen=True)
class Embeddings:
    """Vectors (n, width) = mean + (int8 columns x scale) along axes.

    lead: int8 (n, l) leading axes; rest: int8 (n, kept - l); scale: (kept,) per axis; lengths: (n,)
    length of each vector beside the leading axes.
    """

    lead: NDArray[np.int8]
    rest: NDArray[np.int8]
    scale: Floats
    basis: Basis
    lengths: Floats

    @classmethod
    def of(
        cls, lead: NDArray[np.int8], rest: NDArray[np.int8], scale: Floats, basis: Basis
    ) -> Embeddings:
        """Embeddings with the lengths that follow from `rest`."""
        lengths = np.empty(len(rest), np.float32)
        squares = scale[lead.shape[1] :] ** 2
        for start in range(0, len(rest), BLOCK):
            block = rest[start : start + BLOCK].astype(np.float32)
            np.square(block, out=block)
            lengths[start : start + BLOCK] = np.sqrt(block @ squares)
        return cls(lead, rest, scale, basis, lengths)

    @property
    def width(self) -> int:
        """Numbers of a unit vector before it is brought along the axes."""
        return len(self.basis.mean)

    def __len__(self) -> int:
        return len(self.lead)

    def query(self, vector: Floats) -> Query:
        """A unit vector (width,) made ready for the other methods."""
        along = vector @ self.basis.axes
        width = self.lead.shape[1]
        weights = (along * self.scale).astype(np.float32)
        return Query(
            np.float32(vector @ self.basis.mean),
            weights[:width],
            weights[width:],
            np.float32(np.linalg.norm(along[width:])),
        )

    def bounds(self, query: Query) -> Floats:
        """What the cosine (n,) of every vector is at most."""
        found = np.empty(len(self.lead), np.float32)
        block = np.empty((BLOCK, self.lead.shape[1]), np.float32)
        for start in range(0, len(self.lead), BLOCK):
            rows = self.lead[start : start + BLOCK]
            part = block[: len(rows)]
            part[...] = rows
            np.dot(part, query.lead, out=found[start : start + BLOCK])
        found += self.lengths * query.reach
        found += query.constant
        return found

    def cosines(self, query: Query, rows: NDArray[np.intp]) -> Floats:
        """Cosine of the chosen rows."""
        near = self.lead[rows].astype(np.float32) @ query.lead
        near += self.rest[rows].astype(np.float32) @ query.rest
        return near + query.constant

    def similarity(self, vector: Floats) -> Floats:
        """Cosine (n,) of every row with a unit vector (width,)."""
        query = self.query(vector)
        found = np.empty(len(self), np.float32)
        for start in range(0, len(self), BLOCK):
            block = slice(start, start + BLOCK)
            found[block] = self.lead[block].astype(np.float32) @ query.lead
            found[block] += self.rest[block].astype(np.float32) @ query.rest
        return found + query.constant


def packed(vectors: Floats, basis: Basis) -> tuple[NDArray[np.int8], Floats]:
    """Vectors (n, width) as int8 (n, kept) with the scale (kept,) of each axis."""
    along = (vectors - basis.mean) @ basis.axes
    scale = np.maximum(np.abs(along).max(axis=0), 1e-6).astype(np.float32) / 127
    return np.clip(np.rint(along / scale), -127, 127).astype(np.int8), scale


def basis_of(vectors: Floats, kept: int) -> Basis:
    """Axes of vectors (n, width): first along their mean, then the principal ones beside it.

    An axis along the mean keeps the rest of a query short, and with it the bounds tight.
    """
    mean = vectors.mean(axis=0, dtype=np.float64)
    first = mean / np.linalg.norm(mean)
    beside = vectors - np.outer(vectors @ first, first)
    _, axes = np.linalg.eigh((beside.T @ beside).astype(np.float64))
    chosen = np.column_stack([first, axes[:, ::-1][:, : kept - 1]])
    chosen *= np.where(chosen[np.abs(chosen).argmax(axis=0), np.arange(kept)] < 0, -1, 1)
    return Basis(np.ascontiguousarray(chosen, dtype=np.float32), mean.astype(np.float32))
