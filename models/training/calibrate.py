"""Fit the fusion weights of an artefact folder: `python -m models.training.calibrate --tomoe FILE`.

Half of the held-out code points tune, the other half (models.training.evaluate) only measures.
Each drawing counts as if its character were rare, and each drawing of tomoe also as the character
it is, so that the prior for common characters and the chance of rare ones are weighed against each
other. KanjiVG's own drawings say nothing about how near a prototype comes to another hand.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models import gallery, manifest
from models.interpreter import Encoder
from models.ranking import Fusion
from models.recogniser import ARTEFACTS
from models.training import evaluate, surety

if TYPE_CHECKING:
    from models.gallery import Gallery

CASES = ("plain", "joined", "missing", "extra", "hurried")
NEAR, NEAR_PROTOTYPES = 300, 100
ABSENT = -9.0
SURETY_QUERIES = 300
"""Drawings of each source that the surety is fitted on, each in every case."""


@dataclass(frozen=True)
class Shortlists:
    """Candidates of many drawings, the wanted one in column 0.

    outline, stroke: cosines (ABSENT where there is no prototype); outline_ratio, stroke_ratio:
    ln(strokes of it / strokes drawn); usage: tier.
    """

    outline: np.ndarray
    outline_ratio: np.ndarray
    stroke: np.ndarray
    stroke_ratio: np.ndarray
    usage: np.ndarray

    def as_rare(self) -> Shortlists:
        """The same drawings, the wanted character without prototype and bonus."""
        stroke, usage = self.stroke.copy(), self.usage.copy()
        stroke[:, 0], usage[:, 0] = ABSENT, 0
        return Shortlists(self.outline, self.outline_ratio, stroke, self.stroke_ratio, usage)


def collect(found: Gallery, encoder: Encoder, queries: list[evaluate.Query]) -> Shortlists:
    """Shortlists of all queries in all cases."""
    rows = []
    for case in CASES:
        for code, count, vector in zip(
            *evaluate.embed_case(encoder, queries, case, 2), strict=True
        ):
            rows.append(_shortlist(found, code, count, vector))
    return Shortlists(*(np.array(column) for column in zip(*rows, strict=True)))


def _shortlist(found: Gallery, code: int, count: int, vector: np.ndarray) -> tuple:
    cosine = found.glyphs.similarity(vector)
    outline = np.maximum.reduceat(cosine, found.starts)
    near = found.prototypes.similarity(vector)
    stroke = np.full(len(outline), ABSENT, np.float32)
    stroke[found.owners] = np.maximum.reduceat(near, found.prototype_starts)
    wanted = int(np.searchsorted(found.codepoints, code))
    chosen = np.concatenate(
        [
            np.argpartition(-outline, NEAR)[:NEAR],
            np.argpartition(-stroke, NEAR_PROTOTYPES)[:NEAR_PROTOTYPES],
        ]
    )
    chosen = np.unique(chosen)
    chosen = chosen[chosen != wanted]
    chosen = np.concatenate([[wanted], chosen, np.full(NEAR + NEAR_PROTOTYPES - len(chosen), -1)])
    return _columns(found, chosen, count, (cosine, outline, stroke))


def _columns(found: Gallery, chosen: np.ndarray, count: int, scores: tuple) -> tuple:
    cosine, outline, stroke = scores
    padding = chosen < 0
    glyph_strokes = np.array([_strokes(found, cosine, int(at)) for at in chosen], np.float32)
    ratio = np.log(np.maximum(glyph_strokes, 1) / count)
    return (
        np.where(padding, ABSENT, outline[chosen]),
        ratio,
        np.where(padding, ABSENT, stroke[chosen]),
        ratio,
        found.usage[chosen],
    )


def _strokes(found: Gallery, cosine: np.ndarray, at: int) -> int:
    """Number of strokes of the nearest glyph of a code point."""
    rows = found.members(max(at, 0))
    return int(found.strokes[rows.start + int(np.argmax(cosine[rows.start : rows.stop]))])


def likelihood(lists: Shortlists, fusion: Fusion) -> np.ndarray:
    """Log probability of the wanted candidate per drawing."""
    total = fused(lists, fusion) * fusion.sharpness
    top = total.max(axis=1, keepdims=True)
    return total[:, 0] - top[:, 0] - np.log(np.exp(total - top).sum(axis=1))


def fused(lists: Shortlists, fusion: Fusion) -> np.ndarray:
    """Fused scores of all candidates, as models.ranking computes them."""
    outline = lists.outline - _penalty(lists.outline_ratio, fusion)
    stroke = lists.stroke - _penalty(lists.stroke_ratio, fusion)
    lift = np.maximum(stroke + fusion.prototype_bias - outline, 0) * (lists.stroke > ABSENT)
    return outline + np.array(fusion.usage)[lists.usage] + fusion.prototype_share * lift


def _penalty(ratio: np.ndarray, fusion: Fusion) -> np.ndarray:
    return np.minimum(np.abs(ratio), fusion.cap) * np.where(ratio > 0, fusion.fewer, fusion.more)


def from_vector(values: np.ndarray, *, prototypes: bool) -> Fusion:
    """Fusion of the free parameters, kept in their ranges."""
    fewer, more, sharpness = np.abs(values[:3])
    if not prototypes:
        return Fusion(fewer, more, sharpness=sharpness, prototype_share=0.0, plain=0.01)
    steps = np.abs(values[5:9])
    share = 1 / (1 + np.exp(-values[3]))
    usage = (0.0, *np.cumsum(steps).tolist())
    return Fusion(fewer, more, 1.0, usage, float(share), float(values[4]), sharpness, 0.01)


def fit(lists: Shortlists, drawn: Shortlists, *, prototypes: bool) -> Fusion:
    """Fusion with the best mean likelihood, half of the weight on the as-rare reading.

    lists: all drawings, read as rare; drawn: those read as they are.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 the rest is tested without it

    rare = lists.as_rare()

    def loss(values: np.ndarray) -> float:
        fusion = from_vector(values, prototypes=prototypes)
        if not prototypes:
            return -float(likelihood(rare_outlines, fusion).mean())
        return -float((likelihood(drawn, fusion).mean() + likelihood(rare, fusion).mean()) / 2)

    rare_outlines = Shortlists(
        lists.outline, lists.outline_ratio, np.full_like(lists.stroke, ABSENT), lists.stroke_ratio,
        np.zeros_like(lists.usage),
    )  # fmt: skip
    start = np.array(
        [0.05, 0.1, 40.0, 1.0, -0.02, 0.01, 0.01, 0.01, 0.01][: 9 if prototypes else 3]
    )
    options = {"maxiter": 900, "xatol": 1e-3, "fatol": 1e-5, "adaptive": True}
    simplex = np.array([start, *(start + np.eye(len(start)) * np.maximum(abs(start), 0.02) * 0.5)])
    best = minimize(
        loss, start, method="Nelder-Mead", options={**options, "initial_simplex": simplex}
    )
    return from_vector(best.x, prototypes=prototypes)


