"""Writes a body as small as can be in the encoder package's form, for tests without the package."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

WIDTH: Final = 64
HEADS: Final = 2
INNER: Final = 96
LAYERS: Final = 5
POSITIONS: Final = 40
SPECIAL: Final = ("<s>", "<pad>", "</s>", "<unk>")
PIECES: Final = ("▁", "犬", "が", "走", "る", "ない", "走る", "犬が", "▁犬", "十四日", "日", "以内")
READS: Final = {ord("１"): "1", ord("　"): " ", ord("\t"): ""}

Floats = npt.NDArray[np.float32]


def blocks(matrix: Floats) -> bytes:
    """A matrix (rows, width) in blocks of a half-precision scale and 32 nibbles."""
    parts: list[bytes] = []
    for block in matrix.reshape(-1, 32):
        scale = np.float16(np.abs(block).max() / 7 or 1)
        nibbles = np.clip(np.rint(block / np.float32(scale)) + 8, 0, 15).astype(np.uint8)
        parts.append(scale.tobytes() + (nibbles[:16] | nibbles[16:] << 4).tobytes())
    return b"".join(parts)


def tensors(random: np.random.Generator) -> dict[str, Floats]:
    """Every tensor of the small body; matrices (outputs, inputs)."""

    def drawn(*shape: int) -> Floats:
        return random.normal(0, 0.3, shape).astype(np.float32)

    words = len(SPECIAL) + len(PIECES)
    found = {
        "emb.word": drawn(words, WIDTH),
        "emb.pos": drawn(POSITIONS, WIDTH),
        "emb.type": drawn(2, WIDTH),
        "emb.ln.w": 1 + drawn(WIDTH),
        "emb.ln.b": drawn(WIDTH),
    }
    for layer in range(LAYERS):
        for name, outputs, inputs in (
            *((part, WIDTH, WIDTH) for part in ("q", "k", "v", "ao")),
            ("fi", INNER, WIDTH),
            ("fo", WIDTH, INNER),
        ):
            found[f"l{layer}.{name}.w"] = drawn(outputs, inputs)
            found[f"l{layer}.{name}.b"] = drawn(outputs)
        for name in ("aln", "oln"):
            found[f"l{layer}.{name}.w"] = 1 + drawn(WIDTH)
            found[f"l{layer}.{name}.b"] = drawn(WIDTH)
    return found


def write(path: Path, seed: int = 1) -> dict[str, Floats]:
    """Write the body and return its tensors before they were made nibbles."""
    found = tensors(np.random.default_rng(seed))
    packed = {
        name: blocks(value)
        if value.ndim > 1 and name not in {"emb.pos", "emb.type"}
        else value.tobytes()
        for name, value in found.items()
    }
    head = _header() + _vocabulary()
    directory = 4 + sum(2 + len(name) + 21 for name in packed)
    offset = len(head) + directory
    lines = [struct.pack("<i", len(packed))]
    for name, content in packed.items():
        lines.append(struct.pack("<H", len(name)) + name.encode())
        lines.append(struct.pack("<BIQQ", 0, found[name].size, offset, len(content)))
        offset += len(content)
    path.write_bytes(head + b"".join(lines) + b"".join(packed.values()))
    return found


def _header() -> bytes:
    words = len(SPECIAL) + len(PIECES)
    sizes = (WIDTH, LAYERS, HEADS, INNER, words, POSITIONS, 2)
    return struct.pack("<4sI7ifi", b"E5S1", 1, *sizes, 1e-12, 32)


def _vocabulary() -> bytes:
    pieces = [piece.encode() for piece in (*SPECIAL, *PIECES)]
    starts = np.cumsum([0, *map(len, pieces)]).astype("<u4")
    scores = np.array([0] * 4 + [-3.0 - number / 7 for number in range(len(PIECES))], "<f4")
    text = b"".join(pieces)
    reads = b"".join(
        struct.pack("<IB", code, len(to)) + "".join(to).encode("utf-32-le")
        for code, to in sorted(READS.items())
    )
    return (
        struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(text))
        + starts.tobytes()
        + scores.tobytes()
        + text
        + struct.pack("<iI", len(READS), len(reads))
        + reads
    )
