"""Citations in questions and articles: which article of which law is meant, relative ones too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from hub.numerals import KANJI, value_of
from hub.precedents.law_catalogue import Catalogue
from hub.precedents.plain_text import modern

_N: Final = rf"(?:[0-9]++|[{KANJI}]++)"
# What follows the number of a branch in 第三条の二十四時間 shows that it is no branch.
_COUNTED: Final = "時日月年人円歳分回名個件週倍割度世帯か箇ヶケカ"
_ARTICLE: Final = re.compile(
    rf"(?:第\s*)?(?P<article>{_N})\s*条(?P<branches>(?:\s*の\s*{_N}(?![{_COUNTED}]))*)"
    rf"(?:\s*(?:の\s*)?(?:第\s*)?(?P<paragraph>{_N})\s*項)?(?:\s*(?:第\s*)?(?P<item>{_N})\s*号)?"
    rf"|(?P<beside>[前次同本]条)(?:\s*(?:の\s*)?第\s*(?P<beside_paragraph>{_N})\s*項)?"
    rf"|(?P<within>[前次同]項|第\s*(?P<alone>{_N})\s*項)"
)
_LAW_AFTER_NUMBER: Final = re.compile(
    r"[（(](?:明治|大正|昭和|平成|令和)[^（）()]{3,40}号(?:。[^（）()]{0,60})?[）)]"
)
_SAME: Final = ("同法", "同令", "同規則")
_THIS: Final = ("この法律", "本法", "この政令", "本令", "この省令", "この規則", "この条例")
_JOINS: Final = re.compile(
    r"(?:、|,|及び|又は|若しくは|並びに|から|まで|ただし書|前段|後段|各号|\s|第[^条]{1,4}[項号])*"
)
_SAYS_NOTHING: Final = re.compile(r"^[\s、。,.・?？とや]+|[\s、。,.・?？との]+$")
_OTHER_LAW: Final = re.compile(
    r"(?:[\u4e00-\u9fff]法|法律|[\u4e00-\u9fff]令|規則|条例|規程|憲法|条約)の?$"
)


@dataclass(frozen=True)
class Place:
    """An article, and where in it: what a citation means, and what a relative one is read in."""

    law_id: str
    num: str
    paragraph: int | None = None
    item: int | None = None


@dataclass(frozen=True)
class Found:
    """A citation in a text: where it stands, what it means, and whether an article is applied."""

    start: int
    end: int
    place: Place
    applied: bool = False


def citations(
    text: str,
    catalogue: Catalogue,
    context: Place | None = None,
    order: Sequence[str] = (),
) -> list[Found]:
    """The citations in a text whose law is known, in its order.

    `context` is the article that the text stands in; without it relative citations mean nothing.
    `order` is the article numbers of that law as they follow each other, for 前条 and 次条.
    """
    plain = _LAW_AFTER_NUMBER.sub(lambda found: " " * len(found[0]), modern(text))
    found: list[Found] = []
    last: Found | None = None
    same = context.law_id if context else None
    end = -1  # of the last citation, whether its law is known or not
    for match in _ARTICLE.finditer(plain):
        listed = end >= 0 and bool(_JOINS.fullmatch(plain, end, match.start()))
        law_id, start = _law(plain, match, catalogue, context, same=same, listed=listed)
        end = match.end()
        if law_id is None:
            last = same = None
            continue
        same = law_id
        place = _place(match, law_id, context, order, last)
        if place is None:
            continue
        last = Found(start, match.end(), place, _applied(plain, match.end()))
        found.append(last)
    return found


def _law(
    plain: str,
    match: re.Match[str],
    catalogue: Catalogue,
    context: Place | None,
    *,
    same: str | None,
    listed: bool,
) -> tuple[str | None, int]:
    """The law that a match belongs to, and where its name begins; None for one not known."""
    own = context.law_id if context else None
    if not match["article"]:
        inherits = listed if match["within"] else match["beside"] == "同条"
        return (same if inherits else own), match.start()
    before = plain[: match.start()].rstrip().removesuffix("の").rstrip()
    named = catalogue.named_at_end(before)
    short = _short_name(before, catalogue, own, same)
    if short is not None and (named is None or before.endswith((*_SAME, *_THIS))):
        return short, match.start()
    if named is not None:
        return named, match.start()
    if listed:
        return same, match.start()
    return (None if _OTHER_LAW.search(before[-12:]) else own), match.start()


def _short_name(before: str, catalogue: Catalogue, own: str | None, same: str | None) -> str | None:
    """The law that 同法, この法律, or a bare 法, 令, 規則 means beside the law of the context."""
    if before.endswith(_SAME):
        return same
    if before.endswith(_THIS) or own is None:
        return own
    bare = re.search(r"(?:^|[^\u4e00-\u9fff])(法|令|規則)$", before)
    if bare is None:
        return None
    if bare[1] == "法":
        return catalogue.act_of.get(own, own)
    act = catalogue.act_of.get(own, own)
    return (catalogue.order_of if bare[1] == "令" else catalogue.rules_of).get(act)


def _place(
    match: re.Match[str],
    law_id: str,
    context: Place | None,
    order: Sequence[str],
    last: Found | None,
) -> Place | None:
    if match["article"]:
        try:
            numbers = [match["article"], *re.findall(_N, match["branches"])]
            num = "_".join(str(value_of(number)) for number in numbers)
            return Place(law_id, num, _value(match["paragraph"]), _value(match["item"]))
        except ValueError:
            return None
    near = last.place if last is not None and match["beside"] == "同条" else context
    if near is None:
        return None
    if match["beside"]:
        step = {"前条": -1, "次条": 1}.get(match["beside"], 0)
        num = _beside(near.num, step, order)
        return (num and Place(near.law_id, num, _value(match["beside_paragraph"]))) or None
    if match["alone"]:
        return replace(near, paragraph=_value(match["alone"]), item=None)
    step = {"前項": -1, "次項": 1}.get(match["within"], 0)
    paragraph = (near.paragraph or 0) + step
    return replace(near, paragraph=paragraph, item=None) if paragraph > 0 else None


def _beside(num: str, step: int, order: Sequence[str]) -> str | None:
    if not step:
        return num
    if num in order:
        place = order.index(num) + step
        return order[place] if 0 <= place < len(order) else None
    return str(int(num) + step) if num.isdigit() and int(num) + step > 0 else None


def _value(numeral: str | None) -> int | None:
    return value_of(numeral) if numeral else None


def _applied(plain: str, end: int) -> bool:
    """Whether the sentence goes on to apply the article as if it stood here (準用)."""
    stop = plain.find("。", end)
    return "準用" in plain[end : stop if stop >= 0 else None]


def is_citation_only(text: str, catalogue: Catalogue, context: Place | None = None) -> bool:
    """Whether a question says nothing but where to look: 民法709条, 公選法48条の2, 前条."""
    if not citations(text, catalogue, context):
        return False
    plain, start = modern(text), 0
    between: list[str] = []
    for match in _ARTICLE.finditer(plain):
        between.append(plain[start : match.start()])
        start = match.end()
    return all(_is_name(part, catalogue) for part in [*between, plain[start:]])


def _is_name(text: str, catalogue: Catalogue) -> bool:
    """Whether a text names a law, or says nothing."""
    core = _SAYS_NOTHING.sub("", text)
    short = ("", *_SAME, *_THIS, "法", "令", "規則")
    return core in short or catalogue.named(core) is not None
