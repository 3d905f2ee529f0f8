"""Everything training knows, keyed by row of the MJ list: centre lines per font, stroke samples."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from fontTools.ttLib import TTFont

from models.features import SEGMENTS, SPREAD
from models.training import composition, skeletons, sources

if TYPE_CHECKING:
    from models.training.sources import MjRow, StrokeTable

FONT_ORDER = ("ipamj", "hanazono_a", "hanazono_b", "ipaex_mincho", "ipaex_gothic")
UNIT = 1.0 / skeletons.PIXELS


@dataclass(frozen=True)
class Corpus:
    """Rows of the MJ list with what each can be drawn from.

    labels: (n,) code point, or minus the row where there is none; spans: (n, fonts, 2) pixels of a
    row in each font (empty where the font has no such glyph); samples_of[row]: indices into table.
    """

    rows: list[MjRow]
    labels: np.ndarray
    pixels: np.ndarray
    spans: np.ndarray
    frames: np.ndarray
    table: StrokeTable
    samples_of: list[np.ndarray]

    @cached_property
    def pen_kind(self) -> np.ndarray:
        """Per row: 2 drawn by somebody, 1 strokes composed of components, 0 outline alone."""
        composed = self.table.sources == "composed"
        return np.array(
            [0 if not len(found) else 1 if composed[found[0]] else 2 for found in self.samples_of]
        )

    @cached_property
    def by_person(self) -> np.ndarray:
        """Per row: place in the table of a sample that a person drew, -1 without one."""
        person = self.table.sources == "tomoe"
        return np.array(
            [
                next((at for at in found.tolist() if person[at]), -1) if len(found) else -1
                for found in self.samples_of
            ]
        )

    @property
    def drawn(self) -> np.ndarray:
        """Rows that have at least one sample that somebody drew."""
        return np.nonzero(self.pen_kind == 2)[0]


def load(tomoe: Path | None, cache: Path, *, split: bool, moji_db: Path | None = None) -> Corpus:
    """Read all sources; with `split` the strokes of the held-out code points are left out.

    With the database of @mandel59/mojidata, glyphs without strokes get composed ones.
    """
    rows = sources.read_mji()
    pixels, spans, frames = _pixels(rows, cache)
    table = _strokes(tomoe, cache)
    labels = [-at if row.codepoint is None else row.codepoint for at, row in enumerate(rows)]
    samples_of = _samples(rows, table, split=split)
    found = Corpus(rows, np.array(labels), pixels, spans, frames, table, samples_of)
    return _with_composed(found, moji_db, cache, split=split) if moji_db else found


def _with_composed(found: Corpus, moji_db: Path, cache: Path, *, split: bool) -> Corpus:
    lacking = [
        at
        for at, row in enumerate(found.rows)
        if row.implemented and not len(found.samples_of[at]) and found.spans[at, 0, 1]
    ]
    code = Path(composition.__file__).read_bytes()
    stamp = hashlib.sha256(code + str((moji_db.stat().st_size, split)).encode()).hexdigest()[:16]
    stored = cache / f"composed_{stamp}.npz"
    if not stored.exists():
        library = composition.read_library(sources.kanjivg_folder(), moji_db, split=split)
        lines = font_ends(found, np.array(lacking), np.zeros(len(lacking), np.int64), None, 200)
        wanted = [(found.rows[at].implemented or 0, found.rows[at].strokes) for at in lacking]
        table = sources.tabulate(composition.build(wanted, lines, library, 1))
        np.savez(stored, **vars(table))
    with np.load(stored) as data:
        composed = sources.StrokeTable(**{name: data[name] for name in data.files})
    place = {code: at for at, code in enumerate(composed.codepoints.tolist())}
    samples_of = list(found.samples_of)
    for at in lacking:
        where = place.get(found.rows[at].implemented or 0)
        if where is not None:
            samples_of[at] = np.array([len(found.table.codepoints) + where])
    joined = {
        name: np.concatenate([column, getattr(composed, name)])
        for name, column in vars(found.table).items()
    }
    return replace(found, table=sources.StrokeTable(**joined), samples_of=samples_of)


def _samples(rows: list[MjRow], table: StrokeTable, *, split: bool) -> list[np.ndarray]:
    by_code: dict[int, list[int]] = {}
    for index, codepoint in enumerate(table.codepoints.tolist()):
        if not (split and sources.held_out(codepoint)):
            by_code.setdefault(codepoint, []).append(index)
    return [np.array(by_code.get(row.implemented or 0, []), np.int64) for row in rows]


def _strokes(tomoe: Path | None, cache: Path) -> StrokeTable:
    folder = sources.kanjivg_folder()
    names = "".join(sorted(path.name for path in folder.glob("*.svg")))
    code = Path(sources.__file__).read_bytes() + (tomoe.read_bytes() if tomoe else b"")
    stamp = hashlib.sha256(names.encode() + code).hexdigest()[:16]
    stored = cache / f"strokes_{stamp}.npz"
    if stored.exists():
        with np.load(stored) as data:
            return sources.StrokeTable(**{name: data[name] for name in data.files})
    samples = sources.read_kanjivg(folder) + (sources.read_tomoe(tomoe) if tomoe else [])
    table = sources.tabulate(samples)
    cache.mkdir(parents=True, exist_ok=True)
    np.savez(stored, **vars(table))
    return table


def _pixels(rows: list[MjRow], cache: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Skeleton pixels of all fonts, each row's span in them, each row's frame per font."""
    spans = np.zeros((len(rows), len(FONT_ORDER), 2), np.int64)
    frames = np.ones((len(rows), len(FONT_ORDER), 3), np.float32)
    parts, offset = [], 0
    for column, name in enumerate(FONT_ORDER):
        found = skeletons.extract(name, cache)
        place = {glyph: at for at, glyph in enumerate(found.glyphs.tolist())}
        framed = _frames(found)
        for at, glyph in enumerate(_glyph_of(name, rows)):
            if glyph in place:
                where = place[glyph]
                spans[at, column] = found.starts[where : where + 2] + offset
                frames[at, column] = framed[where]
        parts.append(found.pixels)
        offset += len(found.pixels)
    return np.concatenate(parts), spans, frames


