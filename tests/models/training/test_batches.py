"""Pairs and hard neighbours from a corpus of a few made-up glyphs."""

from __future__ import annotations

import numpy as np
import pytest

from models.training import batches, sources
from models.training.corpus import FONT_ORDER, Corpus, font_ends

ROWS = 40


@pytest.fixture
def corpus() -> Corpus:
    """Forty glyphs of level lines at different heights; the first ten have strokes too."""
    rng = np.random.default_rng(1)
    rows = [
        sources.MjRow(f"MJ{at:06d}", 0x4E00 + at // 2, 0x4E00 + at, None, 2, 0, (0x4E00 + at, 0))
        for at in range(ROWS)
    ]
    pixels = rng.integers(10, 100, (ROWS * 30, 3)).astype(np.uint8)
    spans = np.zeros((ROWS, len(FONT_ORDER), 2), np.int64)
    spans[:, 0, 0] = np.arange(ROWS) * 30
    spans[:, 0, 1] = spans[:, 0, 0] + 30
    samples = [
        sources.StrokeSample(0x4E00 + at, source, (rng.random((4, 2)), rng.random((3, 2))))
        for at, source in [*((at, "kanjivg") for at in range(8)), (8, "composed"), (9, "tomoe")]
    ]
    table = sources.tabulate(samples)
    return Corpus(
        rows,
        np.array([row.codepoint for row in rows]),
        pixels,
        spans,
        np.full((ROWS, len(FONT_ORDER), 3), 50, np.float32),
        table,
        [np.array([at] if at < 10 else [], np.int64) for at in range(ROWS)],
    )


def test_composed_strokes_are_not_counted_as_drawn(corpus: Corpus) -> None:
    assert corpus.drawn.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 9]
    assert corpus.pen_kind[8] == 1


def test_pairs_are_the_same_for_the_same_seed_and_differ_otherwise(corpus: Corpus) -> None:
    rows = np.arange(20)
    query, gallery = batches.pairs(corpus, rows, (1, 2))
    again, _ = batches.pairs(corpus, rows, (1, 2))
    other, _ = batches.pairs(corpus, rows, (1, 3))
    assert query.shape == gallery.shape == (20, 16, 16, 8)
    np.testing.assert_array_equal(query, again)
    assert np.abs(query - other).max() > 0.1
    assert np.isfinite(query).all()
    assert np.isfinite(gallery).all()


def test_gallery_pictures_have_no_chance_in_them(corpus: Corpus) -> None:
    first = batches.gallery_pictures(corpus, np.arange(5), 64)
    np.testing.assert_array_equal(first, batches.gallery_pictures(corpus, np.arange(5), 64))


def test_a_glyph_that_a_font_lacks_yields_nothing(corpus: Corpus) -> None:
    ends = font_ends(corpus, np.array([0]), np.array([2]), None)
    assert np.abs(ends[:, :, 1] - ends[:, :, 0]).max() == 0


def test_a_batch_has_different_rows_and_half_of_them_drawn_at_first(corpus: Corpus) -> None:
    miner = batches.Miner(corpus, 16)
    rows = miner.choose((1, 1))
    assert len(set(rows.tolist())) == 16
    assert np.isin(rows, corpus.drawn).sum() >= 8
    np.testing.assert_array_equal(rows, miner.choose((1, 1)))
