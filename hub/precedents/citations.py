"""Citations in questions and articles: which article of which law is meant, relative ones too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from hub.precedents.law_catalogue import LONGEST_NAME, Catalogue
from hub.precedents.mentions import Mention, joins_at, mentions, plain_text

_RELATIVE: Final = re.compile(r"同(?:法の?施行(?P<tied>令|規則)|(?P<same>法|令|規則|条例))$")
_THIS: Final = ("この法律", "本法", "この政令", "本令", "この省令", "この規則", "この条例")
_SHORT: Final = {*_THIS, "法", "令", "規則", "同法", "同令", "同規則", "同条例"} | {
    f"同法{of}施行{kind}" for of in ("", "の") for kind in ("令", "規則")
}
_OWN: Final = re.compile(  # 基本法 names another law
    rf"(?:{'|'.join(word for word in _THIS if word[0] == 'こ')}|(?<![\u4e00-\u9fff])本[法令])$"
)
_BARE: Final = re.compile(r"(?:^|[^\u4e00-\u9fff])(法|令|規則)$")
_SAYS_NOTHING: Final = re.compile(r"[\s、。,.・?？との]+$")
_OTHER_LAW: Final = re.compile(
    r"(?:[\u4e00-\u9fff]法|法律|[\u4e00-\u9fff]令|規則|条例|規程|憲法|条約)の?$"
)
_AMENDING_LAW: Final = re.compile(r"(?:法律|令|規則|条例)第[0-9〇一二三四五六七八九十百千]+号$")
_READ_BACK: Final = 2 * LONGEST_NAME  # characters before a mention that may name its law


@dataclass(frozen=True)
class Place:
    """An article, and where in it: what a citation means, and what a relative one is read in.

    `num` is that of the collection; 附則 of a law whose place there is not known yet is 附_3, and
    that of an amending law carries its number: 附(平成25年法律第94号)_3.
    """

    law_id: str
    num: str
    paragraph: int | None = None
    item: int | None = None


@dataclass(frozen=True)
class Found:
    """A citation in a text: where it stands, what it means, and whether an article is applied.

    `through` says that all from the citation before up to this one is cited (709条から711条まで).
    """

    start: int
    end: int
    place: Place
    applied: bool = False
    through: bool = False


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
    plain = plain_text(text)
    laws = _Laws(catalogue, context.law_id if context else None)
    found: list[Found] = []
    last: Found | None = None  # None when the mention before leads nowhere
    broken = False  # whether the mention before was no citation at all
    for mention in mentions(plain):
        one = replace(mention, joined=mention.joined and not broken)
        law_id, broken = laws.of(one, plain[max(0, one.start - _READ_BACK) : one.start])
        if broken:
            continue
        place = law_id and _place(one, law_id, context, order, last)
        if not place:
            last = last if law_id else None
            continue
        through = one.through and last is not None and last.place.law_id == place.law_id
        last = Found(one.start, one.end, place, _applied(plain, one.end), through)
        found.append(last)
    return found


@dataclass
class _Laws:
    """Which law each mention belongs to, as the text goes on; `own` is that of its context."""

    catalogue: Catalogue
    own: str | None
    same: str | None = field(init=False)
    named: dict[str, str] = field(init=False, default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.same = self.own
        self._remember(self.own)

    def of(self, mention: Mention, text: str) -> tuple[str | None, bool]:
        """The law (None for one not known), and whether the number is no citation after all."""
        before = text.rstrip().removesuffix("の").rstrip()
        if mention.num is None and mention.supplement is None:
            law = self.same if mention.joined or mention.word == "同条" else self.own
            law = self.own if mention.word in {"前条", "次条", "本条"} else law
        elif (named := self._named(before)) is not None:
            self._remember(named)
            law = named
        elif mention.joined:
            law = self.same
        elif _is_other_law(before, mention):
            law = None
            if not _RELATIVE.search(before):
                self.named.clear()
        elif mention.bare and before:
            return None, True
        else:
            law = self.own
        self.same = law
        return law, False

    def _named(self, before: str) -> str | None:
        """The law that a text ends with, by its name or by 同法, この法律, 法, 同法施行令."""
        if _OWN.search(before):
            return self.own
        if relative := _RELATIVE.search(before):
            return self._meant(relative["same"], relative["tied"])
        return self.catalogue.named_at_end(before) or self._family(before)

    def _meant(self, same: str | None, tied: str | None) -> str | None:
        """The law that 同法 or 同法施行令 means: the last one of its kind that was named."""
        if same is not None:
            return self.named.get(same, self.same if self.named else None)
        ties = self.catalogue.order_of if tied == "令" else self.catalogue.rules_of
        return ties.get(self.named.get("法", ""))

    def _family(self, before: str) -> str | None:
        """The law that a bare 法, 令, 規則 means beside the law of the context."""
        bare = _BARE.search(before)
        if self.own is None or bare is None:
            return None
        act = self.catalogue.act_of.get(self.own, self.own)
        if bare[1] == "法":
            return act
        ties = self.catalogue.order_of if bare[1] == "令" else self.catalogue.rules_of
        return ties.get(act)

    def _remember(self, law_id: str | None) -> None:
        """A law was named: 同法 means it from now on; an order's name holds that of its act."""
        if law_id is None:
            return
        title = self.catalogue.titles.get(law_id, "")
        kind = next((kind for kind in ("条例", "規則", "令") if title.endswith(kind)), "法")
        self.named[kind] = law_id
        act = self.catalogue.act_of.get(law_id)
        if act is not None:
            self.named["法"] = act


