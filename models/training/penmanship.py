"""What a hurried pen does to single strokes: cut short, flattened, bowed, rounded, run together.

Works on the segments of many drawings at once. How far hands stray was read off one writer's
drawings (tomoe_data) laid over KanjiVG's: see docs/decisions/045.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.training.augmentation import Hand

JOIN_PIECES = 6
"""Segments into which a pen-up line that was drawn is cut."""

LONG_ENOUGH = 4
"""Segments a stroke must have to be cut short."""

STRAIGHT, CORNERED = 0.9, 0.6
"""Chord over length of strokes that may be flattened fully, and hardly."""


@dataclass(frozen=True)
class Layout:
    """Where the strokes of a batch lie among its segments.

    stroke_of, place, pieces: (n, s) stroke of a segment, its position in it, the stroke's length in
    segments; size: (n, k) segments of a stroke; head, tail: (n, k) its first and last segment kept.
    """

    stroke_of: np.ndarray
    place: np.ndarray
    pieces: np.ndarray
    size: np.ndarray
    head: np.ndarray
    tail: np.ndarray

    def each(self, of_stroke: np.ndarray) -> np.ndarray:
        """What (n, k, ...) says of each stroke, for each segment: (n, s, ...)."""
        return of_stroke[np.arange(len(of_stroke))[:, None], self.stroke_of]


def layout(ends: np.ndarray, stroke_of: np.ndarray, strokes: int) -> Layout:
    """Layout of segments that follow each other stroke by stroke, padding last."""
    n, places = stroke_of.shape
    drawn = (ends[:, :, 0] != ends[:, :, 1]).any(axis=2)
    used = np.arange(places) < (places - drawn[:, ::-1].argmax(axis=1))[:, None]
    used &= drawn.any(axis=1)[:, None]
    index = np.arange(n)[:, None] * strokes + stroke_of
    size = np.bincount(index.ravel(), used.ravel(), minlength=n * strokes)
    size = size.reshape(n, strokes).astype(np.int64)
    head = np.minimum(np.cumsum(size, axis=1) - size, places - 1)
    rows = np.arange(n)[:, None]
    place = np.where(used, np.arange(places) - head[rows, stroke_of], 0)
    pieces = np.maximum(size[rows, stroke_of], 1)
    return Layout(stroke_of, place, pieces, size, head, np.maximum(head + size - 1, head))


def hurry(
    ends: np.ndarray, lay: Layout, hand: Hand, rng: np.random.Generator
) -> tuple[np.ndarray, Layout]:
    """Strokes with rounder corners, flatter or bowed, some cut short; and what is left of them."""
    return _cut_short(_flatten(_round(ends, lay, hand, rng), lay, hand, rng), lay, hand, rng)


def _round(ends: np.ndarray, lay: Layout, hand: Hand, rng: np.random.Generator) -> np.ndarray:
    """Corners smoothed away in some drawings, stroke ends kept."""
    rounds = rng.integers(1, hand.round_most + 1, len(ends)) * (
        rng.random(len(ends)) < hand.round_share
    )
    chosen = np.flatnonzero(rounds)
    start, end = ends[chosen, :, 0].copy(), ends[chosen, :, 1].copy()
    inner = (lay.place[chosen] > 0)[:, 1:, None]
    left = rounds[chosen]
    for at in range(int(left.max(initial=0))):
        pull = (start[:, :-1] + end[:, 1:]) * np.float32(0.5) - start[:, 1:]
        step = np.where(inner & (left > at)[:, None, None], pull * np.float32(0.5), 0)
        start[:, 1:] += step
        end[:, :-1] += step
    rounded = ends.copy()
    rounded[chosen] = np.stack([start, end], axis=2)
    return rounded


def _flatten(ends: np.ndarray, lay: Layout, hand: Hand, rng: np.random.Generator) -> np.ndarray:
    """Strokes drawn towards their chord, or bent away from it like a bow."""
    n, strokes = lay.size.shape
    rows = np.arange(n)[:, None]
    first, last = ends[rows, lay.head, 0], ends[rows, lay.tail, 1]
    chord = last - first
    length = np.hypot(*np.moveaxis(ends[:, :, 1] - ends[:, :, 0], 2, 0))
    index = (rows * strokes + lay.stroke_of).ravel()
    total = np.bincount(index, length.ravel(), minlength=n * strokes).reshape(n, strokes)
    straight = np.hypot(chord[..., 0], chord[..., 1]) / np.maximum(total, 1e-6)
    freely = np.clip((straight - CORNERED) / (STRAIGHT - CORNERED), 0.2, 1)
    flat = rng.uniform(-0.25, 0.9, (n, strokes)) * freely
    flat *= (rng.random((n, 1)) < hand.flat_share) & (rng.random((n, strokes)) < 0.6)
    bow = rng.normal(0, hand.bow, (n, strokes)) * rng.uniform(0, 1.5, (n, 1))
    t = (lay.place[..., None] + np.arange(2)) / lay.pieces[..., None]
    t = t[..., None].astype(np.float32)
    along = lay.each(chord)[:, :, None]
    line = lay.each(first)[:, :, None] + t * along
    across = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    pull, lift = (lay.each(one.astype(np.float32))[..., None, None] for one in (flat, bow))
    bent = ends + pull * (line - ends) + lift * np.sin(np.pi * t) * across
    return np.where(length[..., None, None] > 0, bent, ends)


def _cut_short(
    ends: np.ndarray, lay: Layout, hand: Hand, rng: np.random.Generator
) -> tuple[np.ndarray, Layout]:
    """Beginnings and ends of strokes left away: hooks first of all."""
    shape = lay.size.shape
    hasty = rng.uniform(0, 2, (shape[0], 1)) * (lay.size >= LONG_ENOUGH)
    lost = [
        rng.uniform(0, 0.35, shape) * (rng.random(shape) < chance * hasty)
        for chance in (hand.cut_share / 2, hand.cut_share)
    ]
    low = np.ceil(lost[0] * lay.size - 0.5).clip(0).astype(np.int64)
    high = np.floor((1 - lost[1]) * lay.size - 0.5).astype(np.int64).clip(0)
    high = np.maximum(high, low)
    gone = (lay.place < lay.each(low)) | (lay.place > lay.each(high))
    kept = ends.copy()
    kept[:, :, 1] = np.where(gone[..., None], kept[:, :, 0], kept[:, :, 1])
    whole = lay.size > 0
    head = np.where(whole, lay.head + low, lay.head)
    tail = np.where(whole, lay.head + high, lay.tail)
    return kept, Layout(lay.stroke_of, lay.place, lay.pieces, lay.size, head, tail)


def joins(
    drawn: np.ndarray, lay: Layout, counts: np.ndarray, hand: Hand, rng: np.random.Generator
) -> np.ndarray:
    """Pen-up lines that were drawn, curved, some of them only a beginning: (n, k, 2, 2)."""
    rows = np.arange(len(drawn))[:, None]
    wanted = _wanted(lay.size.shape, counts, hand, rng)
    most = max(int(wanted.sum(axis=1).max()), 1)
    chosen = np.argsort(~wanted, axis=1, kind="stable")[:, :most]
    start = drawn[rows, lay.tail[rows, chosen], 1]
    end = drawn[rows, lay.head[rows, chosen + 1], 0]
    end = np.where(wanted[rows, chosen][..., None], end, start)
    shape = (*chosen.shape, 1)
    reach = np.where(rng.random(shape) < hand.tail_share, rng.uniform(0.2, 0.9, shape), 1.0)
    return arcs(start, end, rng.normal(0, hand.join_bow, shape), reach)


def _wanted(
    shape: tuple[int, ...], counts: np.ndarray, hand: Hand, rng: np.random.Generator
) -> np.ndarray:
    """Which strokes run into the next (n, k - 1): scattered ones, and runs of several."""
    n, strokes = shape
    order = np.arange(strokes - 1)
    chance = rng.uniform(0, hand.joined_most, n) * (rng.random(n) < hand.joined_share)
    wanted = rng.random((n, strokes - 1)) < chance[:, None]
    begin = rng.integers(0, np.maximum(counts, 1))[:, None]
    length = rng.integers(2, 7, (n, 1)) * (rng.random((n, 1)) < hand.run_share)
    wanted |= (order >= begin) & (order < begin + length)
    return wanted & (order + 1 < counts[:, None])


def arcs(start: np.ndarray, end: np.ndarray, bow: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Lines (n, k, 2) bent sideways by `bow` of their length, drawn up to `reach`, in segments."""
    t = np.linspace(0, 1, JOIN_PIECES + 1, dtype=np.float32)[:, None]
    t = t * reach[:, :, None].astype(np.float32)
    along = (end - start)[:, :, None]
    across = np.stack([-along[..., 1], along[..., 0]], axis=-1) * bow[:, :, None]
    knots = start[:, :, None] + t * along + 4 * t * (1 - t) * across.astype(np.float32)
    pieces = np.stack([knots[:, :, :-1], knots[:, :, 1:]], axis=3)
    return pieces.reshape(len(start), -1, 2, 2)
