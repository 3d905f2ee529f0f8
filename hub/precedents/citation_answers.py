"""The articles that a question cites: found, not found, or too many to be shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from hub.numerals import in_kanji, label_of
from hub.precedents.answers import Answer
from hub.precedents.citations import Found, Place, citations
from hub.precedents.law_catalogue import Catalogue
from hub.precedents.presenting import Desk

MOST_CITED: Final = 5
_HIGHEST: Final = 9_999  # number that is written in kanji


@dataclass(frozen=True)
class Cited:
    """The articles cited, what leads nowhere, and what is left out because there is too much."""

    answers: tuple[Answer, ...]
    missing: tuple[str, ...]
    left_out: tuple[str, ...]


def cited(desk: Desk, catalogue: Catalogue, context: Place | None, top: int) -> Cited:
    """What the question at the desk cites: at most `top` articles, never more than MOST_CITED."""
    order = desk.order(context.law_id) if context else []
    gathered = _Gathered(desk, catalogue)
    gathered.gather(citations(desk.text, catalogue, context, order))
    answers: list[Answer] = []
    missing: list[str] = []
    left_out = gathered.left_out
    for count, places in enumerate(gathered.places.values()):
        name = _name(catalogue, places[0])
        answer = desk.at(places[0]) if count < MOST_CITED else None
        if count >= MOST_CITED or (answer is not None and len(answers) >= top):
            left_out.append(name)
        elif answer is None:
            missing.append(name)
        else:
            answers.append(answer)
            missing += _without_paragraph(answer, places, name)
    return Cited(tuple(answers), tuple(missing), tuple(left_out))


@dataclass
class _Gathered:
    """The places of every article that is cited, ranges filled in, each article once."""

    desk: Desk
    catalogue: Catalogue
    places: dict[tuple[str, str], list[Place]] = field(
        init=False, default_factory=dict[tuple[str, str], list[Place]]
    )
    left_out: list[str] = field(init=False, default_factory=list[str])
    orders: dict[str, list[str]] = field(init=False, default_factory=dict[str, list[str]])

    def gather(self, found: list[Found]) -> None:
        """Take in the citations of a text, in their order."""
        former: Place | None = None
        for one in found:
            between = self._between(former, one.place) if former and one.through else ()
            for place in (*between, one.place):
                self.places.setdefault((place.law_id, place.num), []).append(place)
            former = one.place

    def _between(self, first: Place, last: Place) -> Iterator[Place]:
        """The articles between two; a range that is too long or not known is named instead."""
        if first.law_id not in self.orders:
            self.orders[first.law_id] = self.desk.order(first.law_id)
        order = self.orders[first.law_id]
        ends = [self.desk.num_of(place) for place in (first, last)]
        begins, stops = (order.index(num) if num in order else None for num in ends)
        if begins is not None and stops is not None and stops - begins < MOST_CITED:
            for num in order[begins + 1 : stops]:
                yield Place(first.law_id, num)
        elif first.num != last.num:
            self.left_out.append(f"{_name(self.catalogue, first)}から{_label(last.num)}までの間")


def _without_paragraph(answer: Answer, places: list[Place], name: str) -> Iterator[str]:
    """The citations of paragraphs that an article does not have."""
    there = {paragraph.num for paragraph in answer.article.paragraphs}
    for number in dict.fromkeys(place.paragraph for place in places):
        if number is not None and str(number) not in there:
            yield f"{name}第{in_kanji(number) if 0 < number <= _HIGHEST else number}項"


def _name(catalogue: Catalogue, place: Place) -> str:
    """What a cited article is called, whether there is one or not."""
    return f"{catalogue.titles.get(place.law_id, place.law_id)}{_label(place.num)}"


def _label(num: str) -> str:
    """第七百九条, and for 附_3 附則第三条."""
    if not num.startswith("附"):
        return label_of(num)
    part, _, number = num.partition("_")
    amending = part.removeprefix("附").strip("0123456789").replace("(", "（").replace(")", "）")
    return f"附則{amending}" + ("" if number == "0" else label_of(number))
