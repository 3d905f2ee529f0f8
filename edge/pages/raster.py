"""Glyph outlines as small pictures of ink and paper, so that two can be laid over each other.

An outline is an SVG path with y down, whatever font or office it comes from.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from edge.errors import FieldError

Mask = npt.NDArray[np.bool_]
Points = npt.NDArray[np.float64]

CELLS: Final = 128
"""Rows and columns of a mask."""
_BENDS: Final = 6  # straight pieces that one curve becomes
_TOKENS: Final = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TAKES: Final = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}


def mask(path: str, width: float, height: float) -> Mask:
    """Give `path` as CELLS x CELLS cells (row, column), True where it is inked.

    The box `width` x `height` fills the picture. A cell is ink when its middle lies within the
    outline (non-zero winding). FieldError for a path with other commands than M L H V Q C Z.
    """
    winding = np.zeros((CELLS, CELLS + 1), np.int32)
    scale = np.array([CELLS / width, CELLS / height])
    for contour in contours(path):
        _wind(winding, contour * scale)
    return np.cumsum(winding, axis=1)[:, :CELLS] != 0


def contours(path: str) -> Iterator[Points]:
    """Give the closed contours of a path as corners (n, 2), curves broken into straight pieces."""
    corners: list[tuple[float, float]] = []
    for command, numbers in _commands(path):
        if command in "MZ" and corners:
            yield np.array(corners)
            corners = []
        match command:
            case "H":
                corners.append((numbers[0], corners[-1][1]))
            case "V":
                corners.append((corners[-1][0], numbers[0]))
            case "Q" | "C":
                corners += _bent(corners[-1], numbers)
            case "M" | "L":
                corners.append((numbers[0], numbers[1]))
            case _:
                pass
    if corners:
        yield np.array(corners)


def grown(cells: Mask, radius: float) -> Mask:
    """Give every cell within `radius` cells of one that is True."""
    reach = int(radius)
    room = np.pad(cells, reach)
    found = np.zeros_like(cells)
    for down, right in _disc(radius):
        found |= room[reach + down :, reach + right :][:CELLS, :CELLS]
    return found


@cache
def _disc(radius: float) -> tuple[tuple[int, int], ...]:
    steps = range(-int(radius), int(radius) + 1)
    return tuple((y, x) for y in steps for x in steps if x * x + y * y <= radius * radius)


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    tokens = _TOKENS.findall(path)
    command, at = "", 0
    while at < len(tokens):
        if tokens[at].isalpha():
            command, at = tokens[at], at + 1
        takes = _TAKES.get(command)
        if takes is None or (takes == 0 and at < len(tokens) and not tokens[at].isalpha()):
            raise FieldError(f"An outline has a command that is not known here: {command!r}")
        try:
            numbers = [float(token) for token in tokens[at : at + takes]]
        except ValueError:
            raise FieldError("An outline breaks off within a command") from None
        if len(numbers) < takes:
            raise FieldError("An outline breaks off within a command")
        at += takes
        yield command, numbers
        command = "L" if command == "M" else command


def _bent(start: tuple[float, float], numbers: list[float]) -> list[tuple[float, float]]:
    """The corners after `start` of a curve with one or two points that bend it."""
    points: Points = np.array([start, *zip(numbers[::2], numbers[1::2], strict=True)])
    part = np.arange(1, _BENDS + 1)[:, None] / _BENDS
    levels = [points[place] + 0 * part for place in range(len(points))]
    while len(levels) > 1:
        levels = [a * (1 - part) + b * part for a, b in pairwise(levels)]
    return [(float(x), float(y)) for x, y in levels[0]]


def _wind(winding: npt.NDArray[np.int32], corners: Points) -> None:
    """Add where the contour crosses the middle of each row: +1 downwards, -1 upwards."""
    after = np.roll(corners, -1, axis=0)
    top, end = corners[:, 1, None], after[:, 1, None]
    rows = np.arange(CELLS) + 0.5
    down = (top <= rows) & (end > rows)
    up = (end <= rows) & (top > rows)
    edge, row = np.nonzero(down | up)
    if not len(edge):
        return
    part = (rows[row] - corners[edge, 1]) / (after[edge, 1] - corners[edge, 1])
    x = corners[edge, 0] + part * (after[edge, 0] - corners[edge, 0])
    column = np.clip(np.ceil(x - 0.5), 0, CELLS).astype(np.intp)
    np.add.at(winding, (row, column), np.where(down[edge, row], 1, -1))
