"""Pairs of pictures for one training step: somebody's drawing of a glyph, and the glyph itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.features import ANGLES, GRID, feature_maps, segments_of
from models.training import augmentation
from models.training.corpus import font_ends

if TYPE_CHECKING:
    from models.training.augmentation import Hand
    from models.training.corpus import Corpus

PEN_SHARE = 0.85
COMPOSED_SHARE = 0.75
"""How often a glyph whose strokes were composed is drawn by them and not by its outline."""
PERSON_SHARE = 0.5
"""How often a character that a person drew is drawn by that sample and not by a KanjiVG one."""
OTHER_FONT_QUERY = 0.5
OTHER_FONT_GALLERY = 0.3
PEN_GALLERY = 0.15
POOL_SHARE = 0.5
"""Part of all glyphs among which the neighbours of a step are looked for."""


def pairs(
    corpus: Corpus,
    rows: np.ndarray,
    seed: tuple[int, ...],
    *,
    composed_share: float = COMPOSED_SHARE,
    hurried: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """Feature maps (n, 16, 16, 8) of a query view and a gallery view of each row.

    `hurried`: by a hand in a hurry and not by a patient one.
    """
    rng = np.random.default_rng(seed)
    pen = (augmentation.PEN, augmentation.PRINT)
    if not hurried:
        pen = (augmentation.PATIENT, augmentation.PATIENT_PRINT)
    real, composed = corpus.pen_kind[rows] == 2, corpus.pen_kind[rows] == 1
    chance = np.where(real, PEN_SHARE, np.where(composed, composed_share, 0.0))
    query_pen = rng.random(len(rows)) < chance
    gallery_pen = real & (rng.random(len(rows)) < PEN_GALLERY)
    return (
        _view(corpus, rows, query_pen, pen, rng),
        _view(corpus, rows, gallery_pen, (augmentation.STEADY, augmentation.PLAIN), rng),
    )


def _view(
    corpus: Corpus,
    rows: np.ndarray,
    pen: np.ndarray,
    hands: tuple[Hand, Hand],
    rng: np.random.Generator,
) -> np.ndarray:
    pictures = np.empty((len(rows), GRID, GRID, ANGLES), np.float32)
    if pen.any():
        pictures[pen] = pen_pictures(corpus, rows[pen], hands[0], rng)
    if not pen.all():
        chance = OTHER_FONT_GALLERY if hands[1] is augmentation.PLAIN else OTHER_FONT_QUERY
        fonts = _fonts(corpus, rows[~pen], chance, rng)
        ends = font_ends(corpus, rows[~pen], fonts, rng)
        if hands[1] is augmentation.PLAIN:
            drawn = augmentation.bend(ends, hands[1], rng)
        else:
            drawn = augmentation.print_view(ends, hands[1], rng)
        pictures[~pen] = feature_maps(segments_of(drawn))
    return pictures


def pen_pictures(
    corpus: Corpus, rows: np.ndarray, hand: Hand, rng: np.random.Generator
) -> np.ndarray:
    """Feature maps of one stroke sample of each row, drawn again by `hand`."""
    person = np.where(rng.random(len(rows)) < PERSON_SHARE, corpus.by_person[rows], -1)
    chosen = np.array(
        [
            rng.choice(corpus.samples_of[row]) if sample < 0 else sample
            for row, sample in zip(rows, person.tolist(), strict=True)
        ]
    )
    ends = augmentation.pen_view(corpus.table, chosen, hand, rng)
    return feature_maps(segments_of(ends))


def _fonts(corpus: Corpus, rows: np.ndarray, chance: float, rng: np.random.Generator) -> np.ndarray:
    """Font per row: usually IPAmj (0), with a chance one of the others that have the glyph."""
    present = corpus.spans[rows, :, 1] > corpus.spans[rows, :, 0]
    present[:, 0] = False
    weight = rng.random(present.shape) * present
    other = weight.argmax(axis=1)
    return np.where(present.any(axis=1) & (rng.random(len(rows)) < chance), other, 0)


def gallery_pictures(corpus: Corpus, rows: np.ndarray, count: int, font: int = 0) -> np.ndarray:
    """Feature maps of a font's outlines as they go into the gallery, without chance."""
    ends = font_ends(corpus, rows, np.full(len(rows), font), None, count)
    return feature_maps(segments_of(ends))


class Miner:
    """Chooses the rows of a batch: neighbours of one another by the latest embeddings."""

    def __init__(self, corpus: Corpus, batch: int) -> None:
        self.batch = batch
        self.drawn = corpus.drawn
        self.everything = np.nonzero(corpus.spans[:, 0, 1] > corpus.spans[:, 0, 0])[0]
        self.table: np.ndarray | None = None

    def choose(self, seed: tuple[int, ...]) -> np.ndarray:
        """Rows of one batch: half with strokes at random at first, later hard neighbours."""
        rng = np.random.default_rng(seed)
        half = self.batch // 2
        if self.table is None:
            first = rng.choice(self.drawn, min(half, len(self.drawn)), replace=False)
            return self._fill(first, rng)
        seeds = np.concatenate([rng.choice(self.drawn, 16), rng.choice(self.everything, 16)])
        pool = np.nonzero(rng.random(len(self.everything)) < POOL_SHARE)[0]
        pool = np.concatenate([self.everything[pool], rng.choice(self.drawn, 2000)])
        likeness = self.table[seeds] @ self.table[pool].T
        near = np.argpartition(-likeness, 9, axis=1)[:, :9]
        rows = np.unique(np.concatenate([seeds, pool[near].ravel()]))
        rng.shuffle(rows)
        return self._fill(rows[: self.batch], rng)

    def _fill(self, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        while len(rows) < self.batch:
            more = rng.choice(self.everything, self.batch - len(rows), replace=False)
            rows = np.unique(np.concatenate([rows, more]))
        rng.shuffle(rows)
        return rows
