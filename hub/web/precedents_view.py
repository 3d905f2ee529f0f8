"""Answers of the precedents as the page shows them: marked sentences, bars of time, addresses."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.numerals import label_of
from hub.precedents.article import Article
from hub.precedents.citations import Place
from hub.precedents.citing import address_of, citation_of
from hub.precedents.reading import Span, Surroundings, surroundings
from hub.precedents.store import Store

WIDTH: Final = 600  # of a bar, in units of its drawing
LEAST: Final = 4
MARGIN: Final = dt.timedelta(days=365)  # beyond the last day that is known


@dataclass(frozen=True)
class Line:
    """One line of a text; `marked` is the sentence that matches, empty where there is none."""

    before: str
    marked: str
    after: str


@dataclass(frozen=True)
class Piece:
    """One text of the article on the bar: where it lies, what it is."""

    x: int
    width: int
    state: str
    starts: str
    until: str


@dataclass(frozen=True)
class Bar:
    """The article's texts over time, and where the day asked for lies."""

    pieces: tuple[Piece, ...]
    today: int
    first: int
    last: int


@dataclass(frozen=True)
class AnswerView:
    """One answer: what the search gave, and what is needed around it."""

    place: int
    data: Mapping[str, Any]
    address: str
    citation: str
    excerpt: tuple[Line, ...]
    lines: tuple[Line, ...]
    around: Surroundings | None
    bar: Bar | None
    before_address: str
    after_address: str
    law_address: str


def answer_views(store: Store, result: Mapping[str, Any]) -> tuple[AnswerView, ...]:
    """The answers of a result, in their order."""
    day = dt.date.fromisoformat(result["as_of"])
    return tuple(
        answer_view(place, data, surroundings(store, Place(data["law_id"], data["num"]), day), day)
        for place, data in enumerate(result["answers"], 1)
    )


def answer_view(
    place: int, data: Mapping[str, Any], around: Surroundings | None, day: dt.date
) -> AnswerView:
    """One answer of the search as it is shown."""
    paragraphs = around.paragraphs if around else 0
    law_id, on = data["law_id"], day.isoformat()
    before, after = (around.before, around.after) if around else (None, None)
    lines = tuple(marked_lines(data["text"], data["why"]["sentence"]))
    return AnswerView(
        place=place,
        data={**data, "neighbours": [_linked(other, on) for other in data["neighbours"]]},
        address=address_of(law_id, data["num"], on),
        citation=citation_of(data["law"], data["article"], data["paragraph"], paragraphs),
        excerpt=_excerpt(lines),
        lines=lines,
        around=around,
        bar=bar(around.spans, day) if around else None,
        before_address=address_of(law_id, before.num, on) if before else "",
        after_address=address_of(law_id, after.num, on) if after else "",
        law_address=address_of(law_id, None, on),
    )


def _linked(other: Mapping[str, Any], on: str) -> dict[str, Any]:
    """A neighbour with its name and where its page is."""
    name = f"{other['law']} {label_of(other['num'])}"
    return {**other, "name": name, "address": address_of(other["law_id"], other["num"], on)}


def marked_lines(text: str, sentence: str) -> Iterator[Line]:
    """The lines of a text; where the sentence stands first, it is marked."""
    found = not sentence
    for line in text.split("\n"):
        if not found and sentence in line:
            found = True
            yield Line(*line.partition(sentence))
        else:
            yield Line(line, "", "")


def plain_lines(article: Article) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """An article's paragraphs: the number to show (none for a lone one) and their lines."""
    alone = len(article.paragraphs) == 1
    return tuple(
        ("" if alone else part.num, tuple(part.whole.split("\n"))) for part in article.paragraphs
    )


def bar(spans: Sequence[Span], day: dt.date) -> Bar | None:
    """The bar of an article's texts; None where no day is known at all."""
    days = [one for span in spans for one in (span.starts, span.until) if one]
    if not days:
        return None
    first, last = min([*days, day]), min(max([*days, day]), dt.date.max - MARGIN) + MARGIN
    whole = (last - first).days or 1

    def at(one: dt.date) -> int:
        return round(WIDTH * (one - first).days / whole)

    pieces = [
        Piece(
            x=at(span.starts or first),
            width=max(LEAST, at(span.until or last) - at(span.starts or first)),
            state=span.state,
            starts=_iso(span.starts),
            until=_iso(span.until),
        )
        for span in spans
    ]
    return Bar(tuple(pieces), at(day), first.year, last.year)


def _excerpt(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The line that matches, or the first one."""
    found = [line for line in lines if line.marked]
    return tuple(found or lines[:1])


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