def _is_other_law(before: str, mention: Mention) -> bool:
    """Whether a text ends with a law that is not known, among them one that brought 附則."""
    amending = mention.supplement is not None and _AMENDING_LAW.search(before)
    return bool(amending or _OTHER_LAW.search(before[-12:]))


def _place(
    mention: Mention,
    law_id: str,
    context: Place | None,
    order: Sequence[str],
    last: Found | None,
) -> Place | None:
    if mention.num is not None or mention.supplement is not None:
        num = _num(mention, law_id, context, last)
        return (num and Place(law_id, num, mention.paragraph, mention.item)) or None
    follows = mention.word == "同条" or (mention.joined and not mention.word)
    near = last.place if last is not None and follows else context
    if near is None or not (mention.word or mention.paragraph):
        return None
    if mention.word.endswith("条"):
        step = {"前条": -1, "次条": 1}.get(mention.word, 0)
        num = _beside(near.num, step, order)
        return (num and Place(near.law_id, num, mention.paragraph)) or None
    if mention.paragraph:
        return replace(near, paragraph=mention.paragraph, item=None)
    step = {"前項": -1, "次項": 1}.get(mention.word, 0)
    paragraph = (near.paragraph or 0) + step
    return replace(near, paragraph=paragraph, item=None) if paragraph > 0 else None


def _num(mention: Mention, law_id: str, context: Place | None, last: Found | None) -> str | None:
    """The number of an article in the collection; None where nothing can have it."""
    num = mention.num or ("0" if mention.paragraph and not mention.word else None)
    if num is None:
        return None
    if mention.supplement is not None:
        inside = context is not None and context.law_id == law_id and context.num.startswith("附")
        own = context.num.partition("_")[0] if context is not None and inside else "附"
        return f"附{mention.supplement}_{num}" if mention.supplement else f"{own}_{num}"
    if not mention.joined or last is None or last.place.law_id != law_id:
        return num
    if last.place.num.startswith("附"):
        return f"{last.place.num.partition('_')[0]}_{num}"
    return _branch(last.place.num, num) if mention.bare else num


def _branch(former: str, num: str) -> str:
    """The number behind 48条の2 in a list: 48_3 for 3 of 48条の2、3及び49条, since lists ascend."""
    base, _, branches = former.partition("_")
    below = branches and num.isdigit() and int(num) < int(base)
    return f"{base}_{num}" if below else num


def _beside(num: str, step: int, order: Sequence[str]) -> str | None:
    if not step:
        return num
    if num in order:
        place = order.index(num) + step
        return order[place] if 0 <= place < len(order) else None
    return str(int(num) + step) if num.isdigit() and int(num) + step > 0 else None


def _applied(plain: str, end: int) -> bool:
    """Whether the sentence goes on to apply the article as if it stood here (準用)."""
    stop = plain.find("。", end)
    return "準用" in plain[end : stop if stop >= 0 else None]


def is_citation_only(text: str, catalogue: Catalogue, context: Place | None = None) -> bool:
    """Whether a question says nothing but where to look: 民法709条, 公選法48条の2, 前条."""
    if not citations(text, catalogue, context):
        return False
    plain, start = plain_text(text), 0
    between: list[str] = []
    for mention in mentions(plain):
        between.append(plain[start : mention.start])
        start = mention.end
    return all(_is_name(part, catalogue) for part in [*between, plain[start:]])


def _is_name(text: str, catalogue: Catalogue) -> bool:
    """Whether a text names a law, or says nothing, behind words that join and no others."""
    core = _SAYS_NOTHING.sub("", text)
    joins = joins_at(core)
    if joins == len(core):
        return True
    if len(core) > _READ_BACK:
        return False
    # A name may begin like a joining word (と畜場法), so every share of them is left out in turn.
    return any(
        core[cut:] in _SHORT or catalogue.named_law(core[cut:]) is not None
        for cut in range(joins + 1)
    )
