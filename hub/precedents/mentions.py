"""Where a text names articles, and how: numbers, lists and ranges, 前条 and 同項, 附則."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from hub.numerals import KANJI, value_of
from hub.precedents.plain_text import modern

_N: Final = rf"(?:[0-9]++|[{KANJI}]++)"
# What follows the number of a branch in 第三条の二十四時間 shows that it is no branch.
_COUNTED: Final = "時日月年人円歳分回名個件週倍割度世帯か箇ヶケカ"
_ARTICLE: Final = re.compile(
    rf"(?:第\s*)?(?P<article>{_N})\s*条(?P<branches>(?:\s*の\s*{_N}(?![{_COUNTED}]))*)"
    rf"(?:\s*(?:の\s*)?(?:第\s*)?(?P<paragraph>{_N})\s*項)?(?:\s*(?:第\s*)?(?P<item>{_N})\s*号)?"
    rf"|(?P<beside>[前次同本]条)(?:\s*(?:の\s*)?第\s*(?P<beside_paragraph>{_N})\s*項)?"
    rf"|(?P<within>[前次同]項)|(?:第\s*|(?<=附則))(?P<alone>{_N})\s*項"
)
_RANGE: Final = r"(?:から|ないしは?|乃至|[~〜\-‐–—―−ー])"
_JOIN: Final = (
    rf"(?:{_RANGE}|[、,・/&+]|及び|および|又は|または|若しくは|もしくは|並びに|ならびに|あるいは"
    r"|まで|[とやか]|\s)"
)
_PART: Final = rf"(?:ただし書|本文|前段|後段|各号|第[^条]{{1,4}}[項号]|{_N}\s*[項号])"
_JOINS: Final = re.compile(rf"(?:{_JOIN}|{_PART})*+")
_FILLING: Final = re.compile(rf"(?:{_JOIN}|[。.?])*+")
_THROUGH: Final = re.compile(rf"{_RANGE}\s*$")
_LISTS: Final = re.compile(rf"(?:(?:第\s*)?{_N}(?:\s*の\s*{_N})*+\s*{_JOIN}++)++")
_HEAD: Final = re.compile(rf"(?:第\s*)?(?P<number>{_N}(?:\s*の\s*{_N})*+)\s*(?P<joins>{_JOIN}++)")
_SUPPLEMENT: Final = re.compile(r"附\s*則\s*(?P<amending>\([^()]{1,80}\))?\s*(?:の\s*)?$")
_LAW_AFTER_NUMBER: Final = re.compile(
    r"(?<!附則)\((?:明治|大正|昭和|平成|令和)[^()]{3,40}号(?:。[^()]{0,60})?\)"
)
_BEFORE: Final = 100  # characters that are read back for 附則


@dataclass(frozen=True)
class Mention:
    """One place in a text that names an article, or a part of one.

    `num` is the number (48_2) of an article; None where `word` (前条, 同項) or only a paragraph
    stands. `supplement` is None for 本則, else what stands in brackets behind 附則, or empty.
    `joined` says that only joining words stand between it and the mention before, `through`
    that they make a range of both. `bare` numbers are those of a list before the one with 条.
    """

    start: int
    end: int
    num: str | None = None
    paragraph: int | None = None
    item: int | None = None
    word: str = ""
    supplement: str | None = None
    joined: bool = False
    through: bool = False
    bare: bool = False


def plain_text(text: str) -> str:
    """The text as it is read for citations: `modern`, without the numbers of laws in brackets."""
    return _LAW_AFTER_NUMBER.sub(lambda found: " " * len(found[0]), modern(text))


def joins_at(text: str) -> int:
    """How many characters of joining words and marks a text begins with."""
    found = _FILLING.match(text)
    return found.end() if found else 0


def mentions(plain: str) -> Iterator[Mention]:
    """The mentions in a `plain_text`, in its order."""
    end: int | None = None
    for match in _ARTICLE.finditer(plain):
        for one in _listed(plain, match, end or 0):
            gap = None if end is None else plain[end : one.start]
            joined = gap is not None and bool(_JOINS.fullmatch(gap))
            yield replace(one, joined=joined, through=joined and bool(_THROUGH.search(gap or "")))
            end = one.end


def _listed(plain: str, match: re.Match[str], former: int) -> Iterator[Mention]:
    """A match and, before it, the numbers that share its 条: 709 and 710 of 709、710条."""
    start = former + _heads_at(plain[former : match.start()]) if match["article"] else match.start()
    supplement, first = _supplement(plain, max(former, start - _BEFORE), start)
    for head in _HEAD.finditer(plain, start, match.start()):
        num = _num(re.findall(_N, head["number"]))
        if num is not None:
            yield Mention(first, head.start("joins"), num, supplement=supplement, bare=True)
            supplement, first = None, head.end()
    yield _mention(match, first if start == match.start() else match.start(), supplement)


def _heads_at(gap: str) -> int:
    """Where the bare numbers begin that a text ends with; its length where it ends with none."""
    return next((run.start() for run in _LISTS.finditer(gap) if run.end() == len(gap)), len(gap))


def _supplement(plain: str, floor: int, start: int) -> tuple[str | None, int]:
    """Whether 附則 stands right before a place, with its brackets, and where it begins."""
    found = _SUPPLEMENT.search(plain, floor, start)
    if found is None:
        return None, start
    amending = found["amending"] or ""
    return "" if amending == "(抄)" else amending, found.start()


def _mention(match: re.Match[str], start: int, supplement: str | None) -> Mention:
    paragraph = match["paragraph"] or match["beside_paragraph"] or match["alone"]
    return Mention(
        start=start,
        end=match.end(),
        num=_num([match["article"], *re.findall(_N, match["branches"])])
        if match["article"]
        else None,
        paragraph=_value(paragraph),
        item=_value(match["item"]),
        word=match["beside"] or match["within"] or "",
        supplement=supplement,
    )


def _num(numerals: list[str]) -> str | None:
    """The number of an article; None where it is none that can be read."""
    try:
        return "_".join(str(value_of(numeral)) for numeral in numerals)
    except ValueError:
        return None


def _value(numeral: str | None) -> int | None:
    try:
        return value_of(numeral) if numeral else None
    except ValueError:
        return None
