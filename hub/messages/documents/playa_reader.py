"""The first reader: playa-pdf, which reads vertical writing, /ActualText and broken files right.

Runs in a child of the sandbox alone: a hostile file may take all memory or never end.
"""

import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import playa
from playa.exceptions import PDFException, PDFPasswordIncorrect
from playa.font import CIDFont, Font
from playa.utils import decode_text

from hub.messages.documents import form_fields
from hub.messages.documents.actions import pages_with_actions
from hub.messages.documents.characters import (
    fold_radicals,
    is_control,
    is_selector,
    says_the_same,
)
from hub.messages.documents.glyph import Area, Box, DrawnDocument, DrawnPage, Glyph, Rule
from hub.messages.documents.limits import GLYPHS_A_PAGE, GLYPHS_IN_ALL, PICTURE_PIXELS, RULES_A_PAGE
from hub.messages.documents.result import ReadError
from hub.messages.documents.visibility import by_areas, hidden_by_state, lightness

CORNERS: Final = 4
PICTURE_LIGHTNESS: Final = 0.5
"""A picture counts as dark enough for white print on it."""
THIN: Final = 2.5
"""A filled box thinner than this many points is a ruling line."""
KNOWN_COLLECTIONS: Final = ("Adobe-Japan1", "Adobe-GB1", "Adobe-CNS1", "Adobe-Korea1", "Adobe-KR")
SUBSET_PREFIX: Final = 7
TALLEST: Final = 1.6
"""Em; what is higher is the font's claim, not its glyph."""
FULL_WIDTH: Final = 0.97
PAST_LATIN: Final = "\u0250"
WIDE: Final = frozenset(" WMmw@%&×÷±°§¶´¨¢£¬ÆŒ")
"""Latin letters and signs that are, or in Japanese fonts may be, as wide as they are high."""
Spans = dict[int, tuple[object, str]]
"""What was shown so far in each span with /ActualText, beside the span itself."""


class UnreadableError(Exception):
    """The file is no PDF that can be opened; `reason` says why."""

    def __init__(self, reason: ReadError) -> None:
        super().__init__(reason.value)
        self.reason = reason


def read(data: bytes, password: str, asked: range) -> DrawnDocument:
    """Everything drawn on the pages `asked` (from 0); UnreadableError when it does not open."""
    logging.getLogger("playa").setLevel(logging.CRITICAL)
    try:
        document = playa.parse(data, password=password, space="screen")
    except PDFPasswordIncorrect:
        raise UnreadableError(
            ReadError.PASSWORD_WRONG if password else ReadError.PASSWORD_NEEDED
        ) from None
    except (PDFException, ValueError, KeyError, TypeError, IndexError) as error:
        raise UnreadableError(ReadError.NOT_A_DOCUMENT) from error
    with document:
        count = len(document.pages)
        pages: list[DrawnPage] = []
        left = GLYPHS_IN_ALL
        for number in range(asked.start, min(asked.stop, count)):
            if left <= 0:
                break
            pages.append(_page(document.pages[number], left))
            left -= len(pages[-1].glyphs)
        return DrawnDocument(
            pages=tuple(pages),
            form=form_fields.read(document) if asked.start == 0 else {},
            encrypted=document.encryption is not None,
            count=count,
            acting=tuple(pages_with_actions(document)) if asked.start == 0 else (),
        )


def _page(page: Any, left: int) -> DrawnPage:  # noqa: ANN401 playa's types change between versions
    media = page.mediabox
    quarter = page.rotate % 180 != 0
    width, height = media[2] - media[0], media[3] - media[1]
    if quarter:
        width, height = height, width
    most = min(GLYPHS_A_PAGE, left)
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    pictures: list[Box] = []
    areas: list[Area] = []
    truncated = False
    spans: Spans = {}
    for item in page.flatten():
        kind = item.object_type
        if kind == "glyph":
            _take(glyphs, item, spans, width, height)
        elif kind == "text":
            for glyph in item:
                _take(glyphs, glyph, spans, width, height)
        elif kind == "path" and len(rules) < RULES_A_PAGE:
            rules.extend(_rules(item))
            areas.extend(_areas(item, len(glyphs)))
        elif kind == "image":
            pictures.append(Box(*item.bbox))
            areas.append(Area(pictures[-1], PICTURE_LIGHTNESS, len(glyphs)))
            truncated = truncated or math.prod(item.srcsize) > PICTURE_PIXELS
        if len(glyphs) >= most:
            truncated = True
            break
    glyphs = [*by_areas(glyphs, areas), *form_fields.drawn(page)]
    return DrawnPage(width, height, tuple(glyphs), tuple(rules), tuple(pictures), truncated)


def _take(
    glyphs: list[Glyph],
    item: Any,  # noqa: ANN401 as above
    spans: Spans,
    width: float,
    height: float,
) -> None:
    """Add one glyph, or its selector to the glyph before."""
    shown = item.text or ""
    text = _spoken(item, shown, spans)
    if text and all(is_selector(character) for character in text):
        if glyphs:
            before = glyphs.pop()
            glyphs.append(
                Glyph(
                    before.text + text,
                    before.box,
                    before.size,
                    before.angle,
                    before.upright_column,
                    before.hidden,
                    before.unmapped,
                )
            )
        return
    font: Font = item.font
    box = Box(*item.bbox)
    angle = _angle(item.matrix)
    advance = (box.height if angle % 180 else box.width) / (abs(item.size) or 1)
    glyphs.append(
        Glyph(
            text=fold_radicals(text),
            box=_within_em(box, abs(item.size), upright=angle % 180 == 0),
            size=abs(item.size) or box.height,
            angle=angle,
            upright_column=bool(font.vertical),
            hidden=hidden_by_state(item.gstate, box, abs(item.size), width, height),
            unmapped=(_unmapped(font) or _misnamed(font, text, advance)) and not _named(item),
        )
    )


