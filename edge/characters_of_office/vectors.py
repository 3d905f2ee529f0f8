"""Vectors of outlines, kept on disk so that a restarted unit finds every character at once."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.durable import replace_file
from intake import canonical
from intake.errors import DecodeError
from intake.office.glyphs import MAX_GLYPHS
from intake.office.outline import GlyphOutline
from intake.record import Record

log = logging.getLogger(__name__)
VERSION: Final = 1
LIMIT: Final = 2 << 20
MOST: Final = 2 * MAX_GLYPHS
Vector = NDArray[np.float32]


class KeptVectors:
    """Vectors by outline, of one generation of the encoder; those of another are forgotten."""

    def __init__(self, path: Path, generation: bytes) -> None:
        self._path = path
        self._generation = generation
        self._vectors: dict[bytes, Vector] = self._read()

    def get(self, outline: GlyphOutline) -> Vector | None:
        """The vector of an outline, None where it has not been embedded yet."""
        return self._vectors.get(_name(outline))

    def embed(self, outline: GlyphOutline, embed: Callable[[str], Vector]) -> Vector:
        """The vector of an outline, made by `embed` from its path where it is not kept."""
        found = self.get(outline)
        if found is None:
            found = np.asarray(embed(outline.svg_path()), np.float32)
            self._vectors[_name(outline)] = found
        return found

    def keep(self, outlines: tuple[GlyphOutline, ...]) -> None:
        """Write the vectors of these outlines to disk and forget all others."""
        names = {_name(outline) for outline in outlines}
        kept = {name: vector for name, vector in self._vectors.items() if name in names}
        self._vectors = kept
        try:
            replace_file(self._path, self._written(kept))
        except OSError:
            log.exception("vectors could not be written; they are made again at the next start")

    def _written(self, vectors: dict[bytes, Vector]) -> bytes:
        table = {name.hex(): vector.astype("<f4").tobytes() for name, vector in vectors.items()}
        return canonical.encode({"v": VERSION, "generation": self._generation, "vectors": table})

    def _read(self) -> dict[bytes, Vector]:
        try:
            data = canonical.decode(self._path.read_bytes(), limit=LIMIT, depth=2)
            record = Record(data, "vectors")
            record.version(VERSION)
            if record.octets("generation") != self._generation:
                return {}
            table = record.record("vectors")
            return {
                bytes.fromhex(name): np.frombuffer(table.octets(name, limit=4096), "<f4")
                for name in table.names()
            }
        except FileNotFoundError:
            return {}
        except (OSError, DecodeError, ValueError):
            log.warning("the vectors on disk cannot be read; they are made again")
            return {}


def _name(outline: GlyphOutline) -> bytes:
    return hashlib.sha256(outline.data).digest()
