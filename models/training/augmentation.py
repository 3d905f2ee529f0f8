"""Synthetic writers: how one character is drawn again by another hand, in a batch at a time.

Everything is numpy on segment ends (n, s, 2, 2) in normalised units (the character about one unit
wide, y down); a segment of length 0 is padding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.training.sources import StrokeTable

JOIN_PIECES = 6
"""Segments into which a pen-up line that was drawn is cut."""


@dataclass(frozen=True)
class Hand:
    """How much a synthetic writer strays; lengths in character widths."""

    shift: float = 0.02
    turn: float = 0.06
    stretch: float = 0.06
    affine: float = 0.10
    warp: float = 0.05
    slant: float = 0.30
    slant_share: float = 0.30
    squeeze: float = 0.5
    squeeze_share: float = 0.20
    joined_share: float = 0.5
    joined_most: float = 0.5
    dropped_share: float = 0.15
    extra_share: float = 0.08
    fewest: int = field(default=5)
    """Only characters of at least so many strokes lose or gain one."""


PEN = Hand()
PRINT = Hand(warp=0.075)
"""For font outlines used as if they had been drawn: no strokes to move, so more warp."""
PLAIN = Hand(affine=0.05, warp=0.02, slant_share=0, squeeze_share=0)
"""For the gallery side: nearly as printed."""
MILD = Hand(
    0.01, 0.03, 0.03, 0.05, 0.02, slant_share=0, squeeze_share=0, joined_share=0,
    dropped_share=0, extra_share=0,
)  # fmt: skip


def pen_view(
    table: StrokeTable, chosen: np.ndarray, hand: Hand, rng: np.random.Generator
) -> np.ndarray:
    """Samples `chosen` of a table drawn again: strokes moved, joined, dropped or doubled, bent."""
    ends, stroke_of = table.ends[chosen], table.stroke_of[chosen]
    anchors, counts = table.anchors[chosen], table.counts[chosen]
    n, places = len(ends), anchors.shape[1]
    vigour = rng.uniform(0.3, 1.7, (n, 1)).astype(np.float32)
    turn = rng.normal(0, hand.turn, (n, places)).astype(np.float32) * vigour
    size = 1 + rng.normal(0, hand.stretch, (n, places)).astype(np.float32) * vigour
    shift = rng.normal(0, hand.shift, (n, places, 2)).astype(np.float32) * vigour[..., None]
    cosine, sine = size * np.cos(turn), size * np.sin(turn)
    matrix = np.stack([np.stack([cosine, sine], -1), np.stack([-sine, cosine], -1)], -2)
    centre = anchors[:, :, 2]
    offset = centre + shift - np.einsum("nki,nkij->nkj", centre, matrix)
    rows = np.arange(n)[:, None]
    drawn = np.einsum("nsei,nsij->nsej", ends, matrix[rows, stroke_of])
    drawn += offset[rows, stroke_of][:, :, None]
    tips = np.einsum("nkei,nkij->nkej", anchors[:, :, :2], matrix) + offset[:, :, None]
    joins = _joins(tips, counts, hand, rng)
    extra = _lose_or_double(drawn, stroke_of, counts, hand, rng)
    return bend(np.concatenate([drawn, joins, extra], axis=1), hand, rng)


def _joins(
    tips: np.ndarray, counts: np.ndarray, hand: Hand, rng: np.random.Generator
) -> np.ndarray:
    """Pen-up lines drawn between consecutive strokes, with a probability of the sample's own."""
    n, places = tips.shape[:2]
    chance = rng.uniform(0, hand.joined_most, n) * (rng.random(n) < hand.joined_share)
    drawn = rng.random((n, places - 1)) < chance[:, None]
    drawn &= np.arange(1, places) < counts[:, None]
    most = max(int(drawn.sum(axis=1).max()), 1)
    chosen = np.argsort(~drawn, axis=1, kind="stable")[:, :most]
    rows = np.arange(n)[:, None]
    start, end = tips[rows, chosen, 1], tips[rows, chosen + 1, 0]
    end = np.where(drawn[rows, chosen][..., None], end, start)
    return _lines(start, end)


