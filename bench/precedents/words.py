"""The rule that says which words a question shares with an article.

It needs no dictionary, so that anybody can check it: runs of kanji cut into pairs, runs of
katakana cut into threes, words in Latin letters; numerals and a few empty nouns do not count.
"""

from __future__ import annotations

import re
import unicodedata

NUMERALS = re.compile("[〇一二三四五六七八九十百千万何]")
RUN = re.compile(r"[\u4e00-\u9fff々]+|[ァ-ヴー]+|[A-Za-z]+")
EMPTY_NOUNS = (
    "場合 必要 自分 私 人 者 方 時 事 物 所 日 月 年 中 前 後 上 下 内 外 間 回 度 分 今 次 "
    "約 的 第 条 項 号"
)
EMPTY = frozenset(EMPTY_NOUNS.split())


def _pieces(run: str) -> set[str]:
    size = 3 if "ァ" <= run[0] <= "ー" else 2
    if run[0].isascii() or len(run) <= size:
        return {run.lower()}
    return {run[start : start + size] for start in range(len(run) - size + 1)}


def words(text: str) -> frozenset[str]:
    """Return the countable words of a text, as the pieces that two texts are compared by."""
    plain = NUMERALS.sub(" ", unicodedata.normalize("NFKC", text))
    return frozenset(set().union(*(_pieces(run) for run in RUN.findall(plain)))) - EMPTY


def shared(question: str, articles: list[str]) -> list[str]:
    """Return the words of the question that occur in any of the articles, sorted."""
    return sorted(words(question) & set().union(*(words(text) for text in articles)))


def overlap(statement: str, premise: str) -> float:
    """Return the share of the statement's words that the premise has, to two decimals."""
    own = words(statement)
    return round(len(own & words(premise)) / max(1, len(own)), 2)
