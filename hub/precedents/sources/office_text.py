"""What an office wrote itself: its id, its kind and date, and the revision that a file becomes."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Final

from hub.precedents.article import Article, Kind, Revision
from hub.precedents.errors import SourceError
from hub.precedents.law_names import plain_name

NAMED_IN_CITATIONS: Final = frozenset({Kind.LAW, Kind.ORDER, Kind.ORDINANCE})
_OFFICE_ID: Final = re.compile(rf"own-({'|'.join(Kind)})-[0-9a-f]{{12}}")


def office_id(kind: Kind, issuer: str, *names: str) -> str:
    """The id of an office's text: the same for every version of it, never that of a law.

    Two texts of one title are two where kind or issuer differ, or any other of `names`.
    """
    said = "\n".join(map(plain_name, (issuer, *names)))
    return f"own-{kind}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def is_office_id(law_id: str) -> bool:
    """Whether an id is one that `office_id` gives."""
    return bool(_OFFICE_ID.fullmatch(law_id))


def gives_names(law_id: str) -> bool:
    """Whether citations may call the text of this id by its name: memos and the like are not."""
    found = _OFFICE_ID.fullmatch(law_id)
    return found is None or Kind(found[1]) in NAMED_IN_CITATIONS


def decoded(name: str, octets: bytes) -> str:
    """Text in UTF-8, or in the code page that spreadsheets of Japanese offices write."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return octets.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise SourceError(f"{name}: is neither UTF-8 nor Shift_JIS text")


def office_text(
    name: str, fields: Mapping[str, str], entries: Sequence[Article], usual: Kind
) -> Revision:
    """The revision that a file is; of its versions with different dates none replaces another.

    `fields` may have title, kind, issuer, number and date; `usual` is the kind without one.
    """
    _check(name, entries)
    title = fields.get("title") or PurePath(name).stem
    kind, starts = _kind(name, fields.get("kind"), usual), _day(name, fields.get("date"))
    issuer, number = fields.get("issuer", ""), fields.get("number", "")
    return Revision(
        law_id=office_id(kind, issuer, title, number),
        title=title,
        kind=kind,
        issuer=issuer,
        number=number,
        snapshot=str(starts or ""),
        source=name,
        articles=tuple(entries),
        starts=starts,
        key=f"office/{starts}" if starts else "office",
    )


def _check(name: str, entries: Sequence[Article]) -> None:
    """SourceError where there is no entry, or one number stands at two of them."""
    if not entries:
        raise SourceError(f"{name}: holds no entry; write text below the title or a heading")
    known = set[str]()
    for entry in entries:
        if entry.num in known:
            raise SourceError(
                f"{name}: {entry.label} is there twice (two texts for one article);"
                " number one of them otherwise"
            )
        known.add(entry.num)


def _kind(name: str, given: str | None, usual: Kind) -> Kind:
    if given is not None and given not in set(Kind):
        raise SourceError(f"{name}: kind {given!r} is none of {', '.join(Kind)}")
    return Kind(given) if given is not None else usual


def _day(name: str, given: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(given) if given is not None else None
    except ValueError as error:
        raise SourceError(f"{name}: date {given!r} is no day; write it as 2025-04-01") from error