def _glyph_of(name: str, rows: list[MjRow]) -> list[int | None]:
    """Glyph index of every row in a font: by name in IPAmj, else by sequence or code point."""
    font = TTFont(skeletons.FONTS[name], lazy=True)
    reverse = font.getReverseGlyphMap()
    if name == "ipamj":
        return [reverse.get(row.name.lower()) for row in rows]
    best, variants = font.getBestCmap(), skeletons.sequences(font)
    names = [
        (variants.get(row.sequence) if row.sequence else None) or best.get(row.implemented or 0)
        for row in rows
    ]
    return [reverse.get(glyph) if glyph else None for glyph in names]


def _frames(found: skeletons.Skeletons) -> np.ndarray:
    """Centre and size (x, y, size) of every glyph of a font, so that views start normalised."""
    count = np.diff(found.starts)
    present = count > 0
    starts = found.starts[:-1][present]
    frames = np.ones((len(count), 3), np.float32)
    if len(starts):
        mean = np.add.reduceat(found.pixels[:, :2], starts, dtype=np.float64)
        mean /= count[present, None]
        squares = np.add.reduceat(
            np.square(found.pixels[:, :2], dtype=np.uint16), starts, dtype=np.float64
        )
        spread = squares / count[present, None] - mean**2
        widest = np.sqrt(np.maximum(spread, 1.0).max(axis=1))
        frames[present] = np.column_stack([mean, SPREAD * widest])
    return frames


def font_ends(
    corpus: Corpus,
    rows: np.ndarray,
    fonts: np.ndarray,
    rng: np.random.Generator | None,
    count: int = SEGMENTS,
) -> np.ndarray:
    """Even samples of the centre lines: segment ends (n, count, 2, 2) in normalised units.

    Without a generator the sample is the same at every call.
    """
    spans = corpus.spans[rows, fonts]
    size = (spans[:, 1] - spans[:, 0])[:, None]
    jitter = 0.5 if rng is None else rng.random((len(rows), count))
    chosen = spans[:, :1] + ((np.arange(count) + jitter) * size / count).astype(np.int64)
    chosen = np.minimum(chosen, np.maximum(spans[:, 1:] - 1, spans[:, :1]))
    pixels = corpus.pixels[np.minimum(chosen, len(corpus.pixels) - 1)].astype(np.float32)
    frame = corpus.frames[rows, fonts][:, None]
    middles = (pixels[..., :2] - frame[..., :2]) / frame[..., 2:]
    angle = pixels[..., 2] * np.float32(np.pi / 256)
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    reach = np.abs(direction).max(axis=-1, keepdims=True)
    half = direction / reach / frame[..., 2:] * np.float32(0.5) * (size > 0)[..., None]
    return np.stack([middles - half, middles + half], axis=2)
