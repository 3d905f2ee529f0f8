"""Centre lines of font glyphs: every glyph of a font as oriented skeleton pixels, cached on disk.

Run as a module it fills the cache: `python -m models.training.skeletons --cache .cache/strokes`.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from freetype import Face

PIXELS = 112
THRESHOLD = 90
PAD = 4
MAXIMUM = 1400
"""Most skeleton pixels kept of one glyph."""

FONTS = {
    "ipamj": "/usr/share/fonts/truetype/ipamj/ipamjm.ttf",
    "hanazono_a": "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
    "hanazono_b": "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
    "ipaex_mincho": "/usr/share/fonts/opentype/ipaexfont-mincho/ipaexm.ttf",
    "ipaex_gothic": "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf",
}

DISC = [(y, x) for y in range(-3, 4) for x in range(-3, 4) if 0 < x * x + y * y <= 10]


@dataclass(frozen=True)
class Skeletons:
    """Skeleton pixels of many glyphs, back to back.

    glyphs: (n,) glyph indices of the font; starts: (n + 1,) offsets; pixels: (m, 3) uint8 with
    x, y (y down) and the undirected angle in 256ths of pi, ordered along a Z-curve so that every
    k-th pixel is an even sample.
    """

    glyphs: np.ndarray
    starts: np.ndarray
    pixels: np.ndarray


def trace(bitmap: np.ndarray) -> np.ndarray:
    """Skeleton pixels (k, 3) of a boolean picture with at least PAD empty pixels around the ink."""
    from skimage.morphology import skeletonize  # noqa: PLC0415 only where centre lines are traced

    skeleton = skeletonize(bitmap)
    ys, xs = np.nonzero(skeleton)
    if not len(xs):
        return np.zeros((0, 3), np.uint8)
    high, low, mixed = np.zeros(len(xs)), np.zeros(len(xs)), np.zeros(len(xs))
    for dy, dx in DISC:
        lit = skeleton[ys + dy, xs + dx]
        high += lit * (dx * dx)
        low += lit * (dy * dy)
        mixed += lit * (dx * dy)
    angle = 0.5 * np.arctan2(2 * mixed, high - low)
    turn = np.rint(angle / np.pi * 256).astype(np.int64) % 256
    kept = np.argsort(_z_curve(xs, ys), kind="stable")
    if len(kept) > MAXIMUM:
        kept = kept[np.linspace(0, len(kept) - 1, MAXIMUM).astype(int)]
    return np.stack([xs[kept], ys[kept], turn[kept]], axis=1).astype(np.uint8)


def _z_curve(xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    key = np.zeros(len(xs), np.int64)
    for bit in range(8):
        key |= ((xs >> bit) & 1) << (2 * bit)
        key |= ((ys >> bit) & 1) << (2 * bit + 1)
    return key


def _render(face: Face, glyph: int) -> np.ndarray:
    from freetype import FT_LOAD_NO_HINTING, FT_LOAD_RENDER  # noqa: PLC0415 as in trace

    face.load_glyph(glyph, FT_LOAD_RENDER | FT_LOAD_NO_HINTING)
    bitmap = face.glyph.bitmap
    if not bitmap.width or not bitmap.rows:
        return np.zeros((2 * PAD, 2 * PAD), bool)
    grey = np.array(bitmap.buffer, np.uint8).reshape(bitmap.rows, bitmap.pitch)[:, : bitmap.width]
    return np.pad(grey[:240, :240] > THRESHOLD, PAD)


def _worker(task: tuple[str, list[int]]) -> list[np.ndarray]:
    path, glyphs = task
    from freetype import Face  # noqa: PLC0415 as in trace

    face = Face(path)
    face.set_pixel_sizes(PIXELS, PIXELS)
    return [trace(_render(face, glyph)) for glyph in glyphs]


def wanted_glyphs(name: str, path: str) -> list[int]:
    """Glyph indices worth tracing: the mj* glyphs of IPAmj, every encoded glyph of the others."""
    font = TTFont(path, lazy=True)
    if name == "ipamj":
        names = font.getGlyphOrder()
        return [index for index, glyph in enumerate(names) if glyph.startswith("mj")]
    reverse = font.getReverseGlyphMap()
    found = {reverse[glyph] for code, glyph in font.getBestCmap().items() if code >= 0x2E80}
    found |= {reverse[glyph] for glyph in sequences(font).values()}
    return sorted(found)


def sequences(font: TTFont) -> dict[tuple[int, int], str]:
    """(code point, variation selector) to glyph name of a font, default glyphs included."""
    found: dict[tuple[int, int], str] = {}
    best = font.getBestCmap()
    for table in font["cmap"].tables:
        if table.format != 14:
            continue
        for selector, entries in table.uvsDict.items():
            for code, glyph in entries:
                shown = glyph or best.get(code)
                if shown:
                    found[code, selector] = shown
    return found


def extract(name: str, cache: Path, processes: int = 1) -> Skeletons:
    """Skeletons of a font, read from the cache when font and settings are unchanged."""
    path = FONTS[name]
    source = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    stored = cache / f"skeletons_{name}_{source[:16]}_{PIXELS}.npz"
    if stored.exists():
        with np.load(stored) as data:
            return Skeletons(data["glyphs"], data["starts"], data["pixels"])
    started = time.monotonic()
    glyphs = wanted_glyphs(name, path)
    tasks = [(path, glyphs[at : at + 256]) for at in range(0, len(glyphs), 256)]
    with multiprocessing.Pool(processes) as pool:
        traced = [found for part in pool.imap(_worker, tasks) for found in part]
    starts = np.concatenate([[0], np.cumsum([len(found) for found in traced])])
    result = Skeletons(np.array(glyphs, np.int32), starts.astype(np.int64), np.concatenate(traced))
    cache.mkdir(parents=True, exist_ok=True)
    np.savez(stored, glyphs=result.glyphs, starts=result.starts, pixels=result.pixels)
    print(f"skeletons {name}: {len(glyphs)} glyphs in {time.monotonic() - started:.0f} s")
    return result


def main() -> None:
    """Fill the cache for every font."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache", type=Path, default=Path(".cache/strokes"))
    parser.add_argument("--processes", type=int, default=1)
    options, _ = parser.parse_known_args()
    for name in FONTS:
        extract(name, options.cache, options.processes)


if __name__ == "__main__":
    main()
