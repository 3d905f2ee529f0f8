"""JSON lines, one article a row: the fields of the statute snapshots and of the handbook."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from hub.precedents.article import Article, Cited, Kind, Paragraph, Revision
from hub.precedents.errors import SourceError
from hub.precedents.law_names import LAW_ID, id_of, known_laws, number_of, own_id
from hub.precedents.sources.office_text import NAMED_IN_CITATIONS, office_id

LONGEST_TEXT: Final = 1_000_000
MOST_ROWS: Final = 500_000
_SNAPSHOT: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_NUM: Final = re.compile(r"[0-9A-Za-z_:\-\u3040-\u30ff\u4e00-\u9fff]{1,40}")
_ORDERS: Final = ("施行令", "施行規則", "規則", "省令", "政令")


@dataclass(frozen=True)
class _Row:
    """One row, read: what belongs to its revision and what to its article.

    `cited_as` is the id by which other rows cite its text, which is not an office text's own.
    """

    revision: Revision
    article: Article
    cited_as: str


def read_rows(name: str, lines: Iterable[bytes]) -> list[Revision]:
    """The revisions in the lines, as they first appear; SourceError names the line."""
    heads: dict[tuple[str, str, str], Revision] = {}
    articles: dict[tuple[str, str, str], dict[str, Article]] = {}
    cited_as: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        if number > MOST_ROWS:
            raise SourceError(f"{where}: more than {MOST_ROWS} rows; split the file")
        row = _row(where, name, line)
        key = (row.revision.law_id, row.revision.name, row.revision.title)
        heads.setdefault(key, row.revision)
        cited_as.setdefault(row.cited_as, row.revision.law_id)
        _add(where, articles.setdefault(key, {}), row.article)
    laws = {law.law_id for law in known_laws()} | {law_id for law_id, _, _ in heads}
    own_ids = {old: own for old, own in cited_as.items() if old not in laws}
    return [
        replace(head, articles=tuple(_led(one, own_ids) for one in articles[key].values()))
        for key, head in heads.items()
    ]


def _led(article: Article, own_ids: dict[str, str]) -> Article:
    """The article; where it cites an office text of the same file, by the id that the text has."""
    cites = (
        one
        if LAW_ID.fullmatch(one.law_id)
        else replace(one, law_id=own_ids.get(one.law_id, one.law_id))
        for one in article.cites
    )
    return replace(article, cites=tuple(cites)) if article.cites else article


def _add(where: str, known: dict[str, Article], article: Article) -> None:
    """Keep an article; one that comes again word for word is dropped, another text refused."""
    if known.setdefault(article.num, article) != article:
        raise SourceError(f"{where}: article {article.num} is there twice with different text")


def _row(where: str, name: str, line: bytes) -> _Row:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{where}: is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise SourceError(f"{where}: is not a JSON object")
    row = cast("dict[str, Any]", found)
    title = _text(where, row, "law", 300)
    snapshot = _text(where, row, "snapshot", 10)
    if not title or not _SNAPSHOT.fullmatch(snapshot):
        raise SourceError(f"{where}: needs law, and snapshot as YYYY-MM or YYYY-MM-DD")
    head = _head(where, name, row, title, snapshot)
    return _Row(head, _article(where, row), id_of(title, row.get("law_id")))


def _head(where: str, name: str, row: dict[str, Any], title: str, snapshot: str) -> Revision:
    kind = _text(where, row, "kind", 40)
    if kind and kind not in set(Kind):
        raise SourceError(f"{where}: kind {kind!r} is none of {', '.join(Kind)}")
    starts = _text(where, row, "in_force_from", 10)
    try:
        day = dt.date.fromisoformat(starts) if starts else None
    except ValueError as error:
        raise SourceError(f"{where}: in_force_from is no date: {starts}") from error
    found = Kind(kind) if kind else _kind_of(title)
    issuer = _text(where, row, "issuer", 200) or "国"
    known = number_of(title) if found in {Kind.LAW, Kind.ORDER} else ""
    return Revision(
        law_id=_id_of(title, found, issuer, row.get("law_id")),
        title=title,
        kind=found,
        issuer=issuer,
        number=_text(where, row, "number", 200) or known,
        snapshot=snapshot,
        source=_text(where, row, "source", 300) or name,
        articles=(),
        starts=day,
        sample=row.get("sample") is True,
    )


def _id_of(title: str, kind: Kind, issuer: str, given: object) -> str:
    """The id of a row's text. An office's never has that of a law, whatever it is called.

    A `law_id` of the office's own tells its texts apart in the place of their titles.
    """
    if kind in NAMED_IN_CITATIONS:
        return id_of(title, given or (own_id(title) if kind is Kind.ORDINANCE else None))
    own = isinstance(given, str) and given and not LAW_ID.fullmatch(given)
    return office_id(kind, issuer, str(given) if own else title)


def _kind_of(title: str) -> Kind:
    orders = {law.title for law in known_laws() if law.act}
    return Kind.ORDER if title in orders or title.endswith(_ORDERS) else Kind.LAW


def _article(where: str, row: dict[str, Any]) -> Article:
    num = _text(where, row, "num", 40)
    if not _NUM.fullmatch(num):
        raise SourceError(f"{where}: num {num!r} is no article number such as 48_2")
    return Article(
        num=num,
        label=_text(where, row, "article", 100) or num,
        caption=_text(where, row, "caption", 500),
        path=tuple(_texts(where, row, "path")),
        paragraphs=tuple(_paragraphs(where, row)),
        cites=tuple(_cites(where, row)),
    )


def _paragraphs(where: str, row: dict[str, Any]) -> Iterator[Paragraph]:
    found = _texts(where, row, "paragraphs") or [_text(where, row, "text", LONGEST_TEXT)]
    if not any(part.strip() for part in found):
        raise SourceError(f"{where}: has neither paragraphs nor text")
    for place, part in enumerate(found, 1):
        yield Paragraph(str(place), part)


def _cites(where: str, row: dict[str, Any]) -> Iterator[Cited]:
    for one in row.get("cites") or []:
        try:
            title, num = str(one["law"]), str(one["num"])
            yield Cited(title, id_of(title, one.get("law_id")), num)
        except (TypeError, KeyError, AttributeError) as error:
            raise SourceError(f"{where}: cites needs objects with law and num") from error


def _text(where: str, row: dict[str, Any], key: str, longest: int) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise SourceError(f"{where}: {key} must be text of at most {longest} characters")
    return value.replace("\0", "").strip()


def _texts(where: str, row: dict[str, Any], key: str) -> list[str]:
    value = row.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise SourceError(f"{where}: {key} must be a list of texts")
    parts = cast("list[object]", value)
    if (
        any(not isinstance(part, str) for part in parts)
        or sum(map(len, map(str, parts))) > LONGEST_TEXT
    ):
        raise SourceError(f"{where}: {key} must be a list of texts of bounded length")
    return [str(part).replace("\0", "") for part in parts]
