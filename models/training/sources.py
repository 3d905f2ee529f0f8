"""What training reads: the MJ list, KanjiVG and tomoe strokes, and which glyph each belongs to."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from intake.characters import mj_list
from models.features import resample

MAXIMUM = 168
"""Segment places kept per stroke sample; what is not used has length 0."""

STROKES = 40
"""Stroke places kept per sample."""

TOKEN = re.compile(r"[MmLlHhVvCcSsZz]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
CURVE = 8
"""Points into which one Bezier curve is flattened."""


@dataclass(frozen=True)
class MjRow:
    """The columns of the MJ list that recognition needs."""

    name: str
    codepoint: int | None
    implemented: int | None
    sequence: tuple[int, int] | None
    strokes: int
    usage: int
    text: tuple[int, int]
    """Base and variation selector of the most exact plain text, 0 where there is none."""


@dataclass(frozen=True)
class StrokeSample:
    """One drawn character: its code point, where it is from, its strokes (k, 2), y down."""

    codepoint: int
    source: str
    strokes: tuple[np.ndarray, ...]


def held_out(codepoint: int) -> bool:
    """Whether a code point belongs to the quarter whose strokes the split model never sees."""
    return int(hashlib.md5(str(codepoint).encode(), usedforsecurity=False).hexdigest(), 16) % 4 == 0


def read_mji() -> list[MjRow]:
    """Rows of the committed MJ list in order of MJ name."""
    return [_mj_row(mj_list.glyph_at(number)) for number in range(mj_list.MJ_COUNT)]


def _mj_row(glyph: mj_list.MjGlyph) -> MjRow:
    sequence = glyph.ivs or glyph.svs
    codes = [0 if char == mj_list.GETA else ord(char) for char in glyph.text]
    return MjRow(
        glyph.mj_name,
        _number(glyph.codepoint),
        _number(glyph.implemented_codepoint),
        (ord(sequence[0]), ord(sequence[1])) if sequence else None,
        glyph.strokes,
        _usage(glyph),
        (codes[0], codes[1] if len(codes) > 1 else 0),
    )


def _number(codepoint: str | None) -> int | None:
    return int(codepoint.removeprefix("U+"), 16) if codepoint else None


def _usage(glyph: mj_list.MjGlyph) -> int:
    """Tier of use: 4 常用, 3 人名用, 2 JIS X 0213 plane 1, 1 住基ネット or plane 2, 0 rest."""
    policy = glyph.policy or ""
    if policy.startswith("常用"):
        return 4
    if policy.startswith("人名"):
        return 3
    if (glyph.x0213 or "").startswith("1-"):
        return 2
    return 1 if glyph.x0213 or glyph.juki else 0


def kanjivg_folder() -> Path:
    """Where the kanjivg wheel put its SVG files."""
    found = importlib.util.find_spec("kanji")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("the package kanjivg is missing: install requirements/training.txt")
    return Path(next(iter(found.submodule_search_locations)))


def read_kanjivg(folder: Path) -> list[StrokeSample]:
    """Every KanjiVG character, variants (Kaisho and others) included; ideographs only."""
    samples = []
    for path in sorted(folder.glob("*.svg")):
        base, _, variant = path.stem.partition("-")
        codepoint = int(base, 16)
        if codepoint < 0x2E80:
            continue
        paths = re.findall(r'<path[^>]*\sd="([^"]+)"', path.read_text(encoding="utf-8"))
        strokes = tuple(flatten(data) for data in paths)
        if strokes:
            samples.append(StrokeSample(codepoint, f"kanjivg{variant and '-' + variant}", strokes))
    return samples


def read_tomoe(path: Path) -> list[StrokeSample]:
    """The tomoe_data samples: JSON lines with char and strokes."""
    samples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        strokes = tuple(np.array(stroke, np.float64) for stroke in row["strokes"])
        samples.append(StrokeSample(ord(row["char"]), "tomoe", strokes))
    return samples


def flatten(data: str) -> np.ndarray:
    """Points (k, 2) of one SVG path made of M, L, H, V, C and S commands."""
    tokens = TOKEN.findall(data)
    at, points, control, command, index = np.zeros(2), [], np.zeros(2), "M", 0
    while index < len(tokens):
        if tokens[index].isalpha():
            command = tokens[index]
            index += 1
            if command in "Zz":
                continue
        size = {"C": 6, "S": 4, "H": 1, "V": 1}.get(command.upper(), 2)
        values = np.array([float(token) for token in tokens[index : index + size]])
        index += size
        origin = at if command.islower() else np.zeros(2)
        if command.upper() in "HV":
            axis = 0 if command.upper() == "H" else 1
            at = at.copy()
            at[axis] = values[0] + origin[axis]
            points.append(at)
            control = at
            continue
        pairs = values.reshape(-1, 2) + origin
        if command.upper() in "CS":
            first = pairs[0] if command.upper() == "C" else 2 * at - control
            points.extend(_curve(at, first, pairs[-2], pairs[-1]))
            control, at = pairs[-2], pairs[-1]
        else:
            at = control = pairs[-1]
            points.append(at)
            command = {"M": "L", "m": "l"}.get(command, command)
    return np.array(points)


def _curve(start: np.ndarray, one: np.ndarray, two: np.ndarray, end: np.ndarray) -> np.ndarray:
    t = np.linspace(0, 1, CURVE + 1)[1:, None]
    u = 1 - t
    return u**3 * start + 3 * u * u * t * one + 3 * u * t * t * two + t**3 * end


@dataclass(frozen=True)
class StrokeTable:
    """Stroke samples cut into segments, normalised, float32, with length 0 where unused.

    ends: (n, MAXIMUM, 2, 2); stroke_of: (n, MAXIMUM); anchors: (n, STROKES, 3, 2) first point, last
    point and centre of each stroke; codepoints, counts (strokes), sources (text): (n,).
    """

    ends: np.ndarray
    stroke_of: np.ndarray
    anchors: np.ndarray
    codepoints: np.ndarray
    counts: np.ndarray
    sources: np.ndarray


def tabulate(samples: list[StrokeSample]) -> StrokeTable:
    """Segments of the samples, each centred on its centroid and scaled to its spread."""
    kept = [sample for sample in samples if len(sample.strokes) <= STROKES]
    ends = np.zeros((len(kept), MAXIMUM, 2, 2), np.float32)
    owner = np.zeros((len(kept), MAXIMUM), np.int16)
    anchors = np.zeros((len(kept), STROKES, 3, 2), np.float32)
    for row, sample in enumerate(kept):
        cut, stroke_of = resample(sample.strokes)
        cut, stroke_of = cut[:MAXIMUM], stroke_of[:MAXIMUM]
        middles = cut.mean(axis=1)
        spread = 4.4 * max(float(middles.std(axis=0).max()), 1e-6)
        centred = (cut - middles.mean(axis=0)) / spread
        ends[row, : len(cut)] = centred
        owner[row, : len(cut)] = stroke_of
        for stroke in range(len(sample.strokes)):
            part = centred[stroke_of == stroke]
            if len(part):
                anchors[row, stroke] = part[0, 0], part[-1, 1], part.mean(axis=(0, 1))
    return StrokeTable(
        ends,
        owner,
        anchors,
        np.array([sample.codepoint for sample in kept]),
        np.array([len(sample.strokes) for sample in kept], np.int16),
        np.array([sample.source for sample in kept]),
    )
