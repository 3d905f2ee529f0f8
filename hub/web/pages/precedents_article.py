"""One article with what stands around it, and one law's contents; addresses hold no question."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request, Response

from hub.clock import local_date
from hub.errors import NotFoundError
from hub.office import Office
from hub.precedents.answers import Answer
from hub.precedents.citations import Place
from hub.precedents.citing import address_of
from hub.precedents.reading import Contents, Surroundings, read_article, read_law
from hub.precedents.store import Store
from hub.web.context import office_of, page
from hub.web.precedents_view import answer_view, plain_lines
from hub.web.security import PRECEDENT_READERS_ONLY, Visitor

router = APIRouter(dependencies=[PRECEDENT_READERS_ONLY])


@router.get("/precedents/laws/{law_id}")
def show_law(request: Request, visitor: Visitor, law_id: str, on: str = "") -> Response:
    """What a law holds on a day, with a link to each article."""
    office = office_of(request)
    day = _day(office, on)
    with _store(office) as store:
        found = read_law(store, law_id, day)
    return page(
        request,
        "precedents/law.html",
        visitor,
        law=found.valid.revision,
        starts=found.valid.starts,
        until=found.valid.until,
        contents=tuple(_contents(found, law_id, day.isoformat())),
    )


@router.get("/precedents/laws/{law_id}/{num}")
def show_article(
    request: Request, visitor: Visitor, law_id: str, num: str, on: str = ""
) -> Response:
    """One article on a day, the one before and the one after, and its links."""
    office = office_of(request)
    day = _day(office, on)
    with _store(office) as store:
        answer, around = read_article(store, Place(law_id, num), day)
        beside = tuple(_beside(store, law_id, around, day))
    return page(
        request,
        "precedents/article.html",
        visitor,
        one=answer_view(1, answer.as_json() | {"exact_citation": False}, around, day),
        paragraphs=plain_lines(answer.article),
        beside=beside,
        day=day.isoformat(),
    )


def _beside(
    store: Store, law_id: str, around: Surroundings, day: dt.date
) -> Iterator[tuple[str, Answer]]:
    for one in (around.before, around.after):
        if one is not None:
            address = address_of(law_id, one.num, day.isoformat())
            yield address, read_article(store, Place(law_id, one.num), day)[0]


def _contents(found: Contents, law_id: str, on: str) -> Iterator[dict[str, Any]]:
    """Each article with the heading that begins above it."""
    former: tuple[str, ...] = ()
    for one, path in found.articles:
        heading = " › ".join(path) if path != former else ""
        former = path
        yield {
            "heading": heading,
            "address": address_of(law_id, one.num, on),
            "label": one.label,
            "caption": one.caption,
        }


def _store(office: Office) -> Store:
    if not office.precedents.store.is_file():
        raise NotFoundError("there is no collection yet")
    return Store(office.precedents.store)


def _day(office: Office, on: str) -> dt.date:
    try:
        return dt.date.fromisoformat(on) if on else local_date(office.clock())
    except ValueError:
        raise NotFoundError("there is no such day") from None
