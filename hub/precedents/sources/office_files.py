"""What offices write themselves: Markdown notes and CSV lists of questions and answers."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from hub.numerals import value_of
from hub.precedents.article import Article, Kind, Paragraph, Revision
from hub.precedents.errors import SourceError
from hub.precedents.law_names import id_of

MOST_ENTRIES: Final = 100_000
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*)")
_FIELD: Final = re.compile(r"([a-z_]+)\s*[:：]\s*(.+)")
_ARTICLE: Final = re.compile(
    r"第([0-9〇一二三四五六七八九十百千]+)条((?:の[0-9一二三四五六七八九十百]+)*)[\s　]*(.*)"
)
_COLUMNS: Final = {"質問": "question", "問": "question", "回答": "answer", "答": "answer"}


def decoded(name: str, octets: bytes) -> str:
    """Text in UTF-8, or in the code page that spreadsheets of Japanese offices write."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return octets.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise SourceError(f"{name}: is neither UTF-8 nor Shift_JIS text")


def read_markdown(name: str, octets: bytes) -> Revision:
    """A note: `# title`, lines `kind: memo`, then one entry for each heading that has text."""
    title, fields, entries = "", dict[str, str](), list[Article]()
    path: list[str] = []
    body: list[str] = []
    for line in [*decoded(name, octets).splitlines(), "# "]:
        found = _HEADING.fullmatch(line.rstrip() or " ") or (line == "# " and _HEADING.match("# "))
        if not found:
            field = _FIELD.fullmatch(line.strip())
            if field and not path and not any(body):
                fields[field[1]] = field[2].strip()
            else:
                body.append(line)
            continue
        if path and any(part.strip() for part in body):
            entries.append(_note(len(entries) + 1, path, body))
        body = []
        depth, text = len(found[1]), found[2].strip()
        if depth == 1:
            title, path = title or text, []
        else:
            path = [*path[: depth - 2], text]
    return _office_text(name, title, fields, tuple(entries), Kind.MEMO)


def _note(place: int, path: list[str], body: list[str]) -> Article:
    caption, num, label = path[-1], str(place), f"第{place}項目"
    numbered = _ARTICLE.fullmatch(caption)
    if numbered:
        branches = re.findall(r"[^の]+", numbered[2])
        num = "_".join(str(value_of(part)) for part in (numbered[1], *branches))
        label, caption = caption.removesuffix(numbered[3]).strip(), numbered[3].strip("（）")
    blocks = re.split(r"\n\s*\n", "\n".join(body).strip())
    paragraphs = (Paragraph(str(number), block.strip()) for number, block in enumerate(blocks, 1))
    return Article(num, label, caption, tuple(path[:-1]), tuple(paragraphs))


def read_questions(name: str, octets: bytes) -> Revision:
    """A CSV with a heading row that has question and answer (質問, 回答); one entry a row."""
    rows = csv.DictReader(io.StringIO(decoded(name, octets)), strict=True)
    try:
        headings = {
            _COLUMNS.get(given.strip(), given.strip()): given for given in rows.fieldnames or ()
        }
        if not {"question", "answer"} <= set(headings):
            raise SourceError(f"{name}: the first row must name the columns question and answer")
        entries = tuple(_answers(rows, headings))
    except csv.Error as error:
        raise SourceError(f"{name}: is broken CSV in line {rows.line_num}: {error}") from error
    return _office_text(name, "", {}, entries, Kind.QUESTIONS)


def _answers(rows: "csv.DictReader[str]", headings: dict[str, str]) -> Iterator[Article]:
    for place, row in enumerate(rows, 1):
        question = (row.get(headings["question"]) or "").strip()
        answer = (row.get(headings["answer"]) or "").strip()
        chapter = (row.get(headings.get("chapter", "")) or "").strip()
        if place > MOST_ENTRIES:
            raise csv.Error(f"more than {MOST_ENTRIES} rows")
        if question and answer:
            path = (chapter,) if chapter else ()
            yield Article(str(place), f"問{place}", question, path, (Paragraph("1", answer),))


def _office_text(
    name: str, title: str, fields: dict[str, str], entries: tuple[Article, ...], kind: Kind
) -> Revision:
    if not entries:
        raise SourceError(f"{name}: holds no entry")
    if len({entry.num for entry in entries}) != len(entries):
        raise SourceError(f"{name}: an entry number is there twice")
    title = title or PurePath(name).stem
    try:
        kind = Kind(fields.get("kind", kind))
        starts = dt.date.fromisoformat(fields["date"]) if "date" in fields else None
    except ValueError as error:
        raise SourceError(f"{name}: {error}") from error
    return Revision(
        law_id=id_of(title),
        title=title,
        kind=kind,
        issuer=fields.get("issuer", ""),
        number=fields.get("number", ""),
        snapshot=str(starts or ""),
        source=name,
        articles=entries,
        starts=starts,
        key="office",
    )
