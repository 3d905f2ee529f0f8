"""A synthetic writer changes a character as much as a hand does, no less and no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.training import augmentation, penmanship, sources, strangers

CALM = augmentation.Hand(
    0, 0, 0, 0, 0, 0, slant_share=0, squeeze_share=0, parts_share=0, shrunk_share=0, tremor=0,
    round_share=0, flat_share=0, bow=0, cut_share=0, joined_share=0, run_share=0, join_bow=0,
    tail_share=0, dropped_share=0, extra_share=0,
)  # fmt: skip
STROKES = tuple(
    np.array(stroke, float)
    for stroke in (
        [[0, 20], [100, 20]], [[50, 0], [50, 100]], [[0, 60], [100, 60]],
        [[20, 40], [20, 90]], [[80, 40], [80, 90]], [[10, 90], [90, 90]],
    )
)  # fmt: skip


@pytest.fixture
def table() -> sources.StrokeTable:
    return sources.tabulate([sources.StrokeSample(0x4E00, "kanjivg", STROKES)])


def view(table: sources.StrokeTable, hand: augmentation.Hand, count: int = 40) -> np.ndarray:
    chosen = np.zeros(count, int)
    return augmentation.pen_view(table, chosen, hand, np.random.default_rng(3))


def lengths(ends: np.ndarray) -> np.ndarray:
    return np.linalg.norm(ends[:, :, 1] - ends[:, :, 0], axis=2)


def test_a_calm_hand_changes_nothing(table: sources.StrokeTable) -> None:
    drawn = view(table, CALM, 2)
    np.testing.assert_allclose(drawn[:, : sources.MAXIMUM], table.ends[[0, 0]], atol=1e-6)
    assert lengths(drawn[:, sources.MAXIMUM :]).max(initial=0) < 1e-6


def test_the_same_seed_draws_the_same(table: sources.StrokeTable) -> None:
    np.testing.assert_array_equal(view(table, augmentation.PEN), view(table, augmentation.PEN))


def test_a_usual_hand_stays_near(table: sources.StrokeTable) -> None:
    hand = replace(CALM, shift=0.02, turn=0.06, stretch=0.06, affine=0.1, warp=0.05)
    moved = view(table, hand)[:, : sources.MAXIMUM] - table.ends[[0] * 40]
    assert 0.01 < np.abs(moved).mean() < 0.15


def test_joined_strokes_add_pen_up_lines_only(table: sources.StrokeTable) -> None:
    hand = replace(CALM, joined_share=1.0, joined_most=1.0)
    drawn = view(table, hand)
    added = lengths(drawn[:, sources.MAXIMUM :])
    per_sample = (added > 1e-6).sum(axis=1) / penmanship.JOIN_PIECES
    assert per_sample.max() <= len(STROKES) - 1
    assert 0.5 < per_sample.mean() < 4.5
    np.testing.assert_allclose(drawn[:, : sources.MAXIMUM], table.ends[[0] * 40], atol=1e-6)


def test_a_join_runs_from_the_end_of_a_stroke_to_the_start_of_the_next(
    table: sources.StrokeTable,
) -> None:
    drawn = view(table, replace(CALM, joined_share=1.0, joined_most=1.0))[:, sources.MAXIMUM :]
    starts = drawn[:, :: penmanship.JOIN_PIECES, 0].reshape(-1, 2)
    used = lengths(drawn)[:, :: penmanship.JOIN_PIECES].ravel() > 1e-6
    tips = table.anchors[0, : len(STROKES) - 1, 1]
    distance = np.linalg.norm(starts[used][:, None] - tips, axis=2).min(axis=1)
    assert distance.max() < 1e-5


def test_one_stroke_at_most_is_lost(table: sources.StrokeTable) -> None:
    drawn = view(table, replace(CALM, dropped_share=1.0))
    gone = lengths(drawn[:, : sources.MAXIMUM]) == 0
    for sample in gone:
        lost = set(table.stroke_of[0][sample & (lengths(table.ends)[0] > 0)].tolist())
        assert len(lost) == 1


def test_a_part_moves_as_one(table: sources.StrokeTable) -> None:
    drawn = view(table, replace(CALM, parts_share=1.0, parts_shift=0.1, parts_stretch=0.0))
    moved = (drawn[:, : sources.MAXIMUM] - table.ends[[0] * 40]).mean(axis=2)[
        :, lengths(table.ends)[0] > 0
    ]
    owners = table.stroke_of[0][lengths(table.ends)[0] > 0]
    ways = np.array([[way[owners == k].mean(axis=0) for k in range(6)] for way in moved])
    assert np.abs(moved - ways[:, owners]).max() < 1e-5
    distinct = [len(np.unique(way.round(4), axis=0)) for way in ways]
    assert 2 <= max(distinct) <= 3


def test_thirds_grow_against_each_other(table: sources.StrokeTable) -> None:
    drawn = view(table, replace(CALM, uneven=0.5))[:, : sources.MAXIMUM]
    used = lengths(table.ends)[0] > 0
    before, after = table.ends[0][used][..., 0].ravel(), drawn[:, used][..., 0].reshape(40, -1)
    order = np.argsort(before)
    assert (np.diff(after[:, order]) > -1e-5).all()
    assert np.abs(after - before).max() > 0.05


def test_small_characters_lose_nothing(table: sources.StrokeTable) -> None:
    drawn = view(table, replace(CALM, dropped_share=1.0, fewest=7))
    np.testing.assert_allclose(drawn[:, : sources.MAXIMUM], table.ends[[0] * 40], atol=1e-6)


def test_one_stroke_is_drawn_twice(table: sources.StrokeTable) -> None:
    drawn = view(table, replace(CALM, extra_share=1.0))
    assert ((lengths(drawn[:, sources.MAXIMUM :]) > 0).sum(axis=1) > 0).all()


def test_outlines_are_drawn_too(table: sources.StrokeTable) -> None:
    ends = np.repeat(table.ends[:, :160], 30, axis=0)
    drawn = augmentation.print_view(ends, augmentation.PRINT, np.random.default_rng(1))
    assert np.isfinite(drawn).all()
    assert drawn.shape[1] >= 160


@pytest.mark.parametrize("case", strangers.CASES)
def test_cases_change_what_they_say(case: str) -> None:
    drawn = strangers.CASES[case](list(STROKES), np.random.default_rng(2))
    count = {"missing": 5, "extra": 7}.get(case, 6)
    if case == "joined":
        assert len(drawn) < 6
    elif case == "hurried":
        assert 2 <= len(drawn) <= 6
    else:
        assert len(drawn) == count
    same = len(drawn) == len(STROKES) and all(map(np.array_equal, drawn, STROKES))
    assert (case == "plain") == same


def test_another_writer_draws_the_same_strokes_elsewhere() -> None:
    drawn = strangers.rewrite(list(STROKES), np.random.default_rng(2))
    assert len(drawn) == len(STROKES)
    width = np.ptp(np.concatenate(drawn), axis=0)
    assert (width > 0.7).all()
    assert (width < 1.6).all()
