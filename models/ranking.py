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

    from models.added import Added
    from models.gallery import Gallery

NEGLIGIBLE = 12.0
"""Distance in logits from the best below which a candidate takes no probability worth counting."""

NOWHERE = -100.0
"""Score of what a filter leaves out: far below any cosine less any penalty."""


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


@dataclass(frozen=True)
class Restriction:
    """Which glyphs of the gallery (n,) and which own glyphs may be found at all."""

    glyphs: NDArray[np.bool_]
    own: NDArray[np.bool_]


def fuse(
    gallery: Gallery,
    fusion: Fusion,
    query: NDArray[np.float32],
    drawn: int,
    *,
    added: Added | None = None,
    allowed: Restriction | None = None,
) -> Scores:
    """Scores of everything in the gallery for a unit vector of a drawing of `drawn` strokes.

    With `added`, own glyphs stand behind the code points. What is not allowed scores NOWHERE.
    """
    penalties = fusion.penalties(drawn)
    fused = gallery.glyphs.similarity(query) - penalties[gallery.strokes]
    if allowed is not None:
        fused = np.where(allowed.glyphs, fused, np.float32(NOWHERE))
    outline = np.maximum.reduceat(fused, gallery.starts)
    total = outline + np.asarray(fusion.usage, np.float32)[gallery.usage]
    if added is not None and added.glyphs:
        own = added.glyph_rows @ query
        own -= penalties[added.glyph_strokes] * (added.glyph_strokes > 0)
        if allowed is not None:
            own = np.where(allowed.own, own, np.float32(NOWHERE))
        outline = np.concatenate([outline, own])
        total = np.concatenate([total, own])
    best = np.full(len(outline), NOWHERE * 2, np.float32)
    if gallery.prototypes is not None:
        near = gallery.prototypes.similarity(query) - penalties[gallery.prototype_strokes]
        best[gallery.owners] = np.maximum.reduceat(near, gallery.prototype_starts)
    if added is not None and len(added.owners):
        near = added.prototype_rows @ query - penalties[added.prototype_strokes]
        np.maximum.at(best, added.owners, near)
    lift = np.maximum(best + np.float32(fusion.prototype_bias) - outline, 0)
    lift[outline < NOWHERE / 2] = 0
    return Scores(fused, outline, total + np.float32(fusion.prototype_share) * lift)


def rank(
    gallery: Gallery,
    fusion: Fusion,
    query: NDArray[np.float32],
    drawn: int,
    *,
    top: int,
    added: Added | None = None,
    allowed: Restriction | None = None,
) -> list[Place]:
    """Best `top` code points for a unit vector of a drawing of `drawn` strokes, best first.

    A Place of an own glyph has a code point behind those of the gallery and no glyphs.
    """
    scores = fuse(gallery, fusion, query, drawn, added=added, allowed=allowed)
    places = _best(scores.total, top, NEGLIGIBLE / fusion.sharpness)
    places = places[scores.outline[places] > NOWHERE / 2]
    if not len(places):
        return []
    weights = np.exp((scores.total[places] - scores.total[places[0]]) * fusion.sharpness)
    weights /= weights.sum()
    return [
        Place(int(at), float(weight), _glyphs(gallery, fusion, scores.glyphs, int(at)))
        for at, weight in zip(places[:top], weights, strict=False)
    ]


def list_usual(gallery: Gallery, allowed: Restriction, top: int) -> list[Place]:
    """Best `top` code points by everyday use, then fewest strokes, with nothing drawn.

    Own glyphs come first; scores fall evenly, as nothing is known about likelihood.
    """
    fitting = np.logical_or.reduceat(allowed.glyphs, gallery.starts)
    codes = np.flatnonzero(fitting)
    strokes = gallery.strokes[gallery.starts[codes]].astype(np.int64)
    codes = codes[np.lexsort((codes, strokes, -gallery.usage[codes].astype(np.int64)))]
    own = np.flatnonzero(allowed.own) + len(gallery.codepoints)
    chosen = np.concatenate([own, codes])[:top]
    even = 1.0 / max(len(own) + len(codes), 1)
    return [Place(int(at), even, _allowed_glyphs(gallery, allowed, int(at))) for at in chosen]


def _allowed_glyphs(
    gallery: Gallery, allowed: Restriction, at: int
) -> tuple[tuple[int, float], ...]:
    if at >= len(gallery.starts):
        return ()
    rows = [row for row in gallery.members(at) if allowed.glyphs[row]]
    rows.sort(key=lambda row: (gallery.selectors[row] != 0, row))
    return tuple((row, 1.0 / len(rows)) for row in rows)


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
    if at >= len(gallery.starts):
        return ()
    rows = gallery.members(at)
    if len(rows) == 1:
        return ((rows[0], 1.0),)
    scores = fused[rows.start : rows.stop] + np.float32(fusion.plain) * (
        gallery.selectors[rows.start : rows.stop] == 0
    )
    shares = np.exp((scores - scores.max()) * fusion.sharpness)
    shares /= shares.sum()
    order = np.argsort(-scores, kind="stable")
    return tuple(
        (rows[int(index)], float(shares[index])) for index in order if scores[index] > NOWHERE / 2
    )
