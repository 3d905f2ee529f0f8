"""The ranking: several measures of closeness, made comparable and added.

Each measure is counted in its own standard deviations over the articles that may answer. The
weights were chosen on the half `tune` of bench/precedents and nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

FURTHEST: Final = 3  # hints at a law that count


@dataclass(frozen=True)
class Weights:
    """How much each measure counts beside the question's own meaning, which counts 1."""

    expanded: float = 1.0
    second: float = 0.6
    lexical: float = 0.3
    terms: float = 0.7
    law: float = 0.25


WEIGHTS: Final = Weights()


def standard(values: Floats, mask: Mask) -> Floats:
    """The values in standard deviations from their mean over the mask; NaN stays NaN."""
    known = mask & ~np.isnan(values)
    found = np.full(len(values), np.nan, np.float32)
    if known.any():
        spread = float(values[known].std())
        found[known] = (values[known] - values[known].mean()) / (spread or 1.0)
    return found


def blended(
    lexical: tuple[float, Floats], meanings: Sequence[tuple[float, Floats]], mask: Mask
) -> Floats:
    """The weighted sum of lexical scores and closeness in meaning; outside the mask -inf.

    An article that an encoder has not read yet (NaN) is taken to be as close in meaning as its
    words are, so that it is found at once.
    """
    weight, scores = lexical
    words = standard(scores, mask)
    total = weight * words
    best = float(words[mask].max(initial=0.0)) or 1.0
    for share, products in meanings:
        meaning = standard(products, mask)
        read = ~np.isnan(meaning)
        highest = float(meaning[read].max(initial=1.0))
        total += share * np.where(read, meaning, words * (highest / best))
    total[~mask] = -np.inf
    return total


def law_hints(
    law_ids: Sequence[str], law_of: npt.NDArray[np.int64], hints: Mapping[str, int]
) -> Floats:
    """How often the question's words point at each article's law, FURTHEST at most."""
    counts = [min(hints.get(law_id, 0), FURTHEST) for law_id in law_ids]
    return np.array([*counts, 0], np.float32)[law_of]
