"""Honest figures of an artefact folder per case: `python -m models.training.evaluate`.

Queries are strokes of the held-out quarter of the code points (KanjiVG rewritten by writers that
training never saw; tomoe as it was drawn). A rank counts code points among all of the gallery. "As
rare" takes the wanted character's own stroke prototypes and usage bonus away, as if nobody had ever
drawn it; "glyphs" leaves all prototypes and bonuses out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models import gallery, manifest, ranking
from models.features import stroke_features
from models.interpreter import Encoder
from models.recogniser import ARTEFACTS
from models.training import sources, strangers

if TYPE_CHECKING:
    from models.gallery import Gallery
    from models.training.sources import StrokeSample

AT = (1, 5, 10, 50)
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
    """Share of queries whose code point is among the first k."""
    figures = {f"top{k}": round(float((found < k).mean()), 4) for k in AT}
    return {**figures, "n": len(found)}


def measure(
    folder: Path,
    queries: dict[str, list[Query]],
    seed: int,
    runtime: str | None = None,
    other: Path | None = None,
) -> dict:
    """All figures of an artefact folder, or of its gallery with another encoder."""
    listed = manifest.load(folder)
    everything = gallery.load(listed)
    fusion = ranking.Fusion.from_settings(listed.settings["fusion"])
    outlines = gallery.load(listed, prototypes=False)
    plain = ranking.Fusion.from_settings(listed.settings["fusion_glyphs_only"])
    model = other.read_bytes() if other else listed.read("encoder.tflite")
    encoder = Encoder(model, runtime)
    figures: dict[str, dict] = {}
    for source, drawn in queries.items():
        if not drawn:
            continue
        for case in strangers.CASES:
            embedded = embed_case(encoder, drawn, case, seed)
            entry = {"all": recall(ranks(everything, fusion, embedded, as_rare=False))}
            if case in ("plain", "joined"):
                entry["as_rare"] = recall(ranks(everything, fusion, embedded, as_rare=True))
                entry["glyphs"] = recall(ranks(outlines, plain, embedded, as_rare=False))
            figures[f"{source} {case}"] = entry
            print(source, case, json.dumps(entry), flush=True)
    return figures


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
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    known = set(gallery.load(manifest.load(options.folder)).codepoints.tolist())
    found = samples(options.tomoe, options.cache)
    queries = held_out_queries(found, known, options.most, options.seed, MEASURING)
    figures = measure(options.folder, queries, options.seed, options.runtime, options.encoder)
    if options.output:
        options.output.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
