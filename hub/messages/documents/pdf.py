"""A PDF read twice and put in order once: what a person sees, and every reason for doubt."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hub.messages.documents import pdfium_reader, playa_reader
from hub.messages.documents.characters import is_private
from hub.messages.documents.composition import compose
from hub.messages.documents.glyph import DrawnDocument, DrawnPage, Glyph, Hidden, around
from hub.messages.documents.part import Part, failed, renumbered
from hub.messages.documents.result import DocumentWarning, Page, ReadError, WarningCode
from hub.messages.documents.second_opinion import doubtful, same_characters
from hub.messages.documents.visibility import as_ocr_layer

TAIL: Final = 2048
FULL_PAGE: Final = 0.5
"""Share of the page that a picture covers from which a page without text is a scan."""
START: Final = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
ZIP_END: Final = b"PK\x05\x06"
OTHER_KINDS: Final = (b"PK", b"MZ", b"\x7fELF", b"GIF8", b"\xff\xd8\xff", b"\x89PNG", b"<", b"#!")
"""Beginnings of files that are something else as well."""


def read(data: bytes, password: str, asked: range) -> Part:
    """The pages `asked` (from 0) of a PDF; a file that does not open gives a part with its error.

    A password that the file does not need is not looked at.
    """
    if b"%PDF-" not in data[:1024]:
        return failed(ReadError.NOT_A_DOCUMENT)
    if data.startswith(OTHER_KINDS) or ZIP_END in data[-65_557:]:
        return failed(ReadError.FORBIDDEN_CONTENT)
    try:
        first = playa_reader.read(data, password, asked)
    except playa_reader.UnreadableError as error:
        return failed(error.reason)
    second = pdfium_reader.read(data, password, asked)
    repaired = _repaired(data) or second is None
    useless = _useless(data, first, asked, repaired=repaired)
    if useless is not None:
        something = any(page.glyphs for page in first.pages)
        return failed(useless, *(_of_the_whole(first, repaired=repaired) if something else ()))
    return _part(first, second, asked, repaired=repaired)


def _part(
    first: DrawnDocument, second: DrawnDocument | None, asked: range, *, repaired: bool
) -> Part:
    pages = [replace(p, glyphs=tuple(as_ocr_layer(p.glyphs, p.pictures))) for p in first.pages]
    composed = tuple(compose(page) for page in pages)
    warnings = [
        *(w for number, page in enumerate(pages, 1) for w in _of_a_page(page, number)),
        *_disagreements(pages, composed, second),
    ]
    return Part(
        pages=composed,
        count=first.count,
        form=first.form,
        warnings=(
            *_of_the_whole(first, repaired=repaired),
            *renumbered(warnings, asked.start),
        ),
    )


def _useless(
    data: bytes, first: DrawnDocument, asked: range, *, repaired: bool
) -> ReadError | None:
    """Why nothing of it may be used: no pages, nothing on them, or a part of it is missing."""
    if first.count == 0:
        return ReadError.NO_PAGES
    if repaired and _cut_short(data, first):
        return ReadError.DAMAGED
    inked = any(page.glyphs or page.pictures or page.rules for page in first.pages)
    return None if inked or first.count > len(asked) else ReadError.NO_CONTENT


def _repaired(data: bytes) -> bool:
    """Whether the file's table of objects is missing or points nowhere."""
    match = START.search(data[-TAIL:])
    if match is None:
        return True
    at = int(match.group(1))
    return not re.match(rb"\s*(?:xref|\d+\s+\d+\s+obj)", data[at : at + 40])


def _cut_short(data: bytes, first: DrawnDocument) -> bool:
    """Whether so much is missing that what is left would pass for the whole."""
    whole = data.count(b"endobj") >= data.count(b" obj")
    empty = not any(page.glyphs or page.pictures for page in first.pages)
    return empty or not whole or data.count(b"endstream") < len(re.findall(rb"\bstream\r?\n", data))


def _of_the_whole(first: DrawnDocument, *, repaired: bool) -> list[DocumentWarning]:
    found: list[DocumentWarning] = []
    if repaired:
        found.append(DocumentWarning(WarningCode.REPAIRED))
    if first.encrypted:
        found.append(DocumentWarning(WarningCode.ENCRYPTED))
    found.extend(DocumentWarning(WarningCode.ACTIONS, page) for page in first.acting)
    return found


def _of_a_page(page: DrawnPage, number: int) -> list[DocumentWarning]:
    found: list[DocumentWarning] = []

    def warn(code: WarningCode, glyphs: Sequence[Glyph]) -> None:
        if glyphs:
            found.append(DocumentWarning(code, number, around([g.box for g in glyphs])))

    inked = [glyph for glyph in page.glyphs if not glyph.blank]
    seen = [glyph for glyph in inked if glyph.hidden is None]
    warn(WarningCode.OCR_LAYER, [g for g in inked if g.hidden is Hidden.OCR_LAYER])
    warn(WarningCode.HIDDEN_TEXT, [g for g in inked if g.hidden not in (None, Hidden.OCR_LAYER)])
    warn(WarningCode.NO_UNICODE_MAP, [g for g in page.glyphs if g.unmapped and g.hidden is None])
    if not any(glyph.unmapped for glyph in seen):
        warn(WarningCode.PUA, [g for g in seen if any(is_private(c) for c in g.text)])
    if page.truncated:
        found.append(DocumentWarning(WarningCode.LIMIT, number))
    large = [b for b in page.pictures if b.width * b.height >= FULL_PAGE * page.width * page.height]
    if large and not inked:
        found.append(DocumentWarning(WarningCode.SCAN, number, around(large)))
    return found


def _disagreements(
    pages: Sequence[DrawnPage], composed: Sequence[Page], second: DrawnDocument | None
) -> list[DocumentWarning]:
    """Pages and lines on which the two readers do not find the same."""
    if second is None:
        return []
    if len(pages) != len(second.pages):
        return [DocumentWarning(WarningCode.READERS_DISAGREE)]
    found: list[DocumentWarning] = []
    for number, (one, page, two) in enumerate(zip(pages, composed, second.pages, strict=True), 1):
        if any(glyph.unmapped for glyph in one.glyphs):
            continue  # both make it up, and it is said already
        lines = doubtful(page, one, two)
        found += [DocumentWarning(WarningCode.READERS_DISAGREE, number, x.box) for x in lines]
        if not lines and not same_characters(one, two):
            found.append(DocumentWarning(WarningCode.READERS_DISAGREE, number))
    return found
