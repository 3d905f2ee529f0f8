"""Honest figures of an artefact folder per case: `python -m models.training.evaluate`.

Queries are strokes of the held-out quarter of the code points (KanjiVG rewritten by writers that
training never saw; tomoe as it was drawn), and rare characters that no source of training has
strokes of (hanzi, rewritten too). A rank counts code points among all of the gallery. "As rare"
takes the wanted character's own stroke prototypes and usage bonus away, as if nobody had ever drawn
it; "glyphs" leaves all prototypes and bonuses out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models import gallery, manifest, ranking
from models.features import stroke_features
from models.interpreter import Encoder
from models.recogniser import ARTEFACTS
from models.training import elsewhere, sources, strangers

if TYPE_CHECKING:
    from models.gallery import Gallery
    from models.training.sources import StrokeSample

AT = (1, 5, 10, 50)
BY_EVERY_RANKING = ("plain", "joined", "hurried")
TUNING, MEASURING = 0, 1
"""Halves of the held-out code points: one fits the fusion, the other only measures."""


@dataclass(frozen=True)
class Query:
    """One drawing with what it should be found as."""

    codepoint: int
    strokes: list[np.ndarray]


def samples(tomoe: Path | None, cache: Path) -> list[StrokeSample]:
    """All stroke samples at the level of points, cached."""
    stored = cache / f"samples_{'with' if tomoe else 'without'}_tomoe.pickle"
    if not stored.exists():
        found = sources.read_kanjivg(sources.kanjivg_folder())
        found += sources.read_tomoe(tomoe) if tomoe else []
        stored.write_bytes(pickle.dumps(found))
    return pickle.loads(stored.read_bytes())  # noqa: S301 our own cache


def half(codepoint: int) -> int:
    """TUNING or MEASURING."""
    digest = hashlib.md5(f"half {codepoint}".encode(), usedforsecurity=False).digest()
    return digest[0] % 2


def held_out_queries(
    found: list[StrokeSample], known: set[int], most: int, seed: int, wanted: int
) -> dict[str, list[Query]]:
    """Drawings of one half of the held-out code points: kanjivg (rewritten), tomoe (as drawn)."""
    rng = np.random.default_rng((seed, 10))
    sets: dict[str, list[Query]] = {"kanjivg": [], "tomoe": []}
    for sample in found:
        if not sources.held_out(sample.codepoint) or half(sample.codepoint) != wanted:
            continue
        if sample.codepoint not in known:
            continue
        if sample.source == "kanjivg":
            drawn = strangers.rewrite(list(sample.strokes), rng)
            sets["kanjivg"].append(Query(sample.codepoint, drawn))
        elif sample.source == "tomoe":
            sets["tomoe"].append(Query(sample.codepoint, list(sample.strokes)))
    for queries in sets.values():
        rng.shuffle(queries)
    return {name: queries[:most] for name, queries in sets.items()}


def rare_queries(
    folder: Path, drawn_before: set[int], found: Gallery, most: int, wanted: int
) -> list[Query]:
    """Rare characters of hanzi-writer-data, rewritten; one half of the code points."""
    rng = np.random.default_rng((1, 12))
    rare = elsewhere.rare(elsewhere.read_hanzi(folder), drawn_before, found)
    chosen = [sample for sample in rare if half(sample.codepoint) == wanted]
    return [
        Query(one.codepoint, strangers.rewrite(list(one.strokes), rng))
        for one in (chosen[at] for at in rng.permutation(len(chosen))[:most])
    ]


def embed_case(
    encoder: Encoder, queries: list[Query], case: str, seed: int
) -> tuple[list[int], list[int], np.ndarray]:
    """Code points, numbers of strokes and unit vectors of the queries drawn as in a case."""
    rng = np.random.default_rng((seed, 11, list(strangers.CASES).index(case)))
    codes, counts, vectors = [], [], []
    for query in queries:
        if len(query.strokes) < strangers.FEWEST.get(case, 1):
            continue
        drawn = strangers.CASES[case](query.strokes, rng)
        codes.append(query.codepoint)
        counts.append(len(drawn))
        vectors.append(encoder.embed(stroke_features(drawn)))
    return codes, counts, np.array(vectors)


def ranks(
    found: Gallery,
    fusion: ranking.Fusion,
    embedded: tuple[list[int], list[int], np.ndarray],
    *,
    as_rare: bool,
) -> np.ndarray:
    """Rank (0 = first) of each wanted code point."""
    result = []
    for code, count, vector in zip(*embedded, strict=True):
        scores = ranking.fuse(found, fusion, vector, count)
        at = int(np.searchsorted(found.codepoints, code))
        value = scores.total[at]
        if as_rare:
            value = scores.outline[at] + fusion.usage[0]
            scores.total[at] = value
        result.append(int((scores.total > value).sum()))
    return np.array(result)


def recall(found: np.ndarray) -> dict[str, float]:
    """Share of queries whose code point is among the first k; `low`, `high`: 95 % of the first."""
    figures = {f"top{k}": round(float((found < k).mean()), 4) for k in AT}
    low, high = interval(int((found < 1).sum()), len(found))
    return {**figures, "low": round(low, 4), "high": round(high, 4), "n": len(found)}


def interval(hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z = 1.959964
    middle = (hits + z * z / 2) / (n + z * z)
    reach = z / (n + z * z) * float(np.sqrt(hits * (n - hits) / n + z * z / 4))
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


@dataclass(frozen=True)
class Measured:
    """An artefact folder with the rankings it is measured by."""

    encoder: Encoder
    everything: Gallery
    outlines: Gallery
    fusion: ranking.Fusion
    plain: ranking.Fusion

    @classmethod
    def load(cls, folder: Path, runtime: str | None = None, other: Path | None = None) -> Measured:
        """A folder, or its gallery with another encoder."""
        listed = manifest.load(folder)
        return cls(
            Encoder(other.read_bytes() if other else listed.read("encoder.tflite"), runtime),
            gallery.load(listed),
            gallery.load(listed, prototypes=False),
            ranking.Fusion.from_settings(listed.settings["fusion"]),
            ranking.Fusion.from_settings(listed.settings["fusion_glyphs_only"]),
        )

    def rank(self, queries: list[Query], case: str, seed: int) -> dict[str, np.ndarray]:
        """Ranks of the queries drawn as in a case, by ranking."""
        embedded = embed_case(self.encoder, queries, case, seed)
        found = {"all": ranks(self.everything, self.fusion, embedded, as_rare=False)}
        if case in BY_EVERY_RANKING:
            found["as_rare"] = ranks(self.everything, self.fusion, embedded, as_rare=True)
            found["glyphs"] = ranks(self.outlines, self.plain, embedded, as_rare=False)
        return found


def measure(measured: Measured, queries: dict[str, list[Query]], seed: int) -> dict[str, dict]:
    """All figures of an artefact folder."""
    figures: dict[str, dict] = {}
    for source, drawn in queries.items():
        for case in strangers.CASES if drawn else ():
            found = measured.rank(drawn, case, seed)
            entry = {name: recall(places) for name, places in found.items()}
            figures[f"{source} {case}"] = entry
            print(source, case, json.dumps(entry), flush=True)
    return figures


def against(
    measured: Measured, other: Measured, queries: dict[str, list[Query]], seed: int
) -> dict[str, dict]:
    """The same queries by two folders: how many the first finds and the other does not, and v. v.

    `chance`: two-sided probability of a difference as large at top-1 between equals (sign test).
    """
    figures: dict[str, dict] = {}
    for source, drawn in queries.items():
        for case in strangers.CASES if drawn else ():
            ours, theirs = (one.rank(drawn, case, seed) for one in (measured, other))
            for name, places in ours.items():
                entry = paired(places, theirs[name])
                figures[f"{source} {case} {name}"] = entry
                print(source, case, name, json.dumps(entry), flush=True)
    return figures


def paired(ours: np.ndarray, theirs: np.ndarray) -> dict[str, float]:
    """Ranks of the same drawings by two folders, counted against each other."""
    entry: dict[str, float] = {"n": len(ours)}
    for k in (1, 10):
        entry[f"top{k}"] = round(float((ours < k).mean()), 4)
        entry[f"other{k}"] = round(float((theirs < k).mean()), 4)
        entry[f"won{k}"] = int(((ours < k) & (theirs >= k)).sum())
        entry[f"lost{k}"] = int(((ours >= k) & (theirs < k)).sum())
    return {**entry, "chance": round(sign_test(int(entry["won1"]), int(entry["lost1"])), 5)}


def sign_test(won: int, lost: int) -> float:
    """Two-sided probability of so uneven a split among equals."""
    n = won + lost
    tail = sum(math.comb(n, at) for at in range(min(won, lost) + 1)) / 2**n
    return min(1.0, 2 * tail)


def main() -> None:
    """Measure and write the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ARTEFACTS)
    parser.add_argument("--tomoe", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(".cache/strokes"))
    parser.add_argument("--most", type=int, default=800, help="queries per source")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runtime", choices=("litert", "tflite"))
    parser.add_argument("--encoder", type=Path, help="another .tflite, the float one say")
    parser.add_argument("--hanzi", type=Path, help="unpacked npm package hanzi-writer-data 2.0.1")
    parser.add_argument("--against", type=Path, help="another artefact folder, drawing by drawing")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    measured = Measured.load(options.folder, options.runtime, options.encoder)
    found = samples(options.tomoe, options.cache)
    known = set(measured.everything.codepoints.tolist())
    queries = held_out_queries(found, known, options.most, options.seed, MEASURING)
    if options.hanzi:
        drawn = {sample.codepoint for sample in found}
        queries["hanzi"] = rare_queries(
            options.hanzi, drawn, measured.everything, options.most, MEASURING
        )
    if options.against:
        figures = against(measured, Measured.load(options.against), queries, options.seed)
    else:
        figures = measure(measured, queries, options.seed)
    if options.output:
        options.output.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
