"""e-Gov law XML: one file is one revision of one law, with its supplements and tables."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from hub.precedents.article import Article, Kind, Paragraph, Revision, Standing
from hub.precedents.errors import SourceError
from hub.precedents.law_names import LAW_ID, id_of
from hub.precedents.sources.law_xml_text import paragraph_of, text_of
from hub.precedents.sources.plain_xml import parse

_REVISION_ID: Final = re.compile(rf"({LAW_ID.pattern})_(\d{{8}})_([0-9A-Z]{{15}})")
_DIVISIONS: Final = ("Part", "Chapter", "Section", "Subsection", "Division")
_LAW_TYPES: Final = {"Constitution", "Act"}
_NOT_REPEALED: Final = {"", "None"}


@dataclass
class _Walk:
    """The articles found so far, and how many supplements and tables."""

    articles: list[Article] = field(default_factory=list[Article])
    supplements: int = 0
    appendices: int = 0


def read_law(name: str, octets: bytes, today: dt.date | None = None) -> Revision:
    """The revision in a law file called `name`; SourceError when it is none.

    One in force whose day neither the file nor its name says is a snapshot of `today`.
    """
    root = parse(octets)
    law = root if root.tag == "Law" else next(root.iter("Law"), None)
    body = None if law is None else law.find("LawBody")
    if law is None or body is None:
        raise SourceError(f"{name}: is XML but no law of e-Gov (no Law element with a LawBody)")
    title = text_of(body.find("LawTitle")).strip()
    if not title:
        raise SourceError(f"{name}: the law has no title")
    named = _REVISION_ID.search(name)
    walk = _Walk()
    for part in body:
        _take(part, walk)
    abbreviation = body.find("LawTitle")
    starts = _starts(law, named)
    standing = _standing(law, starts)
    amended_by = named[3] if named else law.get("AmendmentPromulgateDate", "")
    return Revision(
        law_id=law.get("LawId") or (named[1] if named else id_of(title)),
        title=title,
        kind=Kind.LAW if law.get("LawType", "Act") in _LAW_TYPES else Kind.ORDER,
        issuer="国",
        number=text_of(law.find("LawNum")).strip(),
        snapshot=_snapshot(starts, standing, today),
        source=name,
        articles=_once(name, walk.articles),
        starts=starts,
        standing=standing,
        amended_by=amended_by,
        abbreviation="" if abbreviation is None else abbreviation.get("Abbrev", ""),
        comment=law.get("EnforcementComment", ""),
    )


def _starts(law: ET.Element, named: re.Match[str] | None) -> dt.date | None:
    """The day it came or comes into force: as the file says, else as its name says."""
    for attribute in ("EnforcementDate", "ScheduledEnforcementDate"):
        written = re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})", law.get(attribute, ""))
        if written:
            return _date(*written.groups())
    return _date(named[2][:4], named[2][4:6], named[2][6:]) if named else None


def _snapshot(starts: dt.date | None, standing: Standing, today: dt.date | None) -> str:
    """The day that the text stands for; none where it is not in force and no day is set."""
    if starts is None and standing is Standing.UNENFORCED:
        return ""
    return (starts or today or dt.date.today()).isoformat()  # noqa: DTZ011 - the office's own day


def _once(name: str, found: list[Article]) -> tuple[Article, ...]:
    """The articles, each number once; SourceError where one has two texts.

    Paragraphs outside of articles may stand in several chapters: the second such group is 0_2.
    """
    known: dict[str, Article] = {}
    groups: dict[str, int] = {}
    for given in found:
        one = given
        if one.num == "0" or one.num.endswith("_0"):
            groups[one.num] = groups.get(one.num, 0) + 1
            suffix = f"_{groups[one.num]}" if groups[one.num] > 1 else ""
            one = replace(one, num=one.num + suffix)
        if known.setdefault(one.num, one) != one:
            raise SourceError(
                f"{name}: {one.label} (article {one.num}) is there twice with different text"
                " (two texts for one article); fetch the file from e-Gov again"
            )
    return tuple(known.values())


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _standing(law: ET.Element, starts: dt.date | None) -> Standing:
    if law.get("RepealType", "") not in _NOT_REPEALED and law.get("RemainInForce") != "true":
        return Standing.REPEALED
    unenforced = law.get("Status") == "UnEnforced" and starts is None
    return Standing.UNENFORCED if unenforced else Standing.ENFORCED


def _take(part: ET.Element, walk: _Walk) -> None:
    if part.tag == "MainProvision":
        walk.articles += _provision(part, (), "", "", "本則")
    elif part.tag == "SupplProvision":
        walk.supplements += 1
        label = "".join(text_of(part.find("SupplProvisionLabel")).split()) or "附則"
        amending = part.get("AmendLawNum", "")
        label = f"{label}（{amending}）" if amending else label
        prefix = f"附{walk.supplements}_"
        walk.articles += _provision(part, (label,), prefix, label, label)
        for below in part:
            if below.tag.startswith("SupplProvisionAppdx"):
                _appendix(below, walk)
    elif part.tag == "Preamble":
        walk.articles.append(_loose("前文", "前文", (), [text_of(part)]))
    elif part.tag.startswith("Appdx"):
        _appendix(part, walk)


def _appendix(part: ET.Element, walk: _Walk) -> None:
    walk.appendices += 1
    title = next((text_of(one).strip() for one in part if one.tag.endswith("Title")), "")
    label = title or f"別表{walk.appendices}"
    lines = [text_of(one) for one in part if not one.tag.endswith("Title")]
    walk.articles.append(_loose(f"別{walk.appendices}", label, (), lines))


def _provision(
    part: ET.Element, path: tuple[str, ...], prefix: str, label: str, loose: str
) -> Iterator[Article]:
    """Articles below a provision, in order; its own paragraphs, where it has no articles."""
    paragraphs = [
        paragraph_of(one, place) for place, one in enumerate(part.findall("Paragraph"), 1)
    ]
    if paragraphs:
        yield Article(f"{prefix}0".lstrip("_"), loose, "", path, tuple(paragraphs))
    for one in part:
        if one.tag in _DIVISIONS:
            heading = text_of(one.find(f"{one.tag}Title")).strip()
            below = (*path, heading) if heading else path
            yield from _provision(one, below, prefix, label, loose)
        elif one.tag == "Article":
            yield _article(one, path, prefix, label)


def _article(part: ET.Element, path: tuple[str, ...], prefix: str, label: str) -> Article:
    own = text_of(part.find("ArticleTitle")).strip()
    caption = text_of(part.find("ArticleCaption")).strip()
    paragraphs = [
        paragraph_of(one, place) for place, one in enumerate(part.findall("Paragraph"), 1)
    ]
    rest = [text_of(one) for one in part if one.tag in {"SupplNote", "Figs"}]
    paragraphs += [Paragraph(str(len(paragraphs) + 1), line) for line in rest if line.strip()]
    return Article(
        num=prefix + part.get("Num", own),
        label=label + own,
        caption=caption.removeprefix("（").removesuffix("）"),
        path=path,
        paragraphs=tuple(paragraphs),
    )


def _loose(num: str, label: str, path: tuple[str, ...], lines: list[str]) -> Article:
    said = [line.strip() for line in lines if line.strip()]
    paragraphs = tuple(Paragraph(str(place), line) for place, line in enumerate(said, 1))
    return Article(num, label, "", path, paragraphs)
