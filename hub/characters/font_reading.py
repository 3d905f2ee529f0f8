"""A glyph of a font file: found by code point, private-use code or glyph name, laid in the em box.

Runs in the child process: a font is a program of tables, and this one comes from a stranger.
"""

import io
import re
import struct
from dataclasses import dataclass
from typing import Any, Final

from fontTools.misc.transform import Transform
from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont, TTLibError

from hub.characters.errors import GlyphRefusedError, Problem
from intake.errors import IntakeError
from intake.office.outline import EM, MAX_POINTS, Command, GlyphOutline, Point

SIGNATURES: Final = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf", b"wOFF")
MOST_CHOICES: Final = 60
BASELINE: Final = 0.88
"""Share of the em box above the baseline: where kanji stand in Japanese fonts."""
_PRIVATE: Final = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))
_CODE: Final = re.compile(r"(?:U\+|0x)?([0-9A-F]{4,6})", re.ASCII | re.IGNORECASE)
_SHIFT_JIS: Final = re.compile(r"SJIS[ :+]?([0-9A-F]{4})", re.ASCII | re.IGNORECASE)
_BROKEN: Final = (
    TTLibError,
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
"""What fontTools raises over tables that lie."""


@dataclass(frozen=True)
class Choice:
    """One glyph of the font: `U+E001` or its name, and its outline."""

    label: str
    outline: GlyphOutline


def is_font(data: bytes) -> bool:
    """Whether the file begins as a font does."""
    return data[:4] in SIGNATURES


def choices(data: bytes, wanted: str) -> list[Choice]:
    """The glyph that `wanted` names, or without it the font's private-use characters.

    `wanted`: the character, `U+E001`, `E001`, `SJIS F040` (EUDC) or a glyph name.
    GlyphRefusedError when it is no font, has no such glyph, or the glyph is empty or too complex.
    """
    try:
        font: Any = TTFont(io.BytesIO(data), fontNumber=0, lazy=True)
        box = int(font["head"].unitsPerEm)
        names: dict[int, str] = font.getBestCmap() or {}
        if not 16 <= box <= 16384:
            raise GlyphRefusedError(Problem.FONT_UNREADABLE)
        glyphs: Any = font.getGlyphSet()
        if wanted:
            label, name = _named(font, names, wanted)
            return [Choice(label, _outline(glyphs, name, box))]
        return _private(glyphs, names, box)
    except _BROKEN:
        raise GlyphRefusedError(Problem.FONT_UNREADABLE) from None


def codepoint_of(wanted: str) -> int | None:
    """The code point that an operator wrote, None where it may be a glyph's name."""
    if len(wanted) == 1:
        return ord(wanted)
    if found := _SHIFT_JIS.fullmatch(wanted):
        return _of_shift_jis(int(found[1], 16))
    if found := _CODE.fullmatch(wanted):
        code = int(found[1], 16)
        return code if code <= 0x10FFFF else None
    return None


def _of_shift_jis(code: int) -> int | None:
    """The user-defined area of Windows-31J, F040 to F9FC, as Unicode's private use has it."""
    lead, trail = code >> 8, code & 0xFF
    if not 0xF0 <= lead <= 0xF9 or not 0x40 <= trail <= 0xFC or trail == 0x7F:
        return None
    return 0xE000 + (lead - 0xF0) * 188 + trail - 0x40 - (trail > 0x7F)


def _named(font: Any, names: dict[int, str], wanted: str) -> tuple[str, str]:  # noqa: ANN401 - fontTools tells no types
    code = codepoint_of(wanted)
    if code is not None and code in names:
        return f"U+{code:04X}", names[code]
    if wanted in font.getReverseGlyphMap():
        return wanted, wanted
    raise GlyphRefusedError(Problem.NO_SUCH_GLYPH)


def _private(glyphs: Any, names: dict[int, str], box: int) -> list[Choice]:  # noqa: ANN401 - as above
    codes = [code for code in sorted(names) if any(a <= code <= b for a, b in _PRIVATE)]
    found: list[Choice] = []
    for code in codes:
        try:
            found.append(Choice(f"U+{code:04X}", _outline(glyphs, names[code], box)))
        except GlyphRefusedError:  # an empty place of an EUDC font, or one too complex for us
            continue
        if len(found) > MOST_CHOICES:
            raise GlyphRefusedError(Problem.CHOOSE_GLYPH)
    if not found:
        raise GlyphRefusedError(Problem.CHOOSE_GLYPH)
    return found


def _outline(glyphs: Any, name: str, box: int) -> GlyphOutline:  # noqa: ANN401 - as above
    glyph = glyphs[name]
    scale = EM / box
    aside = (EM - float(glyph.width) * scale) / 2
    place = Transform(scale, 0, 0, -scale, aside, EM * BASELINE)
    pen = _Commands(glyphs)
    glyph.draw(TransformPen(pen, place))
    return pen.outline()


class _Commands(BasePen):
    """Takes whole contours; lines and curves come one by one, composed glyphs taken apart."""

    def __init__(self, glyphs: Any) -> None:  # noqa: ANN401 - as above
        super().__init__(glyphs)
        self._commands: list[Command] = []
        self._contour: list[Command] = []
        self._points = 0

    def outline(self) -> GlyphOutline:
        """What was drawn, moved into the box where it sticks out."""
        if not self._commands:
            raise GlyphRefusedError(Problem.EMPTY)
        try:
            return GlyphOutline.of(_within(self._commands))
        except IntakeError:
            raise GlyphRefusedError(Problem.TOO_COMPLEX) from None

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - fontTools' names, as below
        self._add("M", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - as above
        self._add("L", pt)

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802, ANN401 - as above
        self._add("C", pt1, pt2, pt3)

    def _qCurveToOne(self, pt1: Any, pt2: Any) -> None:  # noqa: N802, ANN401 - as above
        self._add("Q", pt1, pt2)

    def _closePath(self) -> None:  # noqa: N802 - as above
        if len(self._contour) > 2:
            self._commands += [*self._contour, ("Z", ())]
        self._contour = []

    def _endPath(self) -> None:  # noqa: N802 - as above
        self._closePath()

    def _add(self, letter: str, *points: tuple[float, float]) -> None:
        self._points += len(points)
        if self._points > MAX_POINTS:
            raise GlyphRefusedError(Problem.TOO_COMPLEX)
        self._contour.append((letter, tuple((round(x), round(y)) for x, y in points)))


def _within(commands: list[Command]) -> list[Command]:
    """The commands moved, and made smaller where need be, until no point is outside the em box."""
    points = [point for _, found in commands for point in found]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    low, high = (min(xs), min(ys)), (max(xs), max(ys))
    if not any(high[axis] - low[axis] for axis in (0, 1)):
        raise GlyphRefusedError(Problem.EMPTY)
    scale = min(1.0, *(EM / max(high[axis] - low[axis], 1) for axis in (0, 1)))
    moved = [
        min(max(low[axis] * scale, 0), EM - (high[axis] - low[axis]) * scale) - low[axis] * scale
        for axis in (0, 1)
    ]

    def at(point: Point) -> Point:
        return round(point[0] * scale + moved[0]), round(point[1] * scale + moved[1])

    return [(letter, tuple(map(at, found))) for letter, found in commands]
