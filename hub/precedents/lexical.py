"""Lexical search: BM25 over pairs of characters, as arrays that are built in one pass of sorting.

Pairs of characters need no dictionary and were as good as any word segmenter on statutes
(docs/decisions/121). The weights are worked out when the index is built, so asking adds columns.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, Self

import numpy as np
import numpy.typing as npt

from hub.precedents.errors import CollectionError
from hub.precedents.plain_text import comparable

K1: Final = 1.2
B: Final = 0.6
_HEAD: Final = struct.Struct("<4sqqq")
_MAGIC: Final = b"PLX1"

Floats = npt.NDArray[np.float32]
Numbering = np.uint16 | np.int32
Array = tuple[type[np.generic], int]  # kind and length of an array as it is kept


class Kept(Protocol):
    """What an index is read from: a file, or a large value of the store."""

    def read(self, length: int, /) -> bytes:
        """The next octets, fewer at the end."""
        ...


@dataclass(frozen=True)
class LexicalIndex:
    """Columns of weights by pair of characters; documents are numbered as they were given."""

    documents: int
    codes: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    postings: npt.NDArray[Numbering]
    weights: npt.NDArray[np.float16]

    @classmethod
    def build(cls, texts: Sequence[str]) -> Self:
        """An index over texts."""
        pairs = [_pairs(comparable(text)) for text in texts]
        lengths = np.array([len(found) for found in pairs], np.float32)
        places = np.repeat(np.arange(len(texts), dtype=np.int64), lengths.astype(np.int64))
        flat = np.concatenate(pairs) if pairs else np.zeros(0, np.int64)
        codes, numbers = np.unique(flat, return_inverse=True)
        both, counts = np.unique(numbers * max(1, len(texts)) + places, return_counts=True)
        columns, postings = np.divmod(both, max(1, len(texts)))
        starts = np.searchsorted(columns, np.arange(len(codes) + 1))
        within = np.diff(starts)
        idf = np.log1p((len(texts) - within + 0.5) / (within + 0.5))
        relative = lengths / max(1.0, float(lengths.mean())) if len(texts) else lengths
        shrink = K1 * (1 - B + B * relative[postings])
        weights = idf[columns] * counts * (K1 + 1) / (counts + shrink)
        return cls(
            len(texts),
            codes,
            starts.astype(np.int64),
            postings.astype(_numbering(len(texts))),
            weights.astype(np.float16),
        )

    def scores(self, texts: Mapping[str, float]) -> Floats:
        """The score of every document for texts, each with how much it counts."""
        asked: dict[int, float] = {}
        for text, share in texts.items():
            for code in np.unique(_pairs(comparable(text))).tolist():
                asked[code] = max(share, asked.get(code, 0.0))
        found = np.zeros(self.documents, np.float32)
        for code, share in asked.items():
            place = int(np.searchsorted(self.codes, code))
            if place < len(self.codes) and self.codes[place] == code:
                column = slice(int(self.starts[place]), int(self.starts[place + 1]))
                found[self.postings[column]] += share * self.weights[column].astype(np.float32)
        return found

    def knows(self, text: str) -> bool:
        """Whether every pair of the text's characters is somewhere in the documents."""
        pairs = _pairs(comparable(text))
        places = np.searchsorted(self.codes, pairs)
        return bool(
            len(self.codes)
            and (places < len(self.codes)).all()
            and (self.codes[places] == pairs).all()
        )

    def having(self, words: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Which documents have every pair of characters of every word."""
        wanted = np.unique(np.concatenate([_pairs(comparable(word)) for word in words]))
        counts = np.zeros(self.documents, np.int32)
        for code in wanted.tolist():
            place = int(np.searchsorted(self.codes, code))
            if place == len(self.codes) or self.codes[place] != code:
                return np.zeros(self.documents, np.bool_)
            counts[self.postings[self.starts[place] : self.starts[place + 1]]] += 1
        return counts == len(wanted)

    def octets(self) -> bytes:
        """The index as it is kept on disk."""
        head = _HEAD.pack(_MAGIC, self.documents, len(self.codes), len(self.postings))
        arrays = (self.codes, self.starts, self.postings, self.weights)
        return head + b"".join(array.tobytes() for array in arrays)

    @classmethod
    def read(cls, kept: Kept, length: int) -> Self:
        """The index that `octets` gave, array by array; CollectionError when it is not one."""
        try:
            magic, documents, codes, postings = _HEAD.unpack(kept.read(_HEAD.size))
        except struct.error as error:
            raise CollectionError("the lexical index is cut off; import again") from error
        # Earlier programs numbered documents with four octets each, however few they were.
        layouts = [
            _layout(codes, postings, numbering) for numbering in (_numbering(documents), np.int32)
        ]
        fitting = [layout for layout in layouts if length == _HEAD.size + _octets(layout)]
        if magic != _MAGIC or not fitting:
            raise CollectionError("the lexical index is of another version; import again")
        sizes = fitting[0]
        arrays = [
            np.frombuffer(kept.read(np.dtype(kind).itemsize * size), kind) for kind, size in sizes
        ]
        # A layout names kinds and order of the fields.
        return cls(documents, *arrays)  # pyright: ignore[reportArgumentType]


def _numbering(documents: int) -> type[Numbering]:
    """What numbers of documents are kept as: half the memory where two octets do."""
    return np.uint16 if documents <= 1 << 16 else np.int32


def _layout(codes: int, postings: int, numbering: type[Numbering]) -> list[Array]:
    return [
        (np.int64, codes),
        (np.int64, codes + 1),
        (numbering, postings),
        (np.float16, postings),
    ]


def _octets(layout: Sequence[Array]) -> int:
    return sum(np.dtype(kind).itemsize * size for kind, size in layout)


def _pairs(text: str) -> npt.NDArray[np.int64]:
    """One number for each pair of neighbouring characters; lone surrogates are left out."""
    points = np.frombuffer(text.encode("utf-32-le", "ignore"), np.int32).astype(np.int64)
    return (points[:-1] << 21) | points[1:]
