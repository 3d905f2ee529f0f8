"""From similarities to ranked code points: outlines, strokes, stroke count and usage fused.

The weights are fitted by models/training/calibrate.py and lie in the manifest. A code point takes
one place, whatever the number of its glyphs. `fuse` scores everything; `models.search`
finds the same best ones in less time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.gallery import Gallery


@dataclass(frozen=True)
class Fusion:
    """Weights of the fusion, in units of cosine.

    fewer, more: penalty per unit of |ln(strokes of glyph / strokes drawn)|, up to `cap`, when fewer
    or more strokes were drawn than the glyph has; usage: bonus per tier 0-4; prototype_share,
    prototype_bias: how a stroke prototype lifts a code point above its outline; sharpness: turns
    fused cosines into probabilities; plain: bonus of the glyph that has a code point of its own
    among the glyphs of one code point.
    """

    fewer: float = 0.05
    more: float = 0.1
    cap: float = 1.0
    usage: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0, 0.0)
    prototype_share: float = 1.0
    prototype_bias: float = 0.0
    sharpness: float = 30.0
    plain: float = 0.0

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Fusion:
        """Fusion as the manifest has it."""
        table: dict[str, Any] = {**settings, "usage": tuple(settings["usage"])}
        if not 0 <= table["prototype_share"] <= 1:
            raise ValueError("the share of prototypes is not between 0 and 1")
        return cls(**table)

    def penalties(self, drawn: int) -> NDArray[np.float32]:
        """Penalty (256,) by the number of strokes of a glyph, for `drawn` strokes."""
        ratio = np.log(np.maximum(np.arange(256), 1) / drawn)
        distance = np.minimum(np.abs(ratio), self.cap)
        return (distance * np.where(ratio > 0, self.fewer, self.more)).astype(np.float32)


@dataclass(frozen=True)
class Place:
    """One code point in the ranking: its index, its probability, its glyphs best first.

    An own glyph has an index behind the code points of the gallery, and no glyphs.
    """

    codepoint: int
    score: float
    glyphs: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Scores:
    """Fused scores: per glyph; per code point by outline alone; per code point with everything."""

    glyphs: NDArray[np.float32]
    outline: NDArray[np.float32]
    total: NDArray[np.float32]


@dataclass(frozen=True)
class Restriction:
    """Which glyphs of the gallery (n,) and which own glyphs may be found at all."""

    glyphs: NDArray[np.bool_]
    own: NDArray[np.bool_]


def fuse(gallery: Gallery, fusion: Fusion, query: NDArray[np.float32], drawn: int) -> Scores:
    """Scores of everything in the gallery for a unit vector of a drawing of `drawn` strokes."""
    penalties = fusion.penalties(drawn)
    fused = gallery.glyphs.similarity(query) - penalties[gallery.strokes]
    outline = np.maximum.reduceat(fused, gallery.starts)
    total = outline + np.asarray(fusion.usage, np.float32)[gallery.usage]
    if gallery.prototypes is not None:
        near = gallery.prototypes.similarity(query) - penalties[gallery.prototype_strokes]
        best = np.maximum.reduceat(near, gallery.prototype_starts)
        total[gallery.owners] += lift(fusion, best, outline[gallery.owners])
    return Scores(fused, outline, total)


def lift(
    fusion: Fusion, near: NDArray[np.float32], outline: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What the nearest prototype adds to an outline; the sum never falls when the outline rises."""
    above = np.maximum(near + np.float32(fusion.prototype_bias) - outline, 0)
    return np.float32(fusion.prototype_share) * above