def _lines(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Straight lines (n, k, 2) cut into JOIN_PIECES segments each: (n, k * JOIN_PIECES, 2, 2)."""
    t = np.linspace(0, 1, JOIN_PIECES + 1, dtype=np.float32)[:, None]
    knots = start[:, :, None] * (1 - t) + end[:, :, None] * t
    pieces = np.stack([knots[:, :, :-1], knots[:, :, 1:]], axis=3)
    return pieces.reshape(len(start), -1, 2, 2)


def _lose_or_double(
    drawn: np.ndarray,
    stroke_of: np.ndarray,
    counts: np.ndarray,
    hand: Hand,
    rng: np.random.Generator,
) -> np.ndarray:
    """Erase one stroke in place for some samples; return one stroke drawn twice for some others."""
    n = len(drawn)
    victim = rng.integers(0, np.maximum(counts, 1))
    fate = np.where(counts >= hand.fewest, rng.random(n), 1.0)
    hit = stroke_of == victim[:, None]
    lost = hit & (fate < hand.dropped_share)[:, None]
    drawn[:, :, 1] = np.where(lost[..., None], drawn[:, :, 0], drawn[:, :, 1])
    doubled = (fate >= hand.dropped_share) & (fate < hand.dropped_share + hand.extra_share)
    if not doubled.any():
        return drawn[:, :0]
    shift = rng.normal(0, 0.12, (n, 1, 1, 2)).astype(np.float32)
    copy = drawn + shift
    copy[:, :, 1] = np.where((hit & doubled[:, None])[..., None], copy[:, :, 1], copy[:, :, 0])
    most = int((hit & doubled[:, None]).sum(axis=1).max())
    order = np.argsort(~hit, axis=1, kind="stable")[:, :most]
    return copy[np.arange(n)[:, None], order]


def print_view(ends: np.ndarray, hand: Hand, rng: np.random.Generator) -> np.ndarray:
    """Font centre lines as if drawn: a stroke's worth of ink lost, pen-up lines added, bent."""
    n = len(ends)
    middles = ends.mean(axis=2)
    rows = np.arange(n)
    fate = rng.random(n)
    seed = rng.integers(0, ends.shape[1], n)
    direction = ends[rows, seed, 1] - ends[rows, seed, 0]
    direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-6)
    away = middles - middles[rows, seed][:, None]
    across = np.abs(away[..., 0] * -direction[:, None, 1] + away[..., 1] * direction[:, None, 0])
    ahead = np.abs((away * direction[:, None]).sum(axis=2))
    gone = (across < 0.02) & (ahead < rng.uniform(0.03, 0.3, (n, 1)))
    gone &= (fate < hand.dropped_share)[:, None]
    kept = ends.copy()
    kept[:, :, 1] = np.where(gone[..., None], kept[:, :, 0], kept[:, :, 1])
    lines = rng.integers(0, 9, n) * (rng.random(n) < hand.joined_share)
    most = max(int(lines.max()), 1)
    begin = rng.integers(0, ends.shape[1], (n, most))
    start = middles[rows[:, None], begin]
    end = middles[rows[:, None], rng.integers(0, ends.shape[1], (n, most))]
    reach = np.linalg.norm(end - start, axis=2, keepdims=True)
    end = start + (end - start) * np.minimum(
        1, rng.uniform(0.05, 0.5, (n, most, 1)) / (reach + 1e-6)
    )
    end = np.where((np.arange(most) < lines[:, None])[..., None], end, start).astype(np.float32)
    return bend(np.concatenate([kept, _lines(start, end)], axis=1), hand, rng)


def bend(ends: np.ndarray, hand: Hand, rng: np.random.Generator) -> np.ndarray:
    """Affine map (with slant and squeeze for some) and a smooth warp, one per sample."""
    n = len(ends)
    matrix = np.eye(2) + rng.normal(0, hand.affine, (n, 2, 2))
    slanted = rng.random(n) < hand.slant_share
    matrix[:, 1, 0] += slanted * rng.uniform(-hand.slant, hand.slant, n)
    squeezed = rng.random(n) < hand.squeeze_share
    axis = rng.integers(0, 2, n)
    factor = np.where(squeezed, rng.uniform(hand.squeeze, 1.0, n), 1.0)
    matrix[np.arange(n), :, axis] *= factor[:, None]
    bent = np.einsum("nsei,nij->nsej", ends, matrix.astype(np.float32))
    strength = (rng.uniform(0, 1.5, (n, 1, 1, 1)) * hand.warp).astype(np.float32)
    flat = ends.reshape(n, -1, 2)
    moved = _displacement(flat, 3, rng) + _displacement(flat, 6, rng) * np.float32(0.5)
    return bent + (moved * strength[:, :, 0]).reshape(ends.shape)


def _displacement(points: np.ndarray, grid: int, rng: np.random.Generator) -> np.ndarray:
    """Bilinear Gaussian displacement (n, p, 2) of points within about [-.6, .6]."""
    n = len(points)
    nodes = rng.standard_normal((n, grid * grid, 2)).astype(np.float32)
    at = np.clip((points / np.float32(1.2) + np.float32(0.5)) * (grid - 1), 0, grid - 1.001)
    whole = at.astype(np.int64)
    part = at - whole
    base = np.arange(n)[:, None] * (grid * grid) + whole[..., 1] * grid + whole[..., 0]
    flat = nodes.reshape(-1, 2)
    x, y = part[..., :1], part[..., 1:]
    top = flat[base] * (1 - x) + flat[base + 1] * x
    bottom = flat[base + grid] * (1 - x) + flat[base + grid + 1] * x
    return top * (1 - y) + bottom * y
