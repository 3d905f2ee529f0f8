"""When the first candidate may be called sure: fitted on one half, reported on the other.

`python -m models.training.surety --tomoe FILE` reports; `calibrate` fits. Sure is a least
probability and a least likeness. The likeness keeps out what looks like no character at all; the
probability is the lowest at which a TARGET of what is called sure was right, in two readings alike:
the drawings as they are, and as if their characters were rare. That a rare character lacks a stroke
cannot be seen where the rest is another character; the second reading leaves that case out.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models import added, gallery, manifest, ranking, search
from models.explanation import Explainer, Surety
from models.interpreter import Encoder
from models.recogniser import ARTEFACTS
from models.training import evaluate, strangers

TARGET = 0.993
"""Share that has to be right on the tuning half, so that 99 in 100 are on another one."""

TARGET_RARE = 0.99
"""The same where the characters are read as rare."""

UNLIKE = 0.005
"""Share of right first candidates that may be too unlike to be called sure."""


@dataclass(frozen=True)
class Answers:
    """First candidates of many drawings: probability, likeness, whether right; the case of each."""

    scores: np.ndarray
    likenesses: np.ndarray
    right: np.ndarray
    cases: np.ndarray

    def sure(self, surety: Surety) -> np.ndarray:
        """Which of them are called sure."""
        return (self.scores >= surety.score) & (self.likenesses >= surety.likeness)


class Asker:
    """The ranking of one folder, asked for first candidates."""

    def __init__(self, folder: Path, *, prototypes: bool) -> None:
        listed = manifest.load(folder)
        self.encoder = Encoder(listed.read("encoder.tflite"))
        self.found = gallery.load(listed, prototypes=prototypes)
        kind = "fusion" if prototypes else "fusion_glyphs_only"
        self.fusion = ranking.Fusion.from_settings(listed.settings[kind])
        self._nothing = added.assemble(self.found, (), ())

    def ask(self, queries: list[evaluate.Query], seed: int) -> tuple[Answers, Answers]:
        """First candidates of the queries in every case: as they are, and as if rare."""
        readings: tuple[list, list] = [], []
        for case in strangers.CASES:
            embedded = evaluate.embed_case(self.encoder, queries, case, seed)
            for code, count, vector in zip(*embedded, strict=True):
                for rows, first in zip(readings, self._firsts(code, count, vector), strict=True):
                    rows.append((*first, case))
        return tuple(Answers(*map(np.array, zip(*rows, strict=True))) for rows in readings)

    def _firsts(self, code: int, count: int, vector: np.ndarray) -> list[tuple]:
        scores = ranking.fuse(self.found, self.fusion, vector, count)
        wanted = int(np.searchsorted(self.found.codepoints, code))
        explainer = Explainer(self.found, self.fusion, self._nothing, vector, count)
        rare = scores.total.copy()
        rare[wanted] = scores.outline[wanted]
        firsts = []
        for totals in (scores.total, rare):
            best = np.argpartition(-totals, search.DEEP)[: search.DEEP]
            first = int(best[np.argmax(totals[best])])
            weights = np.exp((totals[best] - totals[first]) * self.fusion.sharpness)
            glyphs = tuple((row, 0.0) for row in self.found.members(first))
            found = explainer.explain(ranking.Place(first, 1.0, glyphs))
            alone = totals is rare and first == wanted
            likeness = found.outline if alone else found.likeness
            firsts.append((1.0 / float(weights.sum()), likeness, first == wanted))
        return firsts


def fit(answers: Answers, rare: Answers) -> Surety:
    """Least likeness and least probability; nothing is sure when no probability is enough."""
    likeness = float(np.quantile(answers.likenesses[answers.right], UNLIKE))
    needed = max(
        _least_score(answers, likeness, TARGET), _least_score(_whole(rare), likeness, TARGET_RARE)
    )
    return Surety(round(needed, 4), round(likeness, 4))


def _whole(answers: Answers) -> Answers:
    kept = answers.cases != "missing"
    return Answers(*(column[kept] for column in vars(answers).values()))


def _least_score(answers: Answers, likeness: float, target: float) -> float:
    kept = np.flatnonzero(answers.likenesses >= likeness)
    order = kept[np.argsort(-answers.scores[kept])]
    right = np.cumsum(answers.right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(right >= target)
    return float(answers.scores[order[enough[-1]]]) if len(enough) else 2.0


def report(answers: Answers, surety: Surety) -> dict[str, dict[str, float]]:
    """Per case: share called sure, share of those that is right, and their number."""
    figures: dict[str, dict[str, float]] = {}
    sure = answers.sure(surety)
    for case in ("pooled", *strangers.CASES):
        here = sure if case == "pooled" else sure & (answers.cases == case)
        asked = len(sure) if case == "pooled" else int((answers.cases == case).sum())
        figures[case] = {
            "n": asked,
            "sure": round(float(here.sum() / max(asked, 1)), 4),
            "right": round(float(answers.right[here].mean()), 4) if here.any() else 0.0,
        }
    return figures


def main() -> None:
    """Report the shipped threshold on the half that it was not fitted on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ARTEFACTS)
    parser.add_argument("--tomoe", type=Path)
    parser.add_argument("--hanzi", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(".cache/strokes"))
    parser.add_argument("--most", type=int, default=800)
    options = parser.parse_args()
    settings = manifest.load(options.folder).settings
    surety = Surety.from_settings(settings.get("surety"))
    asker = Asker(options.folder, prototypes=True)
    known = set(asker.found.codepoints.tolist())
    drawn = evaluate.samples(options.tomoe, options.cache)
    queries = evaluate.held_out_queries(drawn, known, options.most, 1, evaluate.MEASURING)
    if options.hanzi:
        before = {sample.codepoint for sample in drawn}
        queries["hanzi"] = evaluate.rare_queries(
            options.hanzi, before, asker.found, options.most, evaluate.MEASURING
        )
    for source, asked in ((name, one) for name, one in queries.items() if one):
        for reading, answers in zip(("as it is", "as if rare"), asker.ask(asked, 1), strict=True):
            print(source, reading, json.dumps(report(answers, surety)), flush=True)


if __name__ == "__main__":
    main()