def _spoken(item: Any, shown: str, spans: Spans) -> str:  # noqa: ANN401 as above
    """What the glyph says: /ActualText when it only names what is shown, once for its span."""
    for content in reversed(item.mcstack):
        properties: Mapping[str, object] = content.props or {}
        if "ActualText" not in properties:
            continue
        actual = _text_of(properties["ActualText"])
        _, before = spans.get(id(properties), (properties, None))
        so_far = shown if before is None else before + shown
        spans[id(properties)] = (properties, so_far)
        if not actual or not says_the_same(so_far, actual):
            return shown
        return actual if before is None else ""
    return shown


def _named(item: Any) -> bool:  # noqa: ANN401 as above
    return any("ActualText" in (content.props or {}) for content in item.mcstack)


def _text_of(value: object) -> str:
    return decode_text(value) if isinstance(value, bytes) else ""


def _unmapped(font: Any) -> bool:  # noqa: ANN401 as above
    """Whether nothing says what the glyphs of a font mean: the text would be made up."""
    if font.tounicode is not None:
        return False
    name = font.fontname or ""
    if isinstance(font, CIDFont):
        return font.cidcoding not in KNOWN_COLLECTIONS
    subset = len(name) > SUBSET_PREFIX and name[SUBSET_PREFIX - 1] == "+"
    return subset and type(font).__name__ == "TrueTypeFont"


def _within_em(box: Box, size: float, *, upright: bool) -> Box:
    """The box without the room that some fonts claim far above and below their glyphs."""
    x, y = box.middle
    if upright and box.height > TALLEST * size > 0:
        return Box(box.left, y - size / 2, box.right, y + size / 2)
    if not upright and box.width > TALLEST * size > 0:
        return Box(x - size / 2, box.top, x + size / 2, box.bottom)
    return box


def _misnamed(font: Any, text: str, width: float) -> bool:  # noqa: ANN401 as above
    """Whether the file's table of characters is wrong for a glyph.

    Ghostscript writes such tables: a kana as wide as it is high that is said to be a Latin letter.
    width: of the glyph, in em.
    """
    if any(is_control(character) for character in text):
        return True
    named = font.tounicode is not None and not font.vertical
    return named and width >= FULL_WIDTH and any(c < PAST_LATIN and c not in WIDE for c in text)


def _angle(matrix: tuple[float, ...]) -> int:
    a, b = matrix[0], matrix[1]
    return round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360


def _rules(path: Any) -> Iterator[Rule]:  # noqa: ANN401 as above
    """Straight lines that a path draws: strokes along an axis, and thin filled boxes."""
    if path.fill and not path.stroke:
        box = Box(*path.bbox)
        if min(box.width, box.height) <= THIN < max(box.width, box.height):
            yield Rule(box, horizontal=box.width > box.height)
        return
    if not path.stroke:
        return
    yield from _strokes(path.segments, path.gstate.linewidth)


def _areas(path: Any, after: int) -> Iterator[Area]:  # noqa: ANN401 as above
    """A filled rectangle through which nothing shows."""
    box = Box(*path.bbox)
    solid = path.fill and path.gstate.nalpha in (None, 1)
    if solid and min(box.width, box.height) > THIN and _is_rectangle(path.segments):
        yield Area(box, lightness(path.gstate.ncolor.values), after)


def _is_rectangle(segments: Iterable[Any]) -> bool:
    points: list[tuple[float, float]] = []
    for segment in segments:
        if segment.operator not in ("m", "l", "h", "re") or len(points) > 2 * CORNERS:
            return False
        points.extend(segment.points)
    across = {round(x, 1) for x, _ in points}
    down = {round(y, 1) for _, y in points}
    return len(points) >= CORNERS and len(across) == 2 and len(down) == 2


def _strokes(segments: Iterable[Any], weight: float) -> Iterator[Rule]:
    half = min(weight, THIN) / 2
    start = at = None
    for segment in segments:
        operator, points = segment.operator, segment.points
        if operator == "m":
            start = at = points[-1]
        elif operator in ("l", "h") and at is not None:
            to = points[-1] if operator == "l" else start
            if to is not None:
                yield from _stroke(at, to, half)
            at = to
        elif points:
            at = points[-1]


def _stroke(one: tuple[float, float], two: tuple[float, float], half: float) -> Iterator[Rule]:
    (x0, x1), (y0, y1) = sorted((one[0], two[0])), sorted((one[1], two[1]))
    if y1 - y0 <= 1 < x1 - x0:
        yield Rule(Box(x0, y0 - half, x1, y1 + half), horizontal=True)
    elif x1 - x0 <= 1 < y1 - y0:
        yield Rule(Box(x0 - half, y0, x1 + half, y1), horizontal=False)
