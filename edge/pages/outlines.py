"""The one place that knows how a character looks: asked by repertoire and id, never by code point.

The MJ font is asked first; an office's own characters come from a source that is added.
"""

import html
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from edge.errors import FieldError
from edge.pages.differing import Difference, difference
from edge.pages.raster import CELLS, Mask, mask
from intake.characters import Character
from intake.characters.glyphs import GlyphFont, Outline
from intake.errors import IntakeError

log = logging.getLogger(__name__)
Source = Callable[[Character], Outline | None]
_KEPT: Final = 2048
_WHOLLY: Final = 0.5  # of its ink: then the two are written otherwise altogether


class Outlines:
    """Outlines of characters from the MJ font at `font` (None: Debian's) and from added sources."""

    def __init__(self, font: Path | None = None) -> None:
        self._font = _load_font(font)
        self._sources: list[Source] = []
        if self._font is not None:
            self._sources.append(self._font.outline)

    def add(self, source: Source) -> None:
        """Ask `source` too, for characters that those before it do not know."""
        self._sources.append(source)

    def outline(self, character: Character) -> Outline | None:
        """The outline of a character; None when nobody has one."""
        found = (source(character) for source in self._sources)
        return next((outline for outline in found if outline is not None), None)

    def svg(self, character: Character, size: int) -> str | None:
        """A character as a whole `<svg>` of `size` CSS pixels; None without any font.

        What nobody has an outline for stands in a dashed box with its id.
        """
        outline = self.outline(character)
        if outline is None:
            return None if self._font is None else self._font.svg(character, size)
        return svg(outline, size, character.text)

    def differences(self, characters: tuple[Character, ...]) -> tuple[Difference | None, ...]:
        """How each shape of a group differs: the first from any other, the others from the first.

        None for a character without an outline. Takes milliseconds for each that is new.
        """
        return tuple(found for _, found in self._compared(characters))

    def side_by_side(
        self, characters: tuple[Character, ...], size: int
    ) -> "tuple[DrawnShape | None, ...]":
        """The shapes of a group with their marks; None for a character without an outline."""
        return tuple(
            None if outline is None else _drawn(outline, size, character.text, found)
            for character, (outline, found) in zip(
                characters, self._compared(characters), strict=True
            )
        )

    def _compared(
        self, characters: tuple[Character, ...]
    ) -> list[tuple[Outline | None, Difference | None]]:
        first, *rest = [self.outline(character) for character in characters]
        others = tuple(outline for outline in rest if outline is not None)
        found = [(first, None if first is None else _difference(first, others))]
        for outline in rest:
            alone = outline is None or first is None
            found.append((outline, None if alone else _difference(outline, (first,))))
        return found


@dataclass(frozen=True, slots=True)
class DrawnShape:
    """One shape to choose: `svg` with its marks, in which `places` it differs.

    `wholly`: so much differs that nothing is marked. `box`: where its ink lies, as shares of the
    picture from left, top, right and bottom, separated by blanks.
    """

    svg: str
    places: tuple[str, ...] = ()
    wholly: bool = False
    box: str = "0 0 0 0"


def svg(outline: Outline, size: int, label: str, under: str = "", over: str = "") -> str:
    """One outline as inline SVG, `under` drawn below it and `over` above it."""
    width = size * outline.advance / outline.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{size}" '
        f'viewBox="0 0 {outline.advance} {outline.height}" role="img" '
        f'aria-label="{html.escape(label)}" fill="currentColor">'
        f'{under}<path class="ink" d="{outline.path}"/>{over}</svg>'
    )


def marked_svg(outline: Outline, size: int, label: str, found: Difference | None) -> str:
    """One outline with its marks: around what differs, on what it has, as a ghost what it lacks."""
    if not found:
        return svg(outline, size, label)
    under = f'<path class="differs" d="{found.ground}"/>'
    if found.lacking:
        under += f'<path class="lacking" d="{found.lacking}"/>'
    over = f'<path class="extra" d="{found.extra}"/>' if found.extra else ""
    return svg(outline, size, label, under, over)


def _drawn(outline: Outline, size: int, label: str, found: Difference | None) -> DrawnShape:
    if not found:
        return DrawnShape(svg(outline, size, label), box=_box(outline))
    if found.share > _WHOLLY:
        return DrawnShape(svg(outline, size, label), wholly=True, box=_box(outline))
    return DrawnShape(marked_svg(outline, size, label, found), found.places, box=_box(outline))


@lru_cache(_KEPT)
def _box(outline: Outline) -> str:
    cells = _mask(outline)
    if cells is None or not cells.any():
        return "0 0 0 0"
    rows, columns = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
    edges = (columns[0], rows[0], CELLS - 1 - columns[-1], CELLS - 1 - rows[-1])
    return " ".join(f"{edge / CELLS:.3f}" for edge in edges)


@lru_cache(_KEPT)
def _mask(outline: Outline) -> Mask | None:
    try:
        return mask(outline.path, outline.advance, outline.height)
    except FieldError:
        log.exception("an outline cannot be compared; it is shown without marks")
        return None


@lru_cache(_KEPT)
def _difference(shape: Outline, others: tuple[Outline, ...]) -> Difference | None:
    present = _mask(shape)
    compared = [found for other in others if (found := _mask(other)) is not None]
    if present is None or not compared:
        return None
    return difference(present, compared, shape.height / CELLS)


def _load_font(path: Path | None) -> GlyphFont | None:
    try:
        return GlyphFont.load(path)
    except (IntakeError, OSError):
        log.exception("characters are drawn as text: the glyph font cannot be read")
        return None
