"""The second reader: PDFium, another code base, so that two would have to err alike.

It names characters and places as the first does; it drops variation selectors and knows no
ruling lines, so those come from the first alone.
"""

import ctypes
import math
from collections.abc import Iterator
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from hub.messages.documents.characters import fold_radicals, is_selector
from hub.messages.documents.glyph import Box, DrawnDocument, DrawnPage, Glyph
from hub.messages.documents.limits import GLYPHS_A_PAGE, GLYPHS_IN_ALL

NOT_CHARACTERS: Final = (0, 0xFFFE, 0xFFFF)
HYPHEN: Final = 2
"""PDFium's mark for a hyphen at the end of a line."""


def read(data: bytes, password: str, asked: range) -> DrawnDocument | None:
    """Everything PDFium finds on the pages `asked` (from 0), or None when it does not open."""
    try:
        document = pdfium.PdfDocument(data, password=password or None)
    except pdfium.PdfiumError:
        return None
    try:
        pages: list[DrawnPage] = []
        left = GLYPHS_IN_ALL
        for number in range(asked.start, min(asked.stop, len(document))):
            if left <= 0:
                break
            pages.append(_page(document, number, min(left, GLYPHS_A_PAGE)))
            left -= len(pages[-1].glyphs)
        return DrawnDocument(tuple(pages), count=len(document))
    finally:
        document.close()


def _page(document: pdfium.PdfDocument, number: int, most: int) -> DrawnPage:
    page = document[number]
    text = page.get_textpage()
    try:
        width, height = page.get_size()
        turn = page.get_rotation()
        count = min(text.count_chars(), most)
        media = page.get_mediabox() or (0.0, 0.0, width, height)
        glyphs = tuple(
            glyph
            for index, code in _codes(text, count)
            if (glyph := _glyph(text, index, code, media, turn)) is not None
        )
        return DrawnPage(width, height, glyphs, truncated=count >= most)
    finally:
        text.close()
        page.close()


def _codes(text: pdfium.PdfTextPage, count: int) -> Iterator[tuple[int, int]]:
    """Index and code point of each character; the halves of a surrogate pair are put together."""
    high = 0
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
        elif 0xDC00 <= code < 0xE000 and high:
            yield index, 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
            high = 0
        else:
            yield index, code


def _glyph(
    text: pdfium.PdfTextPage,
    index: int,
    code: int,
    media: tuple[float, float, float, float],
    turn: int,
) -> Glyph | None:
    if code in NOT_CHARACTERS or raw.FPDFText_IsGenerated(text, index) == 1:
        return None
    code = ord("-") if code == HYPHEN else code
    character = chr(code) if not 0xD800 <= code <= 0xDFFF else "\ufffd"
    rectangle = raw.FS_RECTF()
    if is_selector(character) or not raw.FPDFText_GetLooseCharBox(
        text, index, ctypes.byref(rectangle)
    ):
        return None
    angle = math.degrees(raw.FPDFText_GetCharAngle(text, index))
    return Glyph(
        text=fold_radicals(character),
        box=_displayed(rectangle, media, turn),
        size=raw.FPDFText_GetFontSize(text, index),
        angle=round((turn - angle) / 90) * 90 % 360,
    )


def _displayed(rectangle: raw.FS_RECTF, media: tuple[float, float, float, float], turn: int) -> Box:
    """The box on the page as displayed, from the upper left corner."""
    left, right = rectangle.left - media[0], rectangle.right - media[0]
    bottom, top = rectangle.bottom - media[1], rectangle.top - media[1]
    width, height = media[2] - media[0], media[3] - media[1]
    if turn == 90:
        return Box(bottom, left, top, right)
    if turn == 180:
        return Box(width - right, bottom, width - left, top)
    if turn == 270:
        return Box(height - top, width - right, height - bottom, width - left)
    return Box(left, height - top, right, height - bottom)
