"""Strokes of rare characters from a source that training never reads: hanzi-writer-data 2.0.1.

9,574 characters as somebody else cut a Chinese font into strokes; about 2,300 of them are in the MJ
list and neither in KanjiVG nor in tomoe_data. Only measured with, never trained on.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from models.training.sources import StrokeSample

if TYPE_CHECKING:
    from pathlib import Path

    from models.gallery import Gallery

HEIGHT = 900
"""The y of the upper edge, where y points up."""


def read_hanzi(folder: Path) -> list[StrokeSample]:
    """Every character of the unpacked npm package, the middle line of each stroke, y down."""
    samples: list[StrokeSample] = []
    for path in sorted(folder.glob("?.json")):
        table = json.loads(path.read_text(encoding="utf-8"))
        strokes = [np.array(line, np.float64) for line in table["medians"]]
        for stroke in strokes:
            stroke[:, 1] = HEIGHT - stroke[:, 1]
        samples.append(StrokeSample(ord(path.stem), "hanzi", tuple(strokes)))
    return samples


def rare(samples: list[StrokeSample], drawn_before: set[int], found: Gallery) -> list[StrokeSample]:
    """Samples of characters without strokes in training, drawn with as many as the list says.

    The number of strokes keeps most Chinese forms out that differ from the Japanese one.
    """
    kept: list[StrokeSample] = []
    for sample in samples:
        at = int(np.searchsorted(found.codepoints, sample.codepoint))
        if sample.codepoint in drawn_before or at == len(found.codepoints):
            continue
        if int(found.codepoints[at]) != sample.codepoint:
            continue
        rows = found.members(at)
        if len(sample.strokes) in found.strokes[rows.start : rows.stop]:
            kept.append(sample)
    return kept
