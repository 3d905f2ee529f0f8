"""Pairs to padded batches: of like length, at most so many tokens, in an order drawn by seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hub.precedents.entailment.overlap import overlap
from models.training.entailment.network import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.precedents.entailment.body import Body
    from hub.precedents.entailment.tokens import Packed, Tokeniser
    from models.training.entailment.pairs import Pair

LONGEST = 192  # tokens of a pair in training


@dataclass(frozen=True)
class Read:
    """A pair as numbers."""

    packed: Packed
    overlap: np.ndarray
    label: int
    weight: float


def read(pairs: Sequence[Pair], tokeniser: Tokeniser, most: int = LONGEST) -> list[Read]:
    """Every pair tokenised and measured."""
    found = []
    for pair in pairs:
        packed = tokeniser.pair(pair.premise, pair.hypothesis, most)
        measured = overlap(pair.premise, pair.hypothesis)
        found.append(Read(packed, measured, pair.label, pair.weight))
    return found


def groups(
    found: Sequence[Read], size: int, random: np.random.Generator | None, tokens: int = 2400
) -> Iterator[np.ndarray]:
    """Places of pairs of like length, `size` or as many as `tokens` allows; drawn, or in order."""
    lengths = np.array([len(one.packed.numbers) for one in found])
    noise = random.uniform(-6, 6, len(found)) if random else 0.0
    order = np.argsort(lengths + noise, kind="stable")
    cuts: list[np.ndarray] = []
    at = 0
    while at < len(order):
        behind = min(at + size, len(order))
        while behind - at > 1 and int(lengths[order[at:behind]].max()) * (behind - at) > tokens:
            behind -= 1
        cuts.append(order[at:behind])
        at = behind
    places = random.permutation(len(cuts)) if random else np.arange(len(cuts))
    return (cuts[int(place)] for place in places)


def batch(found: Sequence[Read], body: Body) -> Batch:
    """Padded to a multiple of 8 tokens."""
    longest = -(-max(len(one.packed.numbers) for one in found) // 8) * 8
    real, second, shared = (np.zeros((len(found), longest), np.float32) for _ in range(3))
    words = np.zeros((len(found), longest, body.shape.width), np.float32)
    for row, one in enumerate(found):
        length = len(one.packed.numbers)
        real[row, :length] = 1
        second[row, :length], shared[row, :length] = one.packed.marks()
        words[row, :length] = body.words(one.packed.numbers)
    return Batch(words, real, second, shared, np.stack([one.overlap for one in found]))
