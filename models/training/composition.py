"""Strokes for characters that nobody has drawn: components of KanjiVG put where the font has them.

An ideographic description (⿰氵X) says which components a character has; each is taken from a
KanjiVG character where it stands in the same place, and then moved and stretched until it lies on
the centre line of the glyph. What does not come to lie well is thrown away.
"""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from models.features import resample
from models.training import sources

if TYPE_CHECKING:
    from pathlib import Path

SPLITS = {"⿰": 0, "⿲": 0, "⿱": 1, "⿳": 1}
"""Operators that lay components side by side, with the axis."""
INSIDE = {
    "⿴": (0.2, 0.2, 0.8, 0.8),
    "⿵": (0.18, 0.3, 0.82, 1.0),
    "⿶": (0.2, 0.0, 0.8, 0.75),
    "⿷": (0.25, 0.2, 1.0, 0.8),
    "⿸": (0.25, 0.28, 1.0, 1.0),
    "⿹": (0.0, 0.25, 0.75, 1.0),
    "⿺": (0.3, 0.0, 1.0, 0.75),
}
"""Operators with a component around another, and where the inner one lies."""
PLACES = {("⿰", 0): "left", ("⿰", 1): "right", ("⿱", 0): "top", ("⿱", 1): "bottom"}
DEEPEST = 6
TURN_WEIGHT = 0.15**2
ROUNDS = 6
NEAR = 0.042
"""Mean distance between strokes and centre line, in widths, above which a fit is thrown away."""


@dataclass(frozen=True)
class Part:
    """A component as it stands in one KanjiVG character: strokes in the frame 0-1."""

    strokes: tuple[np.ndarray, ...]
    box: tuple[float, float, float, float]


@dataclass
class Library:
    """Components by element and place, and descriptions by character."""

    parts: dict[tuple[str, str], list[Part]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)

    def find(self, element: str, place: str) -> list[Part]:
        """Parts of an element in a place, else anywhere."""
        exact = self.parts.get((element, place))
        return exact or self.parts.get((element, "whole")) or self.parts.get((element, "any")) or []


def read_library(folder: Path, moji_db: Path, *, split: bool) -> Library:
    """Components of all KanjiVG base characters; with `split` without the held-out ones."""
    library = Library()
    for path in sorted(folder.glob("?????.svg")):
        codepoint = int(path.stem, 16)
        if codepoint >= 0x2E80 and not (split and sources.held_out(codepoint)):
            _read_parts(path, chr(codepoint), library)
    with sqlite3.connect(f"file:{moji_db}?mode=ro", uri=True) as database:
        for character, source, description in database.execute("SELECT UCS, source, IDS FROM ids"):
            if character not in library.descriptions or "J" in source:
                library.descriptions[character] = description
    return library


def _read_parts(path: Path, character: str, library: Library) -> None:
    root = ET.parse(path).getroot().find(".//*[@id='kvg:" + path.stem + "']")  # noqa: S314 as above
    if root is None:
        return
    for group in root.iter():
        element = _attribute(group, "element")
        if not element or _attribute(group, "part"):
            continue
        paths = [child.get("d") for child in group.iter() if child.tag.endswith("path")]
        strokes = tuple(sources.flatten(data) / 109 for data in paths if data)
        if not strokes:
            continue
        every = np.concatenate(strokes)
        part = Part(strokes, (*every.min(axis=0).tolist(), *every.max(axis=0).tolist()))
        place = "whole" if group is root else _attribute(group, "position") or "any"
        for key in {place, "any"}:
            kept = library.parts.setdefault((element if group is not root else character, key), [])
            if len(kept) < 6:
                kept.append(part)


def _attribute(group: ET.Element, name: str) -> str | None:
    """An attribute of KanjiVG, whose namespace is written in more than one way."""
    return next((value for key, value in group.items() if key.endswith("}" + name)), None)


def parse(description: str) -> object | None:
    """Tree of a description: a character, or (operator, children); None if it is unusable."""
    signs = [sign for sign in description if sign != "〾"]

    def read(at: int) -> tuple[object | None, int]:
        if at >= len(signs) or signs[at] == "{":
            return None, len(signs)
        operator = signs[at]
        if not ("⿰" <= operator <= "⿿"):
            return operator, at + 1
        children, at = [], at + 1
        for _ in range(3 if operator in "⿲⿳" else 2):
            child, at = read(at)
            if child is None:
                return None, len(signs)
            children.append(child)
        return (operator, tuple(children)), at

    tree, end = read(0)
    return tree if end == len(signs) else None


def compose(
    character: str, library: Library, rng: np.random.Generator
) -> list[list[np.ndarray]] | None:
    """Strokes per component of a character in the frame 0-1, None when a component is missing."""
    description = library.descriptions.get(character)
    tree = parse(description) if description else None
    if not isinstance(tree, tuple):
        return None
    found: list[list[np.ndarray]] = []
    complete = _place(tree, (0.05, 0.05, 0.95, 0.95), "whole", library, rng, found, 0)
    return found if complete else None


def _place(node, box, place, library, rng, found, depth) -> bool:  # noqa: ANN001, PLR0917 recursion
    if isinstance(node, str):
        parts = library.find(node, place)
        if parts:
            found.append(_stretch(parts[int(rng.integers(len(parts)))], box))
            return True
        description = library.descriptions.get(node)
        tree = parse(description) if description and depth < DEEPEST else None
        return isinstance(tree, tuple) and _place(tree, box, place, library, rng, found, depth + 1)
    operator, children = node
    boxes = _boxes(operator, children, box, library)
    return boxes is not None and all(
        _place(child, part, PLACES.get((operator, at), "any"), library, rng, found, depth + 1)
        for at, (child, part) in enumerate(zip(children, boxes, strict=True))
    )


