"""Synthetic writers: how one character is drawn again by another hand, in a batch at a time.

Everything is numpy on segment ends (n, s, 2, 2) in normalised units (the character about one unit
wide, y down); a segment of length 0 is padding.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from models.training import penmanship

if TYPE_CHECKING:
    from models.training.sources import StrokeTable


@dataclass(frozen=True)
class Hand:
    """How much a synthetic writer strays; lengths in character widths."""

    shift: float = 0.022
    turn: float = 0.10
    stretch: float = 0.15
    affine: float = 0.10
    warp: float = 0.06
    uneven: float = 0.18
    slant: float = 0.30
    slant_share: float = 0.30
    squeeze: float = 0.5
    squeeze_share: float = 0.20
    parts_share: float = 0.6
    parts_shift: float = 0.03
    parts_stretch: float = 0.12
    shrunk_share: float = 0.02
    tremor: float = 0.005
    round_share: float = 0.4
    round_most: int = 12
    flat_share: float = 0.3
    bow: float = 0.06
    cut_share: float = 0.12
    joined_share: float = 0.55
    joined_most: float = 0.5
    run_share: float = 0.15
    join_bow: float = 0.12
    tail_share: float = 0.25
    dropped_share: float = 0.15
    extra_share: float = 0.08
    fewest: int = field(default=5)
    """Only characters of at least so many strokes lose or gain one."""


PEN = Hand()
PRINT = Hand(warp=0.085)
"""For font outlines used as if they had been drawn: no strokes to move, so more warp."""
PATIENT = Hand(
    0.02, 0.06, 0.06, 0.10, 0.05, 0, parts_share=0, shrunk_share=0, tremor=0, round_share=0,
    flat_share=0, bow=0, cut_share=0, joined_share=0.5, run_share=0, join_bow=0, tail_share=0,
)  # fmt: skip
"""Who keeps to the shape of every stroke: to begin a training with."""
PATIENT_PRINT = replace(PATIENT, warp=0.075)
STEADY = Hand(
    0.01, 0.03, 0.03, 0.05, 0.02, 0, slant_share=0, squeeze_share=0, parts_share=0, shrunk_share=0,
    tremor=0, round_share=0, flat_share=0, bow=0, cut_share=0, joined_share=0, run_share=0,
    dropped_share=0, extra_share=0,
)  # fmt: skip
"""Nearly as the sample is."""
PLAIN = STEADY
"""For the gallery side: nearly as printed."""


def pen_view(
    table: StrokeTable, chosen: np.ndarray, hand: Hand, rng: np.random.Generator
) -> np.ndarray:
    """Samples `chosen` of a table drawn again: strokes moved, joined, dropped or doubled, bent."""
    stroke_of, anchors = table.stroke_of[chosen], table.anchors[chosen]
    counts = table.counts[chosen]
    lay = penmanship.layout(table.ends[chosen], stroke_of, anchors.shape[1])
    drawn, lay = penmanship.hurry(table.ends[chosen], lay, hand, rng)
    matrix, offset = _strokes_moved(anchors[:, :, 2], counts, hand, rng)
    drawn = np.einsum("nsei,nsij->nsej", drawn, lay.each(matrix))
    drawn += lay.each(offset)[:, :, None]
    joins = penmanship.joins(drawn, lay, counts, hand, rng)
    extra = _lose_or_double(drawn, stroke_of, counts, hand, rng)
    shaky = (rng.random((len(drawn), 1, 1, 1)) < 0.25) * np.float32(hand.tremor)
    there = (drawn[:, :, 0] != drawn[:, :, 1]).any(axis=2)[..., None, None]
    drawn += rng.standard_normal(drawn.shape, np.float32) * (shaky * there)
    return bend(np.concatenate([drawn, joins, extra], axis=1), hand, rng)


def _strokes_moved(
    centre: np.ndarray, counts: np.ndarray, hand: Hand, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Affine map of every stroke: matrices (n, k, 2, 2) for row vectors and offsets (n, k, 2).

    Each stroke turns, grows and shifts by itself; then whole parts of the character do.
    """
    n, strokes = centre.shape[:2]
    vigour = rng.uniform(0.1, 1.6, (n, 1))
    turn = rng.normal(0, hand.turn, (n, strokes)) * vigour
    size = np.exp(rng.normal(0, hand.stretch, (n, strokes)) * vigour)
    shrunk = rng.random((n, strokes)) < hand.shrunk_share
    size *= np.where(shrunk, rng.uniform(0.3, 0.7, (n, strokes)), 1)
    shift = rng.normal(0, hand.shift, (n, strokes, 2)) * vigour[..., None]
    cosine, sine = size * np.cos(turn), size * np.sin(turn)
    matrix = np.stack([np.stack([cosine, sine], -1), np.stack([-sine, cosine], -1)], -2)
    offset = centre + shift - np.einsum("nki,nkij->nkj", centre, matrix)
    part, stretch, moved = _parts(counts, strokes, hand, rng)
    rows = np.arange(n)[:, None]
    weight = (np.arange(strokes) < counts[:, None])[..., None]
    middle = np.stack(
        [
            (centre * weight * (part == at)[..., None]).sum(axis=1)
            / np.maximum((weight * (part == at)[..., None]).sum(axis=1), 1)
            for at in range(3)
        ],
        axis=1,
    )
    gain, pivot = stretch[rows, part], middle[rows, part]
    matrix *= gain[:, :, None, :]
    offset = (offset - pivot) * gain + pivot + moved[rows, part]
    return matrix.astype(np.float32), offset.astype(np.float32)


