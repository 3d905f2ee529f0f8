"""Centre lines of an outline, found on the unit itself: contours, picture, thinning, segments.

Lands where `models/training/skeletons.py` does with FreeType and scikit-image, so that a glyph that
is added on the unit and one of the shipped gallery are comparable.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from models.errors import ModelError
from models.features import Segments, feature_maps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Points = NDArray[np.float64]
    Picture = NDArray[np.bool_]

PIXELS = 108
"""Longer side of the ink in the picture: what a full-width glyph has at 112 pixels an em."""

FINER = 4
"""Sub-pixels a side that coverage is counted in."""

COVERED = 90 / 255
PAD = 4
CURVE_POINTS = 8
MOST_NUMBERS = 40_000
LARGEST = 1e6

_COMMANDS = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}
_TOKENS = re.compile(r"([MLHVQCZ])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)|[\s,]+|(.)", re.IGNORECASE)
_DISC = [(y, x) for y in range(-3, 4) for x in range(-3, 4) if 0 < x * x + y * y <= 10]
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


class OutlineError(ModelError):
    """An outline cannot be read or has no ink; take the glyph again from its font or image."""


def contours(path: str) -> list[Points]:
    """Closed polygons (k, 2) of an SVG path of absolute M L H V Q C Z, curves flattened.

    OutlineError when it holds anything else, too much or a number that is too large.
    """
    found: list[list[tuple[float, float]]] = []
    for command, numbers in _commands(path):
        if command == "Z":
            continue
        if command == "M":
            found.append([(numbers[0], numbers[1])])
            continue
        if not found:
            raise OutlineError("the outline does not begin with a move: export the glyph again")
        found[-1].extend(_drawn(command, numbers, found[-1][-1]))
    return [np.array(contour, np.float64) for contour in found if len(contour) > 2]


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    command, numbers, total = "", [], 0
    for token in _TOKENS.finditer(path):
        letter, number, other = token.groups()
        if other or (letter and not letter.isupper()) or (number and not command):
            raise OutlineError("the outline is no path of absolute M L H V Q C Z: export it again")
        if letter:
            if numbers:
                raise OutlineError("a command of the outline lacks a number: export it again")
            command = letter
            if command == "Z":
                yield command, []
        elif number:
            numbers.append(_number(number))
            total += 1
            if total > MOST_NUMBERS or command == "Z":
                raise OutlineError("the outline holds too many numbers: simplify the glyph")
            if len(numbers) == _COMMANDS[command]:
                yield command, numbers
                command, numbers = "L" if command == "M" else command, []
    if numbers:
        raise OutlineError("a command of the outline lacks a number: export it again")


def _number(text: str) -> float:
    value = float(text)
    if not abs(value) <= LARGEST:
        raise OutlineError("a coordinate of the outline is too large: scale the glyph")
    return value


def _drawn(
    command: str, numbers: list[float], last: tuple[float, float]
) -> list[tuple[float, float]]:
    if command == "H":
        return [(numbers[0], last[1])]
    if command == "V":
        return [(last[0], numbers[0])]
    knots = np.array([last, *zip(numbers[::2], numbers[1::2], strict=True)])
    if command == "L":
        return [(float(x), float(y)) for x, y in knots[1:]]
    t = np.linspace(0, 1, CURVE_POINTS + 1)[1:, None]
    while len(knots) > 1 and knots.ndim == 2:
        knots = knots[:, None, :] * np.ones_like(t)[None]
    while len(knots) > 1:
        knots = knots[:-1] * (1 - t) + knots[1:] * t
    return [(float(x), float(y)) for x, y in knots[0]]


def picture(found: Sequence[Points]) -> Picture:
    """The outline filled (non-zero winding), PIXELS on its longer side, PAD empty around it."""
    if not found:
        raise OutlineError("the outline has no ink: take the glyph again")
    every = np.concatenate(found)
    low, size = every.min(axis=0), float(np.ptp(every, axis=0).max())
    if not np.isfinite(every).all() or size <= 0:
        raise OutlineError("the outline has no ink: take the glyph again")
    scale = PIXELS * FINER / size
    width, height = (np.ceil(np.ptp(every, axis=0) * PIXELS / size).astype(int) + 1).tolist()
    winding = np.zeros((height * FINER, width * FINER + 1), np.int32)
    for contour in found:
        _wind(winding, (contour - low) * scale)
    inked = np.cumsum(winding, axis=1)[:, :-1] != 0
    cover = inked.reshape(height, FINER, width, FINER).mean(axis=(1, 3))
    return np.pad(cover > COVERED, PAD)


def _wind(winding: NDArray[np.int32], contour: Points) -> None:
    """Add the turns of one closed contour: +-1 where an edge crosses the middle of a line."""
    start, end = contour, np.roll(contour, -1, axis=0)
    first = np.ceil(np.minimum(start[:, 1], end[:, 1]) - 0.5).astype(int)
    last = np.ceil(np.maximum(start[:, 1], end[:, 1]) - 0.5).astype(int)
    count = np.maximum(np.minimum(last, len(winding)) - np.maximum(first, 0), 0)
    edge = np.repeat(np.arange(len(contour)), count)
    line = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    line = line + np.maximum(first, 0)[edge]
    run = (end - start)[edge]
    at = start[edge, 0] + (line + 0.5 - start[edge, 1]) * run[:, 0] / run[:, 1]
    column = np.clip(np.ceil(at - 0.5), 0, winding.shape[1] - 1).astype(int)
    np.add.at(winding, (line, column), np.where(run[:, 1] > 0, 1, -1))


def thinned(inked: Picture) -> Picture:
    """Centre lines of a picture (Guo and Hall 1989); its border must be empty."""
    ink = inked.copy()
    changed = True
    while changed:
        changed = False
        for side in (0, 4):
            gone = _removable(ink, side)
            changed = changed or bool(gone.any())
            ink &= ~gone
    return ink


def _removable(ink: Picture, side: int) -> Picture:
    """Border pixels of one side (0: south and west, 4: north and east) that hold nothing together.

    The ring counts from north (0) over east (2), south (4) and west (6).
    """
    ring = [np.roll(ink, (-dy, -dx), axis=(0, 1)) for dy, dx in _AROUND]
    pairs = [ring[at] | ring[at + 1] for at in range(0, 8, 2)]
    others = [ring[at - 1] | ring[at] for at in range(0, 8, 2)]
    crossings = np.sum(
        [~ring[at] & (ring[at + 1] | ring[(at + 2) % 8]) for at in range(0, 8, 2)],
        axis=0,
        dtype=np.uint8,
    )
    near = np.minimum(np.sum(pairs, axis=0, dtype=np.uint8), np.sum(others, axis=0, dtype=np.uint8))
    across = ring[side - 4] | ring[side - 3] | ~ring[side - 1]
    return ink & (crossings == 1) & (near >= 2) & (near <= 3) & ~(across & ring[side - 2])


def segments(line: Picture) -> Segments:
    """Unit segments along centre lines, one a pixel; their direction from the pixels around."""
    rows, columns = np.nonzero(line)
    if not len(rows):
        raise OutlineError("the outline has no ink: take the glyph again")
    high, low, mixed = (np.zeros(len(rows)) for _ in range(3))
    for dy, dx in _DISC:
        lit = line[rows + dy, columns + dx]
        high += lit * (dx * dx)
        low += lit * (dy * dy)
        mixed += lit * (dx * dy)
    angle = 0.5 * np.arctan2(2 * mixed, high - low)
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    direction /= np.abs(direction).max(axis=1, keepdims=True)
    middles = np.stack([columns, rows], axis=1)
    return Segments(
        middles[None].astype(np.float32),
        direction[None].astype(np.float32),
        np.hypot(*direction.T)[None].astype(np.float32),
    )


def outline_features(found: Sequence[Points]) -> NDArray[np.float32]:
    """Feature map (16, 16, 8) of an outline: closed polygons (k, 2), y down, any unit.

    OutlineError when there is nothing to see.
    """
    return feature_maps(segments(thinned(picture(found))))[0]