def _boxes(operator: str, children: tuple, box: tuple, library: Library) -> list[tuple] | None:
    left, top, right, bottom = box
    if operator in INSIDE:
        a, b, c, d = INSIDE[operator]
        wide, high = right - left, bottom - top
        inner = (left + a * wide, top + b * high, left + c * wide, top + d * high)
        return [box, inner]
    if operator not in SPLITS:
        return None
    axis = SPLITS[operator]
    weights = np.array([_weight(child, library) for child in children])
    if axis == 0 and isinstance(children[0], str):
        slim = library.parts.get((children[0], "left"))
        if slim:
            width = min(float(np.mean([part.box[2] for part in slim])), 0.6)
            weights = np.array([width, *(weights[1:] / weights[1:].sum() * (1 - width))])
    edges = np.concatenate([[0], np.cumsum(weights / weights.sum())])
    low, high = (left, right) if axis == 0 else (top, bottom)
    cuts = low + edges * (high - low)
    if axis == 0:
        return [(cuts[at], top, cuts[at + 1], bottom) for at in range(len(children))]
    return [(left, cuts[at], right, cuts[at + 1]) for at in range(len(children))]


def _weight(node: object, library: Library, depth: int = 0) -> float:
    """Room that a component asks for: root of its number of strokes."""
    if isinstance(node, str):
        parts = library.find(node, "any")
        if parts:
            return float(np.sqrt(len(parts[0].strokes)))
        description = library.descriptions.get(node)
        tree = parse(description) if description and depth < DEEPEST else None
        return _weight(tree, library, depth + 1) if isinstance(tree, tuple) else 2.0
    if not isinstance(node, tuple):
        return 2.0
    return float(np.sqrt(sum(_weight(child, library, depth + 1) ** 2 for child in node[1])))


def _stretch(part: Part, box: tuple) -> list[np.ndarray]:
    low, high = np.array(part.box[:2]), np.array(part.box[2:])
    start, end = np.array(box[:2]), np.array(box[2:])
    size = np.maximum(high - low, 0.15)
    middle, scale = (low + high) / 2, 0.92 * (end - start) / size
    scale = np.minimum(scale, 2.5)
    return [(stroke - middle) * scale + (start + end) / 2 for stroke in part.strokes]


def fit(components: list[list[np.ndarray]], centre_line: np.ndarray) -> tuple[list, float]:
    """Move and stretch each component onto a centre line; strokes in its frame, and the distance.

    centre_line: segment ends (s, 2, 2) as models.training.corpus.font_ends gives them.
    """
    strokes = [stroke for component in components for stroke in component]
    owner = np.repeat(np.arange(len(components)), [len(one) for one in components])
    ends, stroke_of = resample(strokes)
    place, turn = ends.mean(axis=1), _angle(ends)
    target, target_turn = centre_line.mean(axis=1), _angle(centre_line)
    scale = np.ptp(target, axis=0) / np.maximum(np.ptp(place, axis=0), 1e-6)
    shift = target.min(axis=0) - place.min(axis=0) * scale
    leaf = owner[stroke_of]
    gains = np.repeat(scale[None], len(components), axis=0)
    offsets = np.repeat(shift[None], len(components), axis=0)
    error = np.inf
    for _ in range(ROUNDS):
        moved = place * gains[leaf] + offsets[leaf]
        cost = ((moved[:, None] - target) ** 2).sum(axis=2)
        cost += TURN_WEIGHT * np.sin(turn[:, None] - target_turn) ** 2
        there, back = cost.argmin(axis=1), cost.argmin(axis=0)
        error = float(np.sqrt(cost.min(axis=1)).mean() / 2 + np.sqrt(cost.min(axis=0)).mean() / 2)
        _settle(place, target, leaf, (there, back), gains, offsets)
    moved_strokes = [
        stroke * gains[component] + offsets[component]
        for stroke, component in zip(strokes, owner, strict=True)
    ]
    return moved_strokes, error


def build(
    wanted: list[tuple[int, int]], centre_lines: np.ndarray, library: Library, seed: int
) -> list[sources.StrokeSample]:
    """Samples of the wanted (code point, strokes) that compose well.

    A fit is kept when it lies near the centre line and has about as many strokes as the list says.
    """
    rng = np.random.default_rng((seed, 20))
    kept = []
    for (codepoint, count), centre_line in zip(wanted, centre_lines, strict=True):
        components = compose(chr(codepoint), library, rng)
        if components is None or abs(sum(map(len, components)) - count) > 1:
            continue
        strokes, distance = fit(components, centre_line)
        if distance < NEAR:
            kept.append(sources.StrokeSample(codepoint, "composed", tuple(strokes)))
    return kept


def _settle(place, target, leaf, pairs, gains, offsets) -> None:  # noqa: ANN001, PLR0917 inner loop
    there, back = pairs
    start = np.concatenate([place, place[back]])
    aim = np.concatenate([target[there], target])
    whose = np.concatenate([leaf, leaf[back]])
    for component in range(len(gains)):
        mine = whose == component
        if mine.sum() < 8:
            continue
        x, y = start[mine], aim[mine]
        middle = x.mean(axis=0)
        spread = ((x - middle) ** 2).sum(axis=0)
        pull = 0.1 * spread + 0.02
        along = ((x - middle) * (y - y.mean(axis=0))).sum(axis=0)
        gain = np.clip((along + pull * gains[component]) / (spread + pull), 0.3, 3.0)
        gains[component] = gain
        offsets[component] = y.mean(axis=0) - gain * middle


def _angle(ends: np.ndarray) -> np.ndarray:
    vector = ends[:, 1] - ends[:, 0]
    return np.arctan2(vector[:, 1], vector[:, 0])
