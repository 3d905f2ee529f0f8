"""From similarities to ranked code points: outlines, strokes, stroke count and usage fused.

The weights are fitted by models/training/calibrate.py and lie in the manifest. A code point takes
one place, whatever the number of its glyphs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.gallery import Gallery

NEGLIGIBLE = 12.0
"""Distance in logits from the best below which a candidate takes no probability worth counting."""


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
        return cls(**table)

    def penalties(self, drawn: int) -> NDArray[np.float32]:
        """Penalty (256,) by the number of strokes of a glyph, for `drawn` strokes."""
        ratio = np.log(np.maximum(np.arange(256), 1) / drawn)
        distance = np.minimum(np.abs(ratio), self.cap)
        return (distance * np.where(ratio > 0, self.fewer, self.more)).astype(np.float32)


@dataclass(frozen=True)
class Place:
    """One code point in the ranking: its index, its probability, its glyphs best first."""

    codepoint: int
    score: float
    glyphs: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Scores:
    """Fused scores: per glyph; per code point by outline alone; per code point with everything."""

    glyphs: NDArray[np.float32]
    outline: NDArray[np.float32]
    total: NDArray[np.float32]


def fuse(gallery: Gallery, fusion: Fusion, query: NDArray[np.float32], drawn: int) -> Scores:
    """Scores of everything in the gallery for a unit vector of a drawing of `drawn` strokes."""
    penalties = fusion.penalties(drawn)
    fused = gallery.glyphs.similarity(query) - penalties[gallery.strokes]
    outline = np.maximum.reduceat(fused, gallery.starts)
    total = outline + np.asarray(fusion.usage, np.float32)[gallery.usage]
    if gallery.prototypes is not None:
        near = gallery.prototypes.similarity(query) - penalties[gallery.prototype_strokes]
        best = np.maximum.reduceat(near, gallery.prototype_starts)
        lift = best + np.float32(fusion.prototype_bias) - outline[gallery.owners]
        total[gallery.owners] += np.float32(fusion.prototype_share) * np.maximum(lift, 0)
    return Scores(fused, outline, total)


def rank(
    gallery: Gallery, fusion: Fusion, query: NDArray[np.float32], drawn: int, top: int
) -> list[Place]:
    """Best `top` code points for a unit vector of a drawing of `drawn` strokes, best first."""
    scores = fuse(gallery, fusion, query, drawn)
    places = _best(scores.total, top, NEGLIGIBLE / fusion.sharpness)
    weights = np.exp((scores.total[places] - scores.total[places[0]]) * fusion.sharpness)
    weights /= weights.sum()
    return [
        Place(int(at), float(weight), _glyphs(gallery, fusion, scores.glyphs, int(at)))
        for at, weight in zip(places[:top], weights, strict=False)
    ]


def _best(total: NDArray[np.float32], count: int, reach: float) -> NDArray[np.intp]:
    """Indices of all scores within `reach` of the best, at least `count`, best first."""
    count = min(count, len(total))
    chosen = np.flatnonzero(total >= total.max() - np.float32(reach))
    if len(chosen) < count:
        chosen = np.argpartition(-total, count - 1)[:count]
    return chosen[np.lexsort((chosen, -total[chosen]))]


def _glyphs(
    gallery: Gallery, fusion: Fusion, fused: NDArray[np.float32], at: int
) -> tuple[tuple[int, float], ...]:
    rows = gallery.members(at)
    if len(rows) == 1:
        return ((rows[0], 1.0),)
    scores = fused[rows.start : rows.stop] + np.float32(fusion.plain) * (
        gallery.selectors[rows.start : rows.stop] == 0
    )
    shares = np.exp((scores - scores.max()) * fusion.sharpness)
    shares /= shares.sum()
    order = np.argsort(-scores, kind="stable")
    return tuple((rows[int(index)], float(shares[index])) for index in order)
