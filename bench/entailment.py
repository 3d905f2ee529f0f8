"""Entailment: labels on pairs that were not trained on, on traps, on law, and the time of a pair.

    python -m bench.entailment [--laws FOLDER] [--artefact FOLDER] [--json FILE]

FOLDER has nli/jsick_train.tsv and nli/jnli_valid.tsv; their check parts share no sentence with what
was trained on. Without it, only the legal pairs of bench/precedents are read, and those of a writer
whose statements were not trained on either.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.entailment_baseline import Lexical
from bench.precedents.evaluation import pairs as legal_pairs
from hub.precedents.entailment.judge import ARTEFACTS, LABELS, Judge, load
from hub.precedents.entailment.overlap import NAMES, overlap
from hub.precedents.rerank import READ, PairReranker
from models.training.entailment import pairs
from models.training.entailment.pairs import Pair

WRITTEN = Path(pairs.__file__).parent
PREMISE = "転入をした者は、転入をした日から十四日以内に、その旨を市町村長に届け出なければならない。"
STATEMENT = "引っ越してきた人は、二週間以内に市役所へ届け出ることになっている。"
ROUNDS = 30

Told = Callable[[Pair], int]


@dataclass(frozen=True)
class Part:
    """Pairs that are asked together, and what the lexical baseline of them is trained on."""

    name: str
    asked: tuple[Pair, ...]
    taught: tuple[Pair, ...]


def say(line: str) -> None:
    """One line of the table."""
    sys.stderr.write(line + "\n")


def share(told: Sequence[int], asked: Sequence[Pair]) -> float:
    """The share of labels that is right."""
    return sum(one == pair.label for one, pair in zip(told, asked, strict=True)) / len(asked)


def is_trap(pair: Pair) -> bool:
    """Whether shared words point the wrong way: many and no entailment, or few and entailment."""
    alike = float(overlap(pair.premise, pair.hypothesis)[NAMES.index("second in first")])
    return alike >= 0.7 if pair.label else alike < 0.4


def parts(laws: Path | None) -> list[Part]:
    """The check parts of the caption sets, and the pairs from statutes."""
    own = tuple(
        Pair(one.premise, one.hypothesis, LABELS.index(one.label), one.trap)
        for one in legal_pairs()
    )
    written = tuple(
        pair
        for source in pairs.BY_HAND
        for pair in pairs.read_written(WRITTEN / f"{source}.tsv", source)
    )
    unseen = pairs.read_written(WRITTEN / f"{pairs.UNSEEN}.tsv", pairs.UNSEEN)
    found = [Part("legal", own, written), Part(pairs.UNSEEN, tuple(unseen), written)]
    for source, name in pairs.FILES.items() if laws else ():
        read = pairs.read_table((laws or Path()) / name, source)
        taught, asked = pairs.parted(read, pairs.HELD_OUT[source])
        found.append(Part(source, tuple(asked), tuple(taught)))
    return [part for part in found if part.asked]


def measured(part: Part, judge: Judge) -> dict[str, Any]:
    """Accuracy of the model, of shared words alone and of the commonest label, and by kind."""
    told = [LABELS.index(judge.verdict(one.premise, one.hypothesis).label) for one in part.asked]
    lexical = Lexical.taught(part.taught).told(part.asked)
    commonest = Counter(one.label for one in part.asked).most_common(1)[0][1] / len(part.asked)
    groups: dict[str, list[int]] = {"shared words mislead": []}
    for place, one in enumerate(part.asked):
        groups.setdefault(LABELS[one.label], []).append(place)
        groups.setdefault(one.source, []).append(place)
        if is_trap(one):
            groups["shared words mislead"].append(place)
    found: dict[str, Any] = {
        "pairs": len(part.asked),
        "model": share(told, part.asked),
        "lexical": share(lexical, part.asked),
        "commonest label": commonest,
        "kinds": {
            name: {
                "pairs": len(places),
                "model": share([told[n] for n in places], [part.asked[n] for n in places]),
                "lexical": share([lexical[n] for n in places], [part.asked[n] for n in places]),
            }
            for name, places in groups.items()
            if places
        },
    }
    _shown(part.name, found)
    return found


def _shown(name: str, found: dict[str, Any]) -> None:
    half = 1.96 * (found["model"] * (1 - found["model"]) / found["pairs"]) ** 0.5
    say(
        f"{name:10} n {found['pairs']:4}  model {found['model']:.3f} ± {half:.3f}"
        f"  lexical {found['lexical']:.3f}  commonest label {found['commonest label']:.3f}"
    )
    for kind, row in found["kinds"].items():
        if kind != name:
            counts = f"model {row['model']:.3f}  lexical {row['lexical']:.3f}"
            say(f"    {kind:22} n {row['pairs']:4}  {counts}")


def speed(judge: Judge) -> dict[str, float]:
    """Milliseconds of one core a pair: a usual one, and one of 128 tokens.

    By the clock too, and for each of as many pairs of 128 tokens as the re-ranker reads.
    """
    found: dict[str, float] = {}
    for name, premise, most in (("a pair", PREMISE, 384), ("128 tokens", PREMISE * 8, 128)):
        judge.verdict(premise, STATEMENT, most)
        spent, cpu = time.perf_counter(), time.process_time()
        for _ in range(ROUNDS):
            judge.verdict(premise, STATEMENT, most)
        found[f"ms {name}"] = (time.process_time() - cpu) * 1000 / ROUNDS
        found[f"ms {name}, by the clock"] = (time.perf_counter() - spent) * 1000 / ROUNDS
    reranker, pairs_read = PairReranker(judge), [(PREMISE * 8, STATEMENT)] * READ
    reranker.judged(pairs_read)
    spent = time.perf_counter()
    reranker.judged(pairs_read)
    found["ms 128 tokens, re-ranking"] = (time.perf_counter() - spent) * 1000 / READ
    for name, value in found.items():
        say(f"{name:28} {value:6.1f}")
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laws", type=Path, metavar="FOLDER")
    parser.add_argument("--artefact", type=Path, metavar="FOLDER", default=ARTEFACTS)
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args()
    judge = load(given.artefact)
    figures: dict[str, Any] = {part.name: measured(part, judge) for part in parts(given.laws)}
    figures["speed"] = speed(judge)
    if given.json:
        given.json.write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
