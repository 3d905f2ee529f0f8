"""Hurry shortens, flattens, rounds and joins strokes, and leaves the rest alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.training import penmanship, sources
from models.training.augmentation import STEADY

CALM = replace(STEADY, join_bow=0, tail_share=0)
CORNER = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0]])
LEVEL = np.array([[0.0, 50.0], [90.0, 50.0]])
WAVE = np.stack([np.linspace(0, 100, 40), 80 + 8 * np.sin(np.linspace(0, 3.1, 40))], axis=1)
COUNT = 60


@pytest.fixture
def table() -> sources.StrokeTable:
    return sources.tabulate([sources.StrokeSample(0x4E00, "kanjivg", (CORNER, LEVEL, WAVE))])


@pytest.fixture
def ends(table: sources.StrokeTable) -> np.ndarray:
    return np.repeat(table.ends, COUNT, axis=0)


@pytest.fixture
def lay(table: sources.StrokeTable, ends: np.ndarray) -> penmanship.Layout:
    return penmanship.layout(ends, np.repeat(table.stroke_of, COUNT, axis=0), sources.STROKES)


def hurried(
    ends: np.ndarray, lay: penmanship.Layout, **changes: float
) -> tuple[np.ndarray, penmanship.Layout]:
    rng = np.random.default_rng(4)
    return penmanship.hurry(ends, lay, replace(CALM, **changes), rng)


def lengths(ends: np.ndarray) -> np.ndarray:
    return np.linalg.norm(ends[:, :, 1] - ends[:, :, 0], axis=2)


def test_layout_finds_the_strokes(table: sources.StrokeTable, lay: penmanship.Layout) -> None:
    used = lengths(table.ends)[0] > 0
    assert lay.size[0].sum() == used.sum()
    assert (lay.size[0, 3:] == 0).all()
    for stroke in range(3):
        places = np.flatnonzero(used & (table.stroke_of[0] == stroke))
        assert (lay.head[0, stroke], lay.tail[0, stroke]) == (places[0], places[-1])
        np.testing.assert_array_equal(lay.place[0, places], np.arange(len(places)))


def test_a_calm_hand_changes_nothing(ends: np.ndarray, lay: penmanship.Layout) -> None:
    drawn, left = hurried(ends, lay)
    np.testing.assert_array_equal(drawn, ends)
    np.testing.assert_array_equal(left.head, lay.head)
    np.testing.assert_array_equal(left.tail, lay.tail)


def test_rounding_cuts_the_corner_and_keeps_the_ends(
    ends: np.ndarray, lay: penmanship.Layout
) -> None:
    drawn, _ = hurried(ends, lay, round_share=1.0)
    head, tail = lay.head[0, 0], lay.tail[0, 0]
    np.testing.assert_allclose(drawn[:, head, 0], ends[:, head, 0], atol=1e-6)
    np.testing.assert_allclose(drawn[:, tail, 1], ends[:, tail, 1], atol=1e-6)
    assert (
        lengths(drawn)[:, head:tail].sum(axis=1) < lengths(ends)[:, head:tail].sum(axis=1)
    ).all()
    level = lay.stroke_of[0] == 1
    np.testing.assert_allclose(drawn[:, level], ends[:, level], atol=1e-5)


def test_strokes_stay_whole_lines(ends: np.ndarray, lay: penmanship.Layout) -> None:
    drawn, _ = hurried(ends, lay, round_share=1.0, flat_share=1.0, bow=0.1)
    inner = np.flatnonzero(lay.place[0] > 0)
    np.testing.assert_allclose(drawn[:, inner, 0], drawn[:, inner - 1, 1], atol=1e-5)


def test_flattening_spares_corners(ends: np.ndarray, lay: penmanship.Layout) -> None:
    drawn, _ = hurried(ends, lay, flat_share=1.0)
    moved = np.abs(drawn - ends).max(axis=(2, 3))
    corner, level = moved[:, lay.stroke_of[0] == 0].max(), moved[:, lay.stroke_of[0] == 1].max()
    assert level < 1e-5
    assert 0.01 < corner < 0.15


def test_cut_strokes_end_where_the_layout_says(ends: np.ndarray, lay: penmanship.Layout) -> None:
    drawn, left = hurried(ends, lay, cut_share=1.0)
    shown = lengths(drawn) > 0
    assert (shown.sum(axis=1) < (lengths(ends) > 0).sum(axis=1)).mean() > 0.5
    for sample in range(COUNT):
        for stroke in range(3):
            seen = np.flatnonzero(
                shown[sample] & (lay.stroke_of[0] == stroke) & (lengths(ends)[0] > 0)
            )
            assert seen[0] == left.head[sample, stroke]
            assert seen[-1] == left.tail[sample, stroke]


def test_joins_run_between_neighbours(ends: np.ndarray, lay: penmanship.Layout) -> None:
    hand = replace(CALM, joined_share=1.0, joined_most=1.0, run_share=0.5)
    counts = np.full(COUNT, 3)
    lines = penmanship.joins(ends, lay, counts, hand, np.random.default_rng(4))
    pieces = lines.reshape(COUNT, -1, penmanship.JOIN_PIECES, 2, 2)
    drawn = lengths(lines).reshape(COUNT, -1, penmanship.JOIN_PIECES).sum(axis=2) > 0
    assert 0 < drawn.sum(axis=1).mean() <= 2
    tails = ends[0, lay.tail[0, :2], 1]
    heads = ends[0, lay.head[0, 1:3], 0]
    for line in pieces[drawn]:
        at = int(np.linalg.norm(tails - line[0, 0], axis=1).argmin())
        np.testing.assert_allclose(line[0, 0], tails[at], atol=1e-5)
        np.testing.assert_allclose(line[-1, 1], heads[at], atol=1e-5)


def test_some_joins_are_only_begun(ends: np.ndarray, lay: penmanship.Layout) -> None:
    hand = replace(CALM, joined_share=1.0, joined_most=1.0, tail_share=1.0)
    whole = replace(hand, tail_share=0)
    counts = np.full(COUNT, 3)
    begun, full = (
        lengths(penmanship.joins(ends, lay, counts, one, np.random.default_rng(4))).sum()
        for one in (hand, whole)
    )
    assert 0.2 * full < begun < 0.9 * full
