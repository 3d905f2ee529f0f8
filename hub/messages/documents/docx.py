"""A Word document read directly: mammoth gives the body, its archive is looked at before.

A document of Word has no pages until it is printed, so all of it is one page without places.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final
from xml.etree import ElementTree as ET

from hub.messages.documents.characters import is_private
from hub.messages.documents.glyph import Box
from hub.messages.documents.paragraphs import joined
from hub.messages.documents.part import Part, failed
from hub.messages.documents.result import (
    DocumentWarning,
    Line,
    Page,
    ReadError,
    Table,
    WarningCode,
)

ENTRIES: Final = 2_000
UNPACKED: Final = 96 * 1024 * 1024
LOCKED: Final = b"\xd0\xcf\x11\xe0"
"""Beginning of the container that Word puts an encrypted document into."""
NOWHERE: Final = Box(0, 0, 0, 0)
WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ACTING: Final = re.compile(r"vbaProject|/embeddings/|/activeX/|/ctrlProps/", re.IGNORECASE)
EXTERNAL: Final = re.compile(rb'<Relationship\b[^>]*TargetMode\s*=\s*"External"[^>]*>')
HYPERLINK: Final = b"relationships/hyperlink"
CHUNK: Final = 1 << 20
LONGEST_MARK: Final = 16
MOST_SPAN: Final = 100
PARAGRAPHS: Final = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6")
BREAK: Final = "\n"
"""Between the paragraphs of a cell."""


def is_docx(data: bytes) -> bool:
    """Whether the bytes begin as a Word document does, locked or not."""
    return data.startswith((b"PK\x03\x04", LOCKED))


def read(data: bytes) -> Part:
    """A Word document as one page; a part with its error when it is none or is forbidden."""
    if data.startswith(LOCKED):
        return failed(ReadError.PASSWORD_NEEDED)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            forbidden = _forbidden(archive)
            if forbidden is not None:
                return failed(forbidden)
            running = {part: tuple(_running(archive, part)) for part in ("header", "footer")}
            acts = _acts(archive)
        import mammoth  # noqa: PLC0415 a tenth of a second that no PDF should wait for

        html = mammoth.convert_to_html(io.BytesIO(data), include_embedded_style_map=False).value
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, ET.ParseError):
        return failed(ReadError.DAMAGED)
    body = _Body()
    body.feed(html)
    body.close()
    page = Page(0, 0, tuple(body.lines), tuple(body.tables), running["header"], running["footer"])
    warnings = [DocumentWarning(WarningCode.ACTIONS)] if acts else []
    if any(is_private(character) for character in page.text):
        warnings.append(DocumentWarning(WarningCode.PUA, 1))
    return Part((page,), 1, warnings=tuple(warnings))


def _forbidden(archive: zipfile.ZipFile) -> ReadError | None:
    """What no document of Word needs: bombs, ways out of the folder, entities."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "word/document.xml" not in names:
        return ReadError.NOT_A_DOCUMENT
    if any(_leads_out(entry.filename) for entry in entries):
        return ReadError.FORBIDDEN_CONTENT
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED:
        return ReadError.TOO_LARGE
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")) and _has_doctype(archive, entry):
            return ReadError.FORBIDDEN_CONTENT
    return None


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "" or ".." in parts or ":" in parts[0]


def _has_doctype(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a part declares a type or entities, wherever it does: comments may stand before."""
    kept = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            plain = kept + chunk.replace(b"\0", b"")
            if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                return True
            kept = plain[-LONGEST_MARK:]
    return False


def _acts(archive: zipfile.ZipFile) -> bool:
    """Whether it holds macros, embedded objects, or parts to be fetched from elsewhere."""
    names = archive.namelist()
    if any(ACTING.search(name) for name in names):
        return True
    for name in names:
        if name.endswith(".rels"):
            links = EXTERNAL.findall(archive.read(name))
            if any(HYPERLINK not in link for link in links):
                return True
    return False


def _running(archive: zipfile.ZipFile, part: str) -> Iterator[Line]:
    """The lines of the headers or footers, each once."""
    seen: set[str] = set()
    for name in sorted(archive.namelist()):
        if not re.fullmatch(rf"word/{part}\d*\.xml", name):
            continue
        root = ET.fromstring(archive.read(name))  # noqa: S314 without DOCTYPE, in the sandbox
        for paragraph in root.iter(f"{WORD}p"):
            text = "".join(node.text or "" for node in paragraph.iter(f"{WORD}t")).strip()
            if text and text not in seen:
                seen.add(text)
                yield Line(text, NOWHERE)


class _Body(HTMLParser):
    """Lines and tables of mammoth's HTML, merged cells in their first place."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.tables: list[Table] = []
        self._text: list[str] = []
        self._rows: list[list[str]] = []
        self._waiting: dict[tuple[int, int], str] = {}
        self._span = (1, 1)
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._flush()
                self._rows, self._waiting = [], {}
        elif tag == "tr" and self._depth == 1:
            self._rows.append([])
        elif tag in ("td", "th") and self._depth == 1:
            self._text = []
            known = dict(attrs)
            self._span = (_span(known.get("rowspan")), _span(known.get("colspan")))
        elif tag == "br":
            if self._depth:
                return
            self._flush()

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._depth -= 1
            if self._depth == 0:
                self._end_table()
        elif tag in ("td", "th") and self._depth == 1 and self._rows:
            self._cell("".join(self._text).strip())
            self._text = []
        elif tag in PARAGRAPHS and self._depth == 1:
            self._text.append(BREAK)
        elif tag in PARAGRAPHS and self._depth == 0:
            self._flush()

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def _flush(self) -> None:
        text = "".join(self._text).strip()
        self._text = []
        if text:
            self.lines.append(Line(text, NOWHERE))

    def _cell(self, text: str) -> None:
        row = len(self._rows) - 1
        cells = self._rows[row]
        while (row, len(cells)) in self._waiting:
            cells.append(self._waiting.pop((row, len(cells))))
        at = len(cells)
        down, right = self._span
        cells.extend([text, *[""] * (right - 1)])
        for below in range(1, down):
            for beside in range(right):
                self._waiting[row + below, at + beside] = ""

    def _end_table(self) -> None:
        rows = [row for row in self._rows if row]
        width = max((len(row) for row in rows), default=0)
        if len(rows) == 1 and any(BREAK in text for text in rows[0]):
            self._side_by_side(rows[0])
            return
        full = tuple(
            tuple(_one_line(text) for text in row + [""] * (width - len(row))) for row in rows
        )
        if full:
            self.tables.append(Table(full, NOWHERE))
            self.lines.extend(Line("\t".join(row), NOWHERE) for row in full)

    def _side_by_side(self, cells: list[str]) -> None:
        """Blocks of paragraphs that a table of one row sets beside each other: read in turn."""
        for text in cells:
            self.lines.extend(
                Line(line.strip(), NOWHERE) for line in text.split(BREAK) if line.strip()
            )


def _one_line(text: str) -> str:
    """A cell's paragraphs as one line."""
    whole = ""
    for line in text.split(BREAK):
        whole = joined(whole, line.strip()) if whole else line.strip()
    return whole


def _span(value: str | None) -> int:
    return min(int(value), MOST_SPAN) if value and value.isdecimal() else 1
