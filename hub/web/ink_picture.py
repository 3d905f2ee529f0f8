"""Drawn characters as lines of a page: what the replay moves, and the same in words."""

from dataclasses import dataclass
from typing import Final

from hub.register.names import CharacterView
from hub.review.replay import DrawingView, Points
from intake.characters import CharacterError
from intake.characters.glyph_name import named
from intake.characters.mj_list import GETA
from intake.characters.name_text import UNRESOLVED

MARGIN: Final = 0.08
_COLUMNS: Final = ("left", "middle", "right")
_ROWS: Final = ("top", "centre", "bottom")


@dataclass(frozen=True)
class StrokeLine:
    """One stroke: points as an SVG polyline takes them, their times in ms since the first point."""

    points: str
    times: str
    begin: str
    """Where it begins, one of nine zones such as `top_left`."""
    end: str
    seconds: str


@dataclass(frozen=True)
class InkPicture:
    """One drawn character with what was offered; `person_number` counts from 1, None without."""

    person_number: int | None
    position: int
    picked: CharacterView
    offered: tuple[CharacterView, ...]
    view_box: str
    seconds: str
    strokes: tuple[StrokeLine, ...]


def picture(drawing: DrawingView, person_ids: tuple[str, ...]) -> InkPicture:
    """The drawing of one character, its strokes in a square around them."""
    left, top, size = _square(drawing.strokes)
    number = None
    if drawing.person_id in person_ids:
        number = person_ids.index(drawing.person_id) + 1
    return InkPicture(
        person_number=number,
        position=drawing.position,
        picked=drawing.picked,
        offered=tuple(_offered(name) for name in drawing.offered),
        view_box=f"{left} {top} {size} {size}",
        seconds=_seconds(max((stroke[-1][2] for stroke in drawing.strokes), default=0)),
        strokes=tuple(_line(stroke, (left, top, size)) for stroke in drawing.strokes),
    )


def _offered(name: str) -> CharacterView:
    """A candidate by its name; what no list has is shown by that name."""
    try:
        character = named(name, GETA)
    except CharacterError:
        unknown = "".join(c if "!" <= c <= "~" else "?" for c in name)[:64] or "?"
        return CharacterView(UNRESOLVED, unknown, GETA)
    return CharacterView(character.repertoire, character.id, character.text)


def _square(strokes: list[Points]) -> tuple[int, int, int]:
    points = [point for stroke in strokes for point in stroke] or [[0, 0, 0]]
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    size = int(max(width, height, 1) * (1 + 2 * MARGIN))
    return min(xs) - (size - width) // 2, min(ys) - (size - height) // 2, size


def _line(stroke: Points, square: tuple[int, int, int]) -> StrokeLine:
    return StrokeLine(
        points=" ".join(f"{x},{y}" for x, y, _ in stroke),
        times=" ".join(str(t) for _, _, t in stroke),
        begin=_zone(stroke[0], square),
        end=_zone(stroke[-1], square),
        seconds=_seconds(stroke[-1][2] - stroke[0][2]),
    )


def _zone(point: list[int], square: tuple[int, int, int]) -> str:
    left, top, size = square
    column = min(2, max(0, 3 * (point[0] - left) // size))
    row = min(2, max(0, 3 * (point[1] - top) // size))
    return f"{_ROWS[row]}_{_COLUMNS[column]}"


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.1f}"
