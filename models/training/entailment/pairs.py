"""Pairs of texts with labels: reading them, and holding out a part that shares no sentence.

JSICK and JNLI come as tab-separated files; pairs from statutes are written by `statutes`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

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
    """The pairs from statutes that rules made (`made`) or that were `written` by hand.

    Labels of fewer pairs weigh more, so that each label has the same share.
    """
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows = [row for row in rows if (row["rule"] == "written") == (source == "written")]
    counts = Counter(row["label"] for row in rows)
    return [
        Pair(
            row["premise"],
            row["hypothesis"],
            LABELS.index(row["label"]),
            source,
            row["weight"] * len(rows) / len(counts) / counts[row["label"]],
        )
        for row in rows
    ]


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
