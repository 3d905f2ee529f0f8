"""Checks the pages of a letter and lays the address over the first. Runs in a child alone."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from hub.messages.channels.letters.findings import Finding, LetterCode
from hub.messages.channels.letters.window import Box

MM: Final = 72 / 25.4
A4: Final = (210.0, 297.0)
LOOSE_MM: Final = 2.0
EDGE_MM: Final = 5.0
INK: Final = 200
"""Darker than this is ink."""
PERSON: Final = re.compile(r"様|殿|御中|〒")
OTHER: Final = re.compile(r"番号|第\d+号|年\d+月\d+日|通知|お知らせ")
"""What stands in many blocks and is no part of an address: it would be lost."""
READING: Final = re.compile(r"[(（][\u3041-\u309f\u30a0-\u30ff\uff65-\uff9f]+[)）]")
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Order:
    """What is asked of the child. cover: the address gets a sheet of its own before the pages."""

    name: str
    seen: Box
    most_pages: int
    cover: bool


def make(data: bytes, stamp: bytes, order: Order) -> tuple[bytes, int] | tuple[Finding, ...]:
    """The letter and its number of pages, or every reason against it."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return (Finding(LetterCode.NOT_A_PDF),)
    if order.cover:
        document.new_page(A4[0] * MM, A4[1] * MM, 0)
    if len(document) > order.most_pages:
        return (Finding(LetterCode.TOO_MANY_PAGES),)
    findings = [*_pages(document), *_first(document[0], order)]
    if findings:
        return tuple(findings)
    _lay_over(document, stamp)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue(), len(document)


def _pages(document: pdfium.PdfDocument) -> Iterator[Finding]:
    """Findings about all pages, each code once with its pages."""
    found: dict[LetterCode, list[int]] = {}
    for number, page in enumerate(document, 1):
        for code in _page(page):
            found.setdefault(code, []).append(number)
    for code, numbers in found.items():
        yield Finding(code, tuple(numbers))


def _page(page: pdfium.PdfPage) -> Iterator[LetterCode]:
    width, height = (side / MM for side in page.get_size())
    if abs(width - A4[0]) > LOOSE_MM or abs(height - A4[1]) > LOOSE_MM or page.get_rotation():
        yield LetterCode.NOT_A4_PORTRAIT
        return
    if not all(_embedded(item) for item in page.get_objects()):
        yield LetterCode.FONT_NOT_EMBEDDED
    right, bottom = A4[0] - EDGE_MM, A4[1] - EDGE_MM
    picture = _picture(page)
    edges = (
        Box(0, 0, A4[0], EDGE_MM),
        Box(0, bottom, A4[0], A4[1]),
        Box(0, 0, EDGE_MM, A4[1]),
        Box(right, 0, A4[0], A4[1]),
    )
    if any(_inked(picture, edge) for edge in edges):
        yield LetterCode.OUTSIDE_PRINTABLE_AREA


def _first(page: pdfium.PdfPage, order: Order) -> Iterator[Finding]:
    """Takes the address block out of the window; whatever else can be seen there is a finding."""
    seen, height = order.seen, page.get_height()
    zone = (seen.left * MM, height - seen.bottom * MM, seen.right * MM, height - seen.top * MM)
    text = page.get_textpage()
    name, there = _packed(order.name), _packed(text.get_text_bounded(*zone))
    if PERSON.search(there) and name not in there:
        yield Finding(LetterCode.ADDRESS_OF_ANOTHER, (1,))
        return
    for item in _of_the_address(page, text, zone, name):
        page.remove_obj(item)
    page.gen_content()
    if _inked(_picture(page), seen):
        yield Finding(LetterCode.CONTENT_IN_WINDOW, (1,))


def _of_the_address(
    page: pdfium.PdfPage, text: pdfium.PdfTextPage, zone: Bounds, name: str
) -> list[pdfium.PdfObject]:
    """Texts wholly in the window on the line of the name, above it, or its reading below it."""
    left, bottom, right, top = zone
    lines: list[tuple[pdfium.PdfObject, Bounds, str]] = []
    for item in page.get_objects(max_depth=1):
        a, b, c, d = item.get_bounds()
        inside = left - MM <= a and c <= right + MM and bottom - MM <= b and d <= top + MM
        if inside and raw.FPDFPageObj_GetType(item.raw) == raw.FPDF_PAGEOBJ_TEXT:
            middle = (b + d) / 2
            line = _packed(text.get_text_bounded(left, middle - 1, right, middle + 1))
            lines.append((item, (a, b, c, d), line))
    lowest = min((bounds[1] for _, bounds, line in lines if name in line), default=top)
    return [
        item
        for item, bounds, line in lines
        if (bounds[3] > lowest and not OTHER.search(line)) or READING.fullmatch(line)
    ]


def _packed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _embedded(item: pdfium.PdfObject) -> bool:
    if raw.FPDFPageObj_GetType(item.raw) != raw.FPDF_PAGEOBJ_TEXT:
        return True
    font = raw.FPDFTextObj_GetFont(item.raw)
    return not font or raw.FPDFFont_GetIsEmbedded(font) == 1


def _lay_over(document: pdfium.PdfDocument, stamp: bytes) -> None:
    source = pdfium.PdfDocument(stamp)
    drawn = raw.FPDF_NewXObjectFromPage(document.raw, source.raw, 0)
    laid = raw.FPDF_NewFormObjectFromXObject(drawn)
    page = document[0]
    raw.FPDFPage_InsertObject(page.raw, laid)
    page.gen_content()
    raw.FPDF_CloseXObject(drawn)


def _picture(page: pdfium.PdfPage) -> Image.Image:
    return page.render(scale=cast("Any", 1.0), may_draw_forms=True).to_pil().convert("L")


def _inked(picture: Image.Image, box: Box) -> bool:
    part = picture.crop(
        (round(box.left * MM), round(box.top * MM), round(box.right * MM), round(box.bottom * MM))
    )
    darkest = cast("tuple[float, float]", part.getextrema())[0]
    return darkest < INK
