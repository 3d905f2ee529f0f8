"""What two texts share on their face: words, numbers, negation, may and must, order.

The pair model gets these measures beside what it reads itself; alone they are the baseline that
every figure is printed beside.
"""

import difflib
import math
import re
import unicodedata
from typing import Final

import numpy as np
import numpy.typing as npt

from hub.precedents.entailment.figures import figures

_NEGATION: Final = re.compile(
    r"ない|なく|なけれ|なかっ|ません|ぬ(?=[。、もの者]|$)|ず(?=[、に。]|$)|ずに|不要|いらな"
)
_DOUBLE: Final = re.compile(
    r"なければな|なくてはな|ねばな|なければいけ|ないと(?:いけ|な)|なければなり"
)
_MUST: Final = re.compile(
    r"なければな|なくてはな|ねばな|なければいけ|ないといけ|ものとする|義務|必要がある|必ず|要する"
)
_MAY: Final = re.compile(
    r"ことができ|てもよい|てよい|てもかまわ|られる|できる|任意|ことがある|で済む"
)
_FORBIDDEN: Final = re.compile(
    r"てはならない|てはいけ|できない|できません|られない|禁止|認められ(?:な|ません)|不可"
)
_EXCEPTION: Final = re.compile(r"ただし|但し|この限りで|を除[くき]|にかかわらず")
_ALWAYS: Final = re.compile(
    r"必ず|常に|いつでも|すべて|全て|どんな|いかなる|一切|誰でも|だれでも|例外なく|だけ|のみ|に限"
)
_WORD: Final = re.compile(r"[\u4e00-\u9fff々]+|[ァ-ヴー]{2,}|[A-Za-z]{2,}")
_PUNCTUATION: Final = re.compile(r"[\s。、，．・（）「」『』]")

NAMES: Final = (
    "second in first",
    "first in second",
    "alike",
    "letters in first",
    "words missing in first",
    "words missing in second",
    "log length",
    "in order",
    "longest run",
    "first denies",
    "second denies",
    "denials differ",
    "figures missing in first",
    "figures missing in second",
    "figures shared",
    "first must",
    "first may",
    "first forbids",
    "second must",
    "second may",
    "second forbids",
    "first has exception",
    "second says always",
    "same",
)


def overlap(first: str, second: str) -> npt.NDArray[np.float32]:
    """The measures of NAMES, each around 0 to 1 or -1 to 1."""
    one, two = _plain(first), _plain(second)
    pairs_one, pairs_two = _pairs(one), _pairs(two)
    shared = len(pairs_one & pairs_two)
    match = difflib.SequenceMatcher(None, one[:400], two[:400], autojunk=False)
    blocks = [block.size for block in match.get_matching_blocks()]
    size = max(1, min(len(two), 400))
    values = [
        shared / max(1, len(pairs_two)),
        shared / max(1, len(pairs_one)),
        shared / max(1, len(pairs_one | pairs_two)),
        len(set(two) & set(one)) / max(1, len(set(two))),
        _missing(two, one),
        _missing(one, two),
        math.log((len(two) + 5) / (len(one) + 5)),
        sum(blocks) / size,
        max(blocks) / size,
        *_denials(one, two),
        *_figures(first, second),
        *_modes(one),
        *_modes(two),
        float(bool(_EXCEPTION.search(one))),
        float(bool(_ALWAYS.search(two))),
        float(one == two),
    ]
    return np.array(values, np.float32)


def _plain(text: str) -> str:
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _missing(text: str, other: str) -> float:
    """The share of a text's words of which the other has not even two letters."""
    words = _WORD.findall(text)
    known = _pairs(other)
    lost = [
        word
        for word in words
        if not (word in other or any(word[at : at + 2] in known for at in range(len(word) - 1)))
    ]
    return len(lost) / max(1, len(words))


def _denials(one: str, two: str) -> tuple[float, float, float]:
    counts = [len(_NEGATION.findall(text)) - len(_DOUBLE.findall(text)) for text in (one, two)]
    return min(counts[0], 3) / 2, min(counts[1], 3) / 2, float((counts[0] - counts[1]) % 2)


def _figures(first: str, second: str) -> tuple[float, float, float]:
    one, two = figures(first), figures(second)
    return (
        float(bool(two) and bool(two - one)),
        float(bool(one) and bool(one - two)),
        float(bool(one & two)),
    )


def _modes(text: str) -> tuple[float, float, float]:
    return (
        float(bool(_MUST.search(text))),
        float(bool(_MAY.search(text))),
        float(bool(_FORBIDDEN.search(text))),
    )
