"""The outline of one glyph as bytes that are small, have one form only, and cannot hold a script.

An em box of 2048 units, x right, y down, origin at the top left: the box of the MJ font, so that an
office's character stands in a name beside the others.
"""

import re
import struct
import sys
from array import array
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

_OUTLINE: Final = re.compile(rb"(?:M.{4}(?:L.{4}|Q.{8}|C.{12}){2,}+Z)++", re.DOTALL)
_COMMAND: Final = re.compile(rb"[ML](.{4})|Q(.{8})|C(.{12})|Z", re.DOTALL)
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
        _check(self.data)

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
        end = place + 1 + 4 * POINTS[letter]
        flat = struct.unpack(f">{2 * POINTS[letter]}h", data[place + 1 : end])
        yield letter, tuple(zip(flat[::2], flat[1::2], strict=True))
        place = end


def _check(data: bytes) -> None:
    """Refuse what is no outline; with patterns, because a unit checks hundreds while it draws."""
    if not _OUTLINE.fullmatch(data):
        raise DecodeError("an outline is closed contours of known commands, each with a surface")
    found = _COMMAND.findall(data)
    coordinates = array("h", b"".join(b"".join(points) for points in found))
    if sys.byteorder == "little":
        coordinates.byteswap()
    if min(coordinates) < -OVERHANG or max(coordinates) > EM + OVERHANG:
        raise DecodeError("a point of an outline lies far outside its box")
    contours = sum(not any(points) for points in found)
    if contours > MAX_CONTOURS or len(coordinates) > 2 * MAX_POINTS:
        raise DecodeError(
            f"an outline has at most {MAX_CONTOURS} contours and {MAX_POINTS} points: simplify it"
        )
