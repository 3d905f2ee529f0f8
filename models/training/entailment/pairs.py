"""Pairs of texts with labels: reading them, and holding out a part that shares no sentence.

JSICK and JNLI come as tab-separated files; pairs from statutes are written by `statutes`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"jsick": "nli/jsick_train.tsv", "jnli": "nli/jnli_valid.tsv"}
HELD_OUT = {"jsick": 0.10, "jnli": 0.15, "made": 0.06, "written": 0.15, "short": 0.15}
BY_HAND = ("written", "short")  # everyday words and cases; short plain statements
UNSEEN = "unseen"  # short statements of one more writer, to measure by and never to train on
LABELS = ("entailment", "neutral", "contradiction")


@dataclass(frozen=True)
class Pair:
    """A premise, a hypothesis, the label's place in LABELS, and which set it is of."""

    premise: str
    hypothesis: str
    label: int
    source: str
    weight: float = 1.0


def read_table(path: Path, source: str) -> list[Pair]:
    """The pairs of a table with the columns premise, hypothesis, label."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Pair(row["premise"], row["hypothesis"], LABELS.index(row["label"]), source)
            for row in rows
        ]


def read_lines(path: Path, source: str) -> list[Pair]:
    """The pairs from statutes that rules made (`made`) or that are of one of BY_HAND."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        Pair(row["premise"], row["hypothesis"], LABELS.index(row["label"]), source, row["weight"])
        for row in rows
        if (row["rule"] if row["rule"] in BY_HAND else "made") == source
    ]


def crossed(pairs: list[Pair], seed: int) -> list[Pair]:
    """Neutral pairs: each premise with a statement that was written for the one most like it."""
    draw = random.Random(seed)  # noqa: S311 no secret
    by_premise: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_premise.setdefault(pair.premise, []).append(pair)
    made = []
    for premise, own in by_premise.items():
        others = [other for other in by_premise if other != premise]
        if others:
            nearest = max(others, key=lambda other: _alike(premise, other))
            statement = draw.choice(by_premise[nearest]).hypothesis
            made.append(replace(own[0], hypothesis=statement, label=LABELS.index("neutral")))
    return made


def _alike(one: str, two: str) -> float:
    first, second = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (one, two))
    return len(first & second) / (len(first | second) or 1)


def balanced(pairs: list[Pair]) -> list[Pair]:
    """The same pairs; labels of fewer weigh more, so that each has the same share."""
    counts = Counter(pair.label for pair in pairs)
    return [
        replace(pair, weight=pair.weight * len(pairs) / len(counts) / counts[pair.label])
        for pair in pairs
    ]


def read_written(path: Path, source: str = "written") -> list[Pair]:
    """The pairs written by hand: a line with P and a premise, then lines of label and statement."""
    labels = {"E": 0, "N": 1, "C": 2}
    found: list[Pair] = []
    premise = ""
    for line in path.read_text("utf-8").splitlines():
        kind, text = line.split("\t")
        if kind == "P":
            premise = text
        else:
            found.append(Pair(premise, text, labels[kind], source))
    return found


def parted(pairs: list[Pair], share: float) -> tuple[list[Pair], list[Pair]]:
    """Training part and check part, which have no sentence in common.

    Pairs that share a sentence, directly or over others, are one group; groups are drawn by hash.
    """
    leader: dict[str, str] = {}
    for pair in pairs:
        one, two = _leader(leader, pair.premise), _leader(leader, pair.hypothesis)
        leader[max(one, two)] = min(one, two)
    train, check = [], []
    for pair in pairs:
        group = _leader(leader, pair.premise)
        (check if _drawn(group, share) else train).append(pair)
    return train, check


def _leader(leader: dict[str, str], text: str) -> str:
    leader.setdefault(text, text)
    while leader[text] != text:
        leader[text] = leader[leader[text]]
        text = leader[text]
    return text


def _drawn(text: str, share: float) -> bool:
    digest = hashlib.sha256(f"check part: {text}".encode()).digest()
    return int.from_bytes(digest[:4], "big") < share * 2**32


def drawn(pairs: list[Pair], most: int, seed: int) -> list[Pair]:
    """At most so many of the pairs, drawn by seed."""
    return random.Random(seed).sample(pairs, min(most, len(pairs)))  # noqa: S311 no secret
