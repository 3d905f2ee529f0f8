"""A Word document read directly: mammoth gives the body, its archive is looked at before.

A document of Word has no pages until it is printed, so all of it is one page without places.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from hub.messages.documents import docx_markup as markup
from hub.messages.documents.characters import bare, is_private
from hub.messages.documents.docx_body import NOWHERE, Body, Content
from hub.messages.documents.docx_markup import Plain, parsed
from hub.messages.documents.docx_styles import WORD, Styles
from hub.messages.documents.part import Part, failed
from hub.messages.documents.result import (
    DocumentWarning,
    Line,
    Page,
    ReadError,
    WarningCode,
)

ENTRIES: Final = 2_000
UNPACKED: Final = 96 * 1024 * 1024
LOCKED: Final = b"\xd0\xcf\x11\xe0"
"""Beginning of the container that Word puts an encrypted document into."""
TEXTS: Final = re.compile(rb"<(?:[^\s<>:/]+:)?(?:document|hdr|ftr|footnotes|endnotes)[\s>/]")
"""Parts with text that a page shows."""
RUNNING: Final = {f"{WORD}hdr": "header", f"{WORD}ftr": "footer"}
ACTING: Final = re.compile(r"vbaProject|/embeddings/|/activeX/|/ctrlProps/", re.IGNORECASE)
EXTERNAL: Final = re.compile(rb'<Relationship\b[^>]*TargetMode\s*=\s*"External"[^>]*>')
HYPERLINK: Final = b"relationships/hyperlink"
CHUNK: Final = 1 << 20
LONGEST_MARK: Final = 16


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
            acts = _acts(archive)
            made = _made_plain(archive)
        body = _body(made.archive)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, ET.ParseError, RecursionError):
        return failed(ReadError.DAMAGED)
    page = Page(
        width=0,
        height=0,
        lines=tuple(body.lines),
        tables=tuple(body.tables),
        header=_lines(made.running["header"]),
        footer=_lines(made.running["footer"]),
        ruby=_lines(made.plain.ruby),
        hidden=_lines(made.plain.hidden),
    )
    warnings = [DocumentWarning(WarningCode.ACTIONS)] if acts else []
    warnings += [DocumentWarning(code, 1) for code in _doubts(page, made)]
    return Part((page,), 1, warnings=tuple(warnings))


@dataclass(frozen=True)
class _Made:
    """The archive that mammoth reads, with what was taken out of it or is not for mammoth."""

    archive: bytes
    plain: Plain
    running: Mapping[str, Sequence[str]]
    expected: Counter[str]
    """The characters that mammoth has to find."""


def _made_plain(archive: zipfile.ZipFile) -> _Made:
    styles = "word/styles.xml"
    known = styles in archive.namelist()
    plain = Plain(Styles.of(parsed(archive.read(styles)) if known else None))
    running: dict[str, list[str]] = {"header": [], "footer": []}
    expected: Counter[str] = Counter()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for name in sorted(set(archive.namelist())):
            if not name.endswith((".xml", ".rels")):
                continue  # pictures, which are not looked at
            data = archive.read(name)
            if name.endswith(".xml") and TEXTS.search(data.replace(b"\0", b"")):
                root = parsed(data)
                plain.make(root)
                kind = RUNNING.get(root.tag)
                if kind is not None:
                    running[kind] += markup.lines(root)
                elif root.tag == f"{WORD}document":
                    expected += markup.characters(root)
                data = ET.tostring(root, encoding="utf-8")
            written.writestr(name, data)
    return _Made(made.getvalue(), plain, running, expected)


def _body(archive: bytes) -> Content:
    import mammoth  # noqa: PLC0415 a tenth of a second that no PDF should wait for

    pictures = mammoth.images.img_element(_no_picture)
    made = mammoth.convert_to_html(
        io.BytesIO(archive), include_embedded_style_map=False, convert_image=pictures
    )
    body = Body()
    body.feed(made.value)
    body.close()
    return body.content


def _no_picture(_image: object) -> dict[str, str]:
    """Of a picture nothing is read."""
    return {}


def _doubts(page: Page, made: _Made) -> Iterator[WarningCode]:
    shown = (*page.lines, *page.header, *page.footer, *page.ruby)
    if any(is_private(character) for line in shown for character in line.text):
        yield WarningCode.PUA
    if page.hidden:
        yield WarningCode.HIDDEN_TEXT
    found = Counter(bare(page.text))
    if made.plain.doubtful or made.expected - found:
        yield WarningCode.READERS_DISAGREE


def _lines(texts: Iterable[str]) -> tuple[Line, ...]:
    """Lines without a place, each text once."""
    return tuple(Line(text, NOWHERE) for text in dict.fromkeys(texts) if text.strip())


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
