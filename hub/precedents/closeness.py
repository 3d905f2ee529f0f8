"""Whether anything in the collection is close to a question at all, or "nothing close" is said.

A sum of six signs; its weights and its threshold were fitted to the half `tune` of
bench/precedents. What a question must do to pass is be close in meaning, or use words that the
collection or the lexicon knows.
"""

import math
import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hub.precedents.lexical import LexicalIndex
from hub.precedents.lexicon import Expansion, lexicon
from hub.precedents.plain_text import comparable, modern

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

FITTED_ENCODER: Final = "e5-small-q4/1571fc982795"  # whose products the weights are for
FITTED_RARITY: Final = math.log(4549)  # a word in one of the articles that they were fitted on
THRESHOLD: Final = -0.3
THRESHOLD_WITHOUT_MEANING: Final = -1.0
FEW_WORDS: Final = 0.7  # share of a question's letters that are words, when it is no sentence
_WORD: Final = re.compile(r"[\u4e00-\u9fff々]{2,}|[ァ-ヴー]{3,}|[A-Za-z]{2,}")
_LETTER: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff々A-Za-z]")


@dataclass(frozen=True)
class Signs:
    """What speaks for a question having an answer here."""

    articles: int  # how many may answer
    letters: int  # different letters of the question
    closest: float | None  # inner product of the closest passage; None without an encoder
    average: float  # mean over all articles
    lexical: float  # the best lexical score of the question's own words
    terms: int  # statute terms that the lexicon gives
    laws: int  # pointers at laws that the lexicon gives
    together: bool  # whether one article has all of the question's words: 転入届 期限
    unknown: float  # share of words that neither the collection nor the lexicon has


def nothing_close(signs: Signs) -> bool:
    """Whether the signs say that no article answers."""
    if signs.letters < 2 or signs.together:
        return not signs.together
    rarity = FITTED_RARITY / math.log(2 + signs.articles)
    total = -4.33 + 1.15 * math.log1p(rarity * signs.lexical) - 2.24 * signs.unknown
    total += 1.10 * min(signs.terms, 6) / 3 + 1.01 * min(signs.laws, 3)
    if signs.closest is None:
        return total < THRESHOLD_WITHOUT_MEANING
    total += 0.31 * (100 * signs.closest - 84) + 0.50 * (100 * signs.average - 79)
    return total < THRESHOLD


def signs_of(
    text: str,
    hints: Expansion,
    index: LexicalIndex,
    *,
    lexical: Floats,
    meaning: Floats | None,
    mask: Mask,
) -> Signs:
    """The signs of a question: its lexical scores, and FITTED_ENCODER's products if any."""
    known = None if meaning is None else meaning[mask & ~np.isnan(meaning)]
    told = known is not None and len(known) > 0
    return Signs(
        articles=int(mask.sum()),
        letters=len(set(_LETTER.findall(modern(text)))),
        closest=float(known.max()) if known is not None and told else None,
        average=float(known.mean()) if known is not None and told else 0.0,
        lexical=float(lexical[mask].max(initial=0.0)),
        terms=len(hints.terms),
        laws=sum(hints.laws.values()),
        together=_together(text, index, mask),
        unknown=_unknown(text, index),
    )


def _together(text: str, index: LexicalIndex, mask: Mask) -> bool:
    """Whether a question is a few words (転入届 期限), all of which one article has."""
    plain = modern(text)
    found = _WORD.findall(plain)
    words = [word for word in found if "何" not in word]
    listed = sum(map(len, found)) >= FEW_WORDS * len("".join(_LETTER.findall(plain)))
    return listed and bool(words) and bool((index.having(words) & mask).any())


def _unknown(text: str, index: LexicalIndex) -> float:
    plain = comparable(text)
    called = [word for hint in lexicon() for word in hint.words if word in plain]
    words = [comparable(word) for word in _WORD.findall(modern(text))]
    new = [
        word
        for word in words
        if not any(word in one or one in word for one in called) and not index.knows(word)
    ]
    return len(new) / max(1, len(words))
