"""The outline of one glyph as bytes that are small, have one form only, and cannot hold a script.

An em box of 2048 units, x right, y down, origin at the top left: the box of the MJ font, so that an
office's character stands in a name beside the others.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from intake.errors import DecodeError, EncodeError

EM: Final = 2048
OVERHANG: Final = 512
"""How far a coordinate may lie outside the box."""
MAX_BYTES: Final = 12 * 1024
MAX_POINTS: Final = 2500
MAX_CONTOURS: Final = 256
POINTS: Final = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0}
"""Points of each command, named as in an SVG path; all are absolute."""

Point = tuple[int, int]
Command = tuple[str, tuple[Point, ...]]


@dataclass(frozen=True)
class GlyphOutline:
    """Closed contours: each `M`, at least two of `L`, `Q`, `C`, then `Z`.

    `data` holds for each command its ASCII letter and its points, each two signed 16-bit integers,
    big-endian. DecodeError for anything else, for an outline without ink, and beyond the limits.
    """

    data: bytes

    def __post_init__(self) -> None:
        if len(self.data) > MAX_BYTES:
            raise DecodeError(f"an outline has at most {MAX_BYTES} bytes: simplify it")
        _check(tuple(_read(self.data)))

    @classmethod
    def of(cls, commands: Iterable[Command]) -> "GlyphOutline":
        """The outline made of `commands`; EncodeError for a command or coordinate of no form."""
        return cls(b"".join(_written(letter, points) for letter, points in commands))

    def commands(self) -> Iterator[Command]:
        """Every command with its points, in order."""
        return _read(self.data)

    def svg_path(self) -> str:
        """The outline as the `d` of an SVG path: digits, letters, minus and spaces only."""
        return "".join(
            letter + " ".join(f"{x} {y}" for x, y in points) for letter, points in self.commands()
        )

    def box(self) -> tuple[int, int, int, int]:
        """Least x and y, greatest x and y of all points."""
        points = [point for _, found in self.commands() for point in found]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return min(xs), min(ys), max(xs), max(ys)


def _written(letter: str, points: tuple[Point, ...]) -> bytes:
    try:
        if POINTS.get(letter) == len(points):
            return letter.encode() + b"".join(struct.pack(">hh", *point) for point in points)
    except struct.error:
        pass
    raise EncodeError("a coordinate or command of an outline has no form")


def _read(data: bytes) -> Iterator[Command]:
    place = 0
    while place < len(data):
        letter = chr(data[place])
        count = POINTS.get(letter)
        if count is None:
            raise DecodeError("an outline holds a command that is not known")
        end = place + 1 + 4 * count
        if end > len(data):
            raise DecodeError("an outline ends within a command")
        flat = struct.unpack(f">{2 * count}h", data[place + 1 : end])
        yield letter, tuple(zip(flat[::2], flat[1::2], strict=True))
        place = end


def _check(commands: tuple[Command, ...]) -> None:
    contours = drawn = points = 0
    is_open = False
    for letter, found in commands:
        points += len(found)
        if (letter == "M") == is_open:
            raise DecodeError("a contour of an outline does not begin with M and end with Z")
        if letter == "Z" and drawn < 2:
            raise DecodeError("a contour of an outline has no surface")
        is_open = letter != "Z"
        drawn = 0 if letter == "M" else drawn + 1
        contours += letter == "Z"
        if any(not -OVERHANG <= value <= EM + OVERHANG for point in found for value in point):
            raise DecodeError("a point of an outline lies far outside its box")
    if is_open or not 1 <= contours <= MAX_CONTOURS or points > MAX_POINTS:
        raise DecodeError(
            f"an outline has 1 to {MAX_CONTOURS} closed contours and at most {MAX_POINTS} points"
        )