def _parts(
    counts: np.ndarray, strokes: int, hand: Hand, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Up to three parts by order of strokes (n, k), and how each is stretched and shifted."""
    n = len(counts)
    cuts = np.sort(rng.integers(1, np.maximum(counts, 2)[:, None], (n, 2)), axis=1)
    part = (np.arange(strokes)[None] >= cuts[:, :1]).astype(np.int64)
    part += np.arange(strokes)[None] >= cuts[:, 1:]
    strength = (rng.random((n, 1, 1)) < hand.parts_share) * rng.uniform(0.2, 1.5, (n, 1, 1))
    stretch = np.exp(rng.normal(0, hand.parts_stretch, (n, 3, 2)) * strength)
    return part, stretch, rng.normal(0, hand.parts_shift, (n, 3, 2)) * strength


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
    bow = rng.normal(0, hand.join_bow, (n, most, 1))
    lines_drawn = penmanship.arcs(start, end, bow, np.ones_like(bow))
    return bend(np.concatenate([kept, lines_drawn], axis=1), hand, rng)


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
    ends = _uneven(ends, hand, rng)
    bent = np.einsum("nsei,nij->nsej", ends, matrix.astype(np.float32))
    strength = (rng.uniform(0, 1.5, (n, 1, 1, 1)) * hand.warp).astype(np.float32)
    flat = ends.reshape(n, -1, 2)
    moved = _displacement(flat, 3, rng) + _displacement(flat, 6, rng) * np.float32(0.5)
    return bent + (moved * strength[:, :, 0]).reshape(ends.shape)


def _uneven(ends: np.ndarray, hand: Hand, rng: np.random.Generator) -> np.ndarray:
    """Thirds of the width and of the height grow and shrink against each other."""
    n = len(ends)
    widths = np.exp(rng.normal(0, 1, (n, 3, 2)) * hand.uneven * rng.uniform(0, 1.5, (n, 1, 1)))
    widths /= widths.sum(axis=1, keepdims=True)
    edges = np.cumsum(widths, axis=1) - widths - 0.5
    at = (ends.reshape(n, -1, 2) + np.float32(0.5)) * 3
    whole = np.clip(at, 0, 2).astype(np.int64)
    rows = np.arange(n)[:, None, None]
    moved = edges[rows, whole, [0, 1]] + (at - whole) * widths[rows, whole, [0, 1]]
    return moved.reshape(ends.shape).astype(np.float32)


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
