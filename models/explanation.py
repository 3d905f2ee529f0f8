"""Why a candidate stands where it stands, and when the first one is sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.gallery import spread
from models.ranking import lift

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.added import Added
    from models.gallery import Gallery
    from models.ranking import Fusion, Place

    Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Explanation:
    """The parts of one candidate's score, in units of cosine.

    outline: cosine of its nearest outline; strokes: how many that glyph has (0: not known);
    stroke_penalty: for having another number than was drawn; prototype: cosine of its nearest
    stroke prototype less the penalty of that one, None without any; prototype_bonus: what it adds;
    usage_bonus: for everyday use; total: outline - stroke_penalty + prototype_bonus + usage_bonus.
    """

    outline: float
    strokes: int
    stroke_penalty: float
    prototype: float | None
    prototype_bonus: float
    usage_bonus: float
    total: float

    @property
    def likeness(self) -> float:
        """How near the drawing is to anything that is known of the candidate."""
        return max(self.outline, self.prototype or 0.0)


@dataclass(frozen=True)
class Surety:
    """What the first candidate needs to be called sure: fitted by models/training/surety.py.

    score: least probability; likeness: least cosine to its nearest outline or prototype.
    """

    score: float
    likeness: float

    @classmethod
    def from_settings(cls, settings: dict[str, Any] | None) -> Surety:
        """Surety as the manifest has it; without any, nothing is ever sure."""
        return cls(**settings) if settings else cls(2.0, 2.0)

    def holds(self, score: float, likeness: float) -> bool:
        """Whether a first candidate is sure."""
        return score >= self.score and likeness >= self.likeness


class Explainer:
    """Explains the places of one drawing."""

    def __init__(
        self, gallery: Gallery, fusion: Fusion, added: Added, vector: Floats, drawn: int
    ) -> None:
        self._gallery, self._fusion, self._added = gallery, fusion, added
        self._vector, self._penalties = vector, fusion.penalties(drawn)

    def explain(self, place: Place) -> Explanation:
        """The parts of the score of a place that `search.rank` found for this drawing."""
        outline, strokes, known = self._outline(place)
        penalty = float(self._penalties[strokes]) if known else 0.0
        prototype = self._prototype(place.codepoint)
        bonus = 0.0
        if prototype is not None:
            pair = np.array([prototype], np.float32), np.array([outline - penalty], np.float32)
            bonus = float(lift(self._fusion, *pair)[0])
        usage = 0.0
        if place.codepoint < len(self._gallery.starts):
            usage = self._fusion.usage[int(self._gallery.usage[place.codepoint])]
        total = outline - penalty + bonus + usage
        return Explanation(outline, strokes, penalty, prototype, bonus, usage, total)

    def _outline(self, place: Place) -> tuple[float, int, bool]:
        """Cosine and strokes of the nearest glyph, and whether its strokes are known."""
        if not place.glyphs:
            own = place.codepoint - len(self._gallery.starts)
            strokes = int(self._added.glyph_strokes[own])
            return float(self._added.glyph_rows[own] @ self._vector), strokes, strokes > 0
        glyphs = self._gallery.glyphs
        rows = np.array([row for row, _ in place.glyphs])
        cosines = glyphs.cosines(glyphs.query(self._vector), rows)
        strokes_of = self._gallery.strokes[rows]
        best = int(np.argmax(cosines - self._penalties[strokes_of]))
        return float(cosines[best]), int(strokes_of[best]), True

    def _prototype(self, codepoint: int) -> float | None:
        scores = [self._confirmed(codepoint), self._kanjivg(codepoint)]
        found = np.concatenate(scores)
        return float(found.max()) if len(found) else None

    def _confirmed(self, codepoint: int) -> Floats:
        at = np.flatnonzero(self._added.owners == codepoint)
        near = self._added.prototype_rows[at] @ self._vector
        return near - self._penalties[self._added.prototype_strokes[at]]

    def _kanjivg(self, codepoint: int) -> Floats:
        gallery = self._gallery
        at = np.flatnonzero(gallery.owners == codepoint)
        if gallery.prototypes is None or not len(at):
            return np.zeros(0, np.float32)
        rows, _ = spread(gallery.prototype_starts, gallery.prototype_sizes, at)
        near = gallery.prototypes.cosines(gallery.prototypes.query(self._vector), rows)
        return near - self._penalties[gallery.prototype_strokes[rows]]
