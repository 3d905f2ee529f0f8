"""What shared words alone say of a pair: softmax regression over the measures of overlap.

Every figure of the pair model is printed beside it; a model that is not better reads nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hub.precedents.entailment.overlap import overlap
from models.training.entailment.pairs import Pair

STEPS = 600
RATE = 0.05
DECAY = 1e-3

Table = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lexical:
    """Weights over the measures and their products."""

    mean: Table
    spread: Table
    weights: Table

    @classmethod
    def taught(cls, taught: Sequence[Pair]) -> Lexical:
        """The regression of these pairs, each label with the weight of its share."""
        raw = _inputs(taught)
        mean, spread = raw.mean(axis=0), raw.std(axis=0) + 1e-6
        rows = _widened((raw - mean) / spread)
        wanted = np.eye(3)[[one.label for one in taught]]
        weights = np.zeros((rows.shape[1], 3))
        first, second = np.zeros_like(weights), np.zeros_like(weights)
        for step in range(1, STEPS + 1):
            slope = rows.T @ (_shares(rows @ weights) - wanted) / len(rows) + DECAY * weights
            first = 0.9 * first + 0.1 * slope
            second = 0.99 * second + 0.01 * slope**2
            moved = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
            weights -= RATE * (1 - step / (STEPS + 1)) * moved
        return cls(mean, spread, weights)

    def told(self, asked: Sequence[Pair]) -> list[int]:
        """The label of each pair."""
        rows = _widened((_inputs(asked) - self.mean) / self.spread)
        return [int(place) for place in (rows @ self.weights).argmax(axis=1)]


def _inputs(found: Sequence[Pair]) -> Table:
    return np.stack([overlap(one.premise, one.hypothesis) for one in found]).astype(np.float64)


def _widened(rows: Table) -> Table:
    """The measures, 1, and the products of every two, bounded."""
    bounded = np.clip(rows, -4, 4)
    upper = np.triu_indices(rows.shape[1])
    products = bounded[:, upper[0]] * bounded[:, upper[1]]
    return np.concatenate([np.ones((len(rows), 1)), bounded, np.clip(products, -8, 8)], axis=1)


def _shares(raw: Table) -> Table:
    powers = np.exp(raw - raw.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
