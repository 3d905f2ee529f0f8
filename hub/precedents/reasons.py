"""Why an article is an answer: the sentence that matches best, the words that both share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.precedents.passages import sentences
from hub.precedents.plain_text import comparable, modern

_RUN: Final = re.compile(
    r"[\u4e00-\u9fff々]+|[ァ-ヴー]{2,}|[A-Za-z]{2,}|[0-9]+(?:歳|日|年|か月|箇月)"
)
LONGEST_WORD: Final = 12
_NUMBERING: Final = re.compile(r"[第条項号及〇一二三四五六七八九十百千]+")
_COMMON: Final = frozenset(
    [
        "場合",
        "必要",
        "自分",
        "私",
        "人",
        "者",
        "方",
        "時",
        "事",
        "物",
        "所",
        "日",
        "月",
        "年",
        "中",
        "前",
        "後",
        "上",
        "下",
        "内",
        "外",
        "間",
        "回",
        "何",
    ]
)


@dataclass(frozen=True)
class Reason:
    """The best sentence of an article, and the question's words that the article has too."""

    sentence: str
    shared_words: tuple[str, ...]

    @property
    def by_meaning(self) -> bool:
        """Whether meaning alone led here: not one word is shared."""
        return not self.shared_words


def reason_for(question: str, terms: Sequence[str], caption: str, text: str) -> Reason:
    """Why an article with this caption and text answers a question with these statute terms."""
    wanted = _pairs(question)
    meant = _pairs("".join(terms))

    def match(sentence: str) -> float:
        own = _pairs(sentence)
        return (len(own & wanted) + 0.5 * len(own & meant)) / (30 + len(own)) ** 0.5

    best = max(sentences(text), key=match, default="")
    return Reason(best, shared_words(question, f"{caption}\n{text}"))


def shared_words(question: str, text: str) -> tuple[str, ...]:
    """The question's words that the text has: the longest common pieces, without empty nouns."""
    plain, other = modern(question), modern(text)
    found: dict[str, None] = {}
    for run in _RUN.findall(plain):
        start = 0
        while start < len(run):
            longest = min(LONGEST_WORD, len(run) - start)
            size = next((n for n in range(longest, 0, -1) if run[start : start + n] in other), 0)
            piece = run[start : start + size]
            said = piece not in _COMMON and not _NUMBERING.fullmatch(piece)
            if size and said and (size > 1 or len(run) == 1):
                found[piece] = None
            start += max(1, size)
    return tuple(found)


def _pairs(text: str) -> set[str]:
    plain = comparable(text)
    return {plain[start : start + 2] for start in range(len(plain) - 1)}