def rounded(fusion: Fusion) -> dict[str, object]:
    """Fusion as it is written to the manifest."""
    table = {
        name: round(float(value), 4) for name, value in vars(fusion).items() if name != "usage"
    }
    return {**table, "usage": [round(value, 4) for value in fusion.usage]}


def main() -> None:
    """Fit on the tuning half and write the weights into the manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ARTEFACTS)
    parser.add_argument("--tomoe", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(".cache/strokes"))
    parser.add_argument("--most", type=int, default=800)
    options = parser.parse_args()
    listed = manifest.load(options.folder)
    found = gallery.load(listed)
    known = set(found.codepoints.tolist())
    samples = evaluate.samples(options.tomoe, options.cache)
    queries = evaluate.held_out_queries(samples, known, options.most, 2, evaluate.TUNING)
    every = [*queries["kanjivg"], *queries["tomoe"]]
    encoder = Encoder(listed.read("encoder.tflite"))
    lists = collect(found, encoder, every)
    drawn = collect(found, encoder, queries["tomoe"]) if queries["tomoe"] else lists
    settings = dict(listed.settings)
    settings["fusion"] = rounded(fit(lists, drawn, prototypes=True))
    settings["fusion_glyphs_only"] = rounded(fit(lists, drawn, prototypes=False))
    manifest.write(options.folder, list(listed.files), settings)
    some = [one for asked in queries.values() for one in asked[:SURETY_QUERIES]]
    for name, prototypes in (("surety", True), ("surety_glyphs_only", False)):
        asker = surety.Asker(options.folder, prototypes=prototypes)
        settings[name] = vars(surety.fit(*asker.ask(some, 2)))
    manifest.write(options.folder, list(listed.files), settings)
    print(json.dumps(settings, indent=2))


if __name__ == "__main__":
    main()
