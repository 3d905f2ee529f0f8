"""The best code points of a ranking, exactly, without scoring most of the gallery in full.

Every glyph has a bound on its score from the leading axes of the embeddings (models.embeddings).
Only code points whose bound reaches the score of the last place wanted are scored in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.gallery import spread
from models.ranking import Place, Restriction, lift

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.added import Added
    from models.embeddings import Query
    from models.gallery import Gallery
    from models.ranking import Fusion

    Floats = NDArray[np.float32]

DEEP = 20
"""Code points that share the probability, and are ranked, however few are asked for."""

NOWHERE = np.float32(-100.0)
"""Score of what a filter leaves out: far below any cosine less any penalty."""

EVERY = 8
"""One bound in so many is looked at to guess a level; a guess costs time, never a candidate."""

FEW = 60
"""Glyphs that are scored in full to learn what the last place wanted scores at least."""

ROUNDING = np.float32(1e-5)
"""Margin for float32: far above what sums of a hundred products lose, far below what matters."""


@dataclass(frozen=True)
class _Task:
    """One drawing in the terms of the gallery, and everything it is scored by.

    lifted, near: rows of the glyphs whose code point has a prototype, and what the nearest one
    scores at most; confirmed: per code point and own glyph, what its nearest own prototype scores
    (2 x NOWHERE: it has none).
    """

    gallery: Gallery
    fusion: Fusion
    query: Query
    drawn: Query | None
    penalties: Floats
    usage: Floats
    confirmed: Floats
    near: Floats
    lifted: NDArray[np.intp]
    allowed: Restriction | None


@dataclass(frozen=True)
class _Scored:
    """Code points scored in full: their totals, and the scores of their glyphs back to back."""

    places: NDArray[np.intp]
    totals: Floats
    rows: NDArray[np.intp]
    glyphs: Floats
    starts: NDArray[np.intp]


def rank(
    gallery: Gallery,
    fusion: Fusion,
    vector: Floats,
    drawn: int,
    *,
    top: int,
    added: Added,
    allowed: Restriction | None = None,
) -> list[Place]:
    """Best `top` code points for a unit vector of a drawing of `drawn` strokes, best first.

    Exactly those that `ranking.fuse` puts first, own glyphs among them. Scores are probabilities
    among the best DEEP.
    """
    penalties = fusion.penalties(drawn)
    drawn_query = gallery.prototypes.query(vector) if gallery.prototypes else None
    confirmed = _confirmed(gallery, vector, penalties, added)
    task = _Task(
        gallery,
        fusion,
        gallery.glyphs.query(vector),
        drawn_query,
        penalties,
        np.asarray(fusion.usage, np.float32),
        confirmed,
        _near_at_most(gallery, drawn_query, penalties, confirmed, added),
        added.lifted,
        allowed,
    )
    depth = max(top, DEEP)
    scored = _best_places(task, depth)
    own, own_totals = _own(task, vector, added)
    places = np.concatenate([scored.places, own])
    totals = np.concatenate([scored.totals, own_totals])
    order = np.lexsort((places, -totals))[:depth]
    if not len(order):
        return []
    weights = np.exp((totals[order] - totals[order[0]]) * fusion.sharpness)
    weights /= weights.sum()
    return [
        Place(int(places[at]), float(weight), _glyphs(task, scored, int(at)))
        for at, weight in zip(order[:top], weights, strict=False)
    ]


def _confirmed(gallery: Gallery, vector: Floats, penalties: Floats, added: Added) -> Floats:
    near = np.full(len(gallery.starts) + len(added.glyphs), 2 * NOWHERE, np.float32)
    if len(added.owners):
        scores = added.prototype_rows @ vector - penalties[added.prototype_strokes]
        np.maximum.at(near, added.owners, scores)
    return near


def _near_at_most(
    gallery: Gallery, drawn: Query | None, penalties: Floats, confirmed: Floats, added: Added
) -> Floats:
    """What the nearest prototype of each lifted glyph scores at most."""
    if gallery.prototypes is None or drawn is None:
        return confirmed[gallery.places[added.lifted]]
    found = gallery.prototypes.bounds(drawn)
    found -= np.take(penalties, gallery.prototype_strokes, mode="clip")
    best = np.maximum.reduceat(found, gallery.prototype_starts)[added.lifted_by]
    if not len(added.owners):
        return best
    best[~added.lifted_by_owner] = 2 * NOWHERE
    return np.maximum(best, confirmed[gallery.places[added.lifted]])


def _near(task: _Task, places: NDArray[np.intp]) -> Floats:
    """What the nearest prototype of some code points scores, in full."""
    gallery, near = task.gallery, task.confirmed[places]
    if gallery.prototypes is None or task.drawn is None:
        return near
    at = np.minimum(np.searchsorted(gallery.owners, places), len(gallery.owners) - 1)
    known = np.flatnonzero(gallery.owners[at] == places)
    if not len(known):
        return near
    rows, starts = spread(gallery.prototype_starts, gallery.prototype_sizes, at[known])
    scores = gallery.prototypes.cosines(task.drawn, rows)
    scores -= task.penalties[gallery.prototype_strokes[rows]]
    near[known] = np.maximum(near[known], np.maximum.reduceat(scores, starts))
    return near


def _best_places(task: _Task, depth: int) -> _Scored:
    """At least the `depth` best code points, scored in full; all when there are not so many."""
    bounds = _bounds(task)
    possible = len(bounds) if task.allowed is None else int(task.allowed.glyphs.sum())
    if not possible:
        return _score(task, np.zeros(0, np.intp))
    wanted = max(FEW, 3 * depth)
    while True:
        level = _level(bounds, wanted) if wanted < possible else NOWHERE / 2
        scored = _score(task, np.flatnonzero(bounds >= level))
        if len(scored.places) >= depth or wanted >= possible:
            break
        wanted *= 4
    if len(scored.places) < depth:
        return scored
    last = np.partition(scored.totals, -depth)[-depth] - ROUNDING
    return scored if last >= level else _score(task, np.flatnonzero(bounds >= last))


def _level(bounds: Floats, count: int) -> np.float32:
    """A level that about `count` bounds reach, judged by every eighth of them."""
    sample = bounds[::EVERY] if count > EVERY and len(bounds) > 4 * count else bounds
    place = min(-(-count * len(sample) // len(bounds)) + 1, len(sample))
    return np.maximum(np.partition(sample, -place)[-place], NOWHERE / 2)


def _bounds(task: _Task) -> Floats:
    """What each glyph (n,) lets its code point score at most."""
    gallery = task.gallery
    bounds = gallery.glyphs.bounds(task.query)
    bounds -= np.take(task.penalties, gallery.strokes, mode="clip")
    lifted = bounds[task.lifted]
    bounds[task.lifted] = lifted + lift(task.fusion, task.near, lifted)
    bounds += np.take(task.usage, gallery.usage_of_glyphs, mode="clip")
    if task.allowed is not None:
        bounds[~task.allowed.glyphs] = NOWHERE
    return bounds


def _score(task: _Task, chosen: NDArray[np.intp]) -> _Scored:
    """The code points of the chosen glyphs (rows in order) with all their glyphs, in full."""
    gallery = task.gallery
    owners = gallery.places[chosen]
    first = np.flatnonzero(owners[1:] != owners[:-1]) + 1
    places = owners[np.concatenate([[0], first])].astype(np.intp) if len(owners) else first
    rows, starts = spread(gallery.starts, gallery.sizes, places)
    glyphs = gallery.glyphs.cosines(task.query, rows) - task.penalties[gallery.strokes[rows]]
    if task.allowed is not None:
        glyphs = np.where(task.allowed.glyphs[rows], glyphs, NOWHERE)
    outline = np.maximum.reduceat(glyphs, starts) if len(starts) else glyphs
    totals = outline + lift(task.fusion, _near(task, places), outline)
    return _Scored(places, totals + task.usage[gallery.usage[places]], rows, glyphs, starts)


def _own(task: _Task, vector: Floats, added: Added) -> tuple[NDArray[np.intp], Floats]:
    """Places and totals of the own glyphs that may be found."""
    first = len(task.gallery.starts)
    outline = added.glyph_rows @ vector
    outline -= task.penalties[added.glyph_strokes] * (added.glyph_strokes > 0)
    totals = outline + lift(task.fusion, task.confirmed[first:], outline)
    fitting = np.arange(len(totals)) if task.allowed is None else np.flatnonzero(task.allowed.own)
    return fitting + first, totals[fitting]


def _glyphs(task: _Task, scored: _Scored, at: int) -> tuple[tuple[int, float], ...]:
    """Glyphs of the code point in position `at` with their shares, best first."""
    if at >= len(scored.places):
        return ()
    part = slice(scored.starts[at], scored.starts[at] + task.gallery.sizes[scored.places[at]])
    rows, scores = scored.rows[part], scored.glyphs[part]
    if len(rows) == 1:
        return ((int(rows[0]), 1.0),)
    plain = np.float32(task.fusion.plain) * (task.gallery.selectors[rows] == 0)
    shown = np.flatnonzero(scores > NOWHERE / 2)
    rows, scores = rows[shown], (scores + plain)[shown]
    shares = np.exp((scores - scores.max()) * task.fusion.sharpness)
    shares /= shares.sum()
    order = np.argsort(-scores, kind="stable")
    return tuple((int(rows[index]), float(shares[index])) for index in order)


def list_usual(gallery: Gallery, allowed: Restriction, top: int) -> list[Place]:
    """Best `top` code points by everyday use, then fewest strokes, with nothing drawn.

    Own glyphs come first; scores fall evenly, as nothing is known about likelihood.
    """
    codes = np.flatnonzero(np.logical_or.reduceat(allowed.glyphs, gallery.starts))
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
