"""Confirmed drawings as prototypes: sums over filings of several residents, never one drawing.

What is told apart and what is not stands in decision 103. Drawings of fewer than FEWEST filings lie
under the supervisor's key, which lives in memory; only a sum of FEWEST or more is written openly.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.drafts import DraftStore
from edge.durable import replace_file
from edge.errors import DraftError
from intake import canonical
from intake.errors import DecodeError
from intake.record import Record
from models.added import OwnPrototype

log = logging.getLogger(__name__)
FEWEST: Final = 5
"""Filings that a sum must hold before it is written openly, used or shown."""
SCALE: Final = 4096
"""Vectors are added as whole numbers, so that a sum does not tell in which order it was made."""
WAITING: Final = "confirmed-drawings"
FILE: Final = "confirmed_drawings"
VERSION: Final = 1
LIMIT: Final = 4 << 20
MOST: Final = 2000


@dataclass(frozen=True)
class Kept:
    """What the page shows of one character: its name among candidates, and of how many filings."""

    name: str
    filings: int


@dataclass(frozen=True)
class _Sum:
    filings: int
    strokes: int
    vector: NDArray[np.int64]

    def plus(self, other: "_Sum") -> "_Sum":
        return _Sum(
            self.filings + other.filings, self.strokes + other.strokes, self.vector + other.vector
        )


Sums = dict[str, _Sum]


class ConfirmedDrawings:
    """Sums by glyph name, of one generation of the encoder; those of another are forgotten."""

    def __init__(self, folder: Path, waiting: DraftStore, generation: bytes) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / FILE
        self._store = waiting
        self._generation = generation
        self._kept = self._decoded(self._path.read_bytes() if self._path.exists() else None)
        self._waiting = self._decoded(self._waiting_bytes())

    def add(self, drawn: Mapping[str, tuple[NDArray[np.float32], int]]) -> bool:
        """Take in the drawings of one filing: for each glyph one unit vector and its strokes.

        Whether what is used has changed by it.
        """
        changed = False
        for name, (vector, strokes) in drawn.items():
            one = _Sum(1, strokes, np.rint(vector * SCALE).astype(np.int64))
            found = self._waiting[name].plus(one) if name in self._waiting else one
            self._waiting[name] = found
            if found.filings >= FEWEST and (name in self._kept or len(self._kept) < MOST):
                self._kept[name] = self._kept[name].plus(found) if name in self._kept else found
                del self._waiting[name]
                changed = True
        self._write(openly=changed)
        return changed

    def prototypes(self, known: Iterable[str] | None = None) -> tuple[OwnPrototype, ...]:
        """What the recogniser is given: the mean of each sum, of unit length."""
        names = self._kept if known is None else [one for one in known if one in self._kept]
        return tuple(_prototype(name, self._kept[name]) for name in sorted(names))

    def all(self) -> tuple[Kept, ...]:
        """What is kept openly, by name."""
        return tuple(Kept(name, self._kept[name].filings) for name in sorted(self._kept))

    def remove(self, name: str) -> None:
        """Forget one character, also what waits for it."""
        self._kept.pop(name, None)
        self._waiting.pop(name, None)
        self._write(openly=True)

    def clear(self) -> None:
        """Forget everything: on a person's word, or because the office no longer allows it."""
        if not self._kept and not self._waiting and not self._path.exists():
            return
        self._kept, self._waiting = {}, {}
        self._store.remove(WAITING)
        self._path.unlink(missing_ok=True)

    def _write(self, *, openly: bool) -> None:
        try:
            self._store.put(WAITING, self._encoded(self._waiting))
            if openly:
                replace_file(self._path, self._encoded(self._kept))
        except OSError:
            log.exception("confirmed drawings could not be written")

    def _waiting_bytes(self) -> bytes | None:
        try:
            return self._store.get(WAITING)
        except DraftError:  # another key: the machine was started anew
            self._store.remove(WAITING)
            return None

    def _encoded(self, sums: Sums) -> bytes:
        table = {
            name: [one.filings, one.strokes, one.vector.astype("<i8").tobytes()]
            for name, one in sums.items()
        }
        return canonical.encode({"v": VERSION, "generation": self._generation, "sums": table})

    def _decoded(self, data: bytes | None) -> Sums:
        if data is None:
            return {}
        try:
            record = Record(canonical.decode(data, limit=LIMIT, depth=3), "confirmed drawings")
            record.version(VERSION)
            if record.octets("generation") != self._generation:
                log.info("confirmed drawings of another encoder were forgotten")
                return {}
            table = record.record("sums")
            return {name: _sum(table.items(name, limit=3)) for name in table.names()}
        except (DecodeError, ValueError):
            log.warning("confirmed drawings on disk cannot be read; they are forgotten")
            return {}


def _sum(items: list[object]) -> _Sum:
    match items:
        case [int(filings), int(strokes), bytes(vector)] if filings > 0 and strokes > 0:
            return _Sum(filings, strokes, np.frombuffer(vector, "<i8").astype(np.int64))
        case _:
            raise DecodeError("a sum of drawings is not in its form")


def _prototype(name: str, found: _Sum) -> OwnPrototype:
    mean = found.vector.astype(np.float64)
    unit = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return OwnPrototype(name, unit, max(1, round(found.strokes / found.filings)))
