"""One page as drawn: glyphs with their boxes, ruling lines and pictures, before any ordering."""

from dataclasses import dataclass, field, replace
from enum import StrEnum


class Hidden(StrEnum):
    """Why a person does not see a glyph."""

    INVISIBLE_MODE = "invisible_mode"
    OFF_PAGE = "off_page"
    NO_CONTRAST = "no_contrast"
    TOO_SMALL = "too_small"
    COVERED = "covered"
    OCR_LAYER = "ocr_layer"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points from the upper left corner of the page, y down."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Width in points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in points."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """The centre (x, y)."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def joined(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def rounded(self) -> tuple[float, float, float, float]:
        """The box as it is written: tenths of a point."""
        return (
            round(self.left, 1),
            round(self.top, 1),
            round(self.right, 1),
            round(self.bottom, 1),
        )


def around(boxes: "list[Box]") -> Box:
    """The smallest box around all of `boxes`, of which there is at least one."""
    found = boxes[0]
    for box in boxes[1:]:
        found = found.joined(box)
    return found


@dataclass(frozen=True, slots=True)
class Glyph:
    """What one drawn glyph says, where.

    text: usually one character, a base with its variation selector, or "" for a glyph that an
    /ActualText before it already speaks for; size: em in points; angle: direction of its baseline,
    degrees clockwise, one of 0, 90, 180, 270; upright_column: set with a vertical-writing font;
    unmapped: nothing in the file says what it means; filled_in: a value of a form, drawn by the
    viewer.
    """

    text: str
    box: Box
    size: float
    angle: int = 0
    upright_column: bool = False
    hidden: Hidden | None = None
    unmapped: bool = False
    filled_in: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing is drawn: white space."""
        return not self.text or self.text.isspace()


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight ruling line, horizontal or vertical, as a thin box."""

    box: Box
    horizontal: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle or a picture: its box, its lightness (0 black, 1 white), and its time.

    after: how many glyphs had been drawn before it.
    """

    box: Box
    lightness: float
    after: int


@dataclass(frozen=True)
class DrawnPage:
    """One page as a reader found it, in the order of drawing. Width and height in points."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...] = ()
    pictures: tuple[Box, ...] = ()
    truncated: bool = False


@dataclass(frozen=True)
class DrawnDocument:
    """All pages, the values of form fields, and what the reader noticed while opening."""

    pages: tuple[DrawnPage, ...]
    form: dict[str, str] = field(default_factory=dict[str, str])
    encrypted: bool = False
    count: int = 0
    """How many pages the document has, read or not."""
    acting: tuple[int | None, ...] = ()
    """Pages on which something would act (None: the document), for the warning `actions`."""


def turned(page: DrawnPage, angle: int) -> DrawnPage:
    """The page turned so that what reads at `angle` reads at 0."""
    if angle == 0:
        return page

    def turn(box: Box) -> Box:
        if angle == 90:
            return Box(box.top, page.width - box.right, box.bottom, page.width - box.left)
        if angle == 180:
            return Box(
                page.width - box.right,
                page.height - box.bottom,
                page.width - box.left,
                page.height - box.top,
            )
        return Box(page.height - box.bottom, box.left, page.height - box.top, box.right)

    quarter = angle in (90, 270)
    return DrawnPage(
        width=page.height if quarter else page.width,
        height=page.width if quarter else page.height,
        glyphs=tuple(
            replace(glyph, box=turn(glyph.box), angle=(glyph.angle - angle) % 360)
            for glyph in page.glyphs
        ),
        rules=tuple(Rule(turn(r.box), r.horizontal ^ quarter) for r in page.rules),
        pictures=tuple(turn(box) for box in page.pictures),
        truncated=page.truncated,
    )


def turned_back(box: Box, angle: int, width: float, height: float) -> Box:
    """A box of the turned page on the page as displayed; width and height of the latter."""
    if angle == 90:
        return Box(width - box.bottom, box.left, width - box.top, box.right)
    if angle == 180:
        return Box(width - box.right, height - box.bottom, width - box.left, height - box.top)
    if angle == 270:
        return Box(box.top, height - box.right, box.bottom, height - box.left)
    return box
