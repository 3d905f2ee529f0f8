"""What a person does not see though it is drawn: invisible modes, white ink, ink off the page."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from hub.messages.documents.glyph import Area, Box, Glyph, Hidden

INVISIBLE_MODES: Final = (3, 7)
WHITE: Final = 0.93
"""Lightness from which ink on white paper counts as not there."""
DARK: Final = 0.8
AREAS: Final = 300
"""So many areas, the largest, are looked at."""
LEAST_EM: Final = 1.5
"""Points; smaller print cannot be read."""
CMYK: Final = 4
UNDER_A_PICTURE: Final = (Hidden.INVISIBLE_MODE, Hidden.COVERED)
COVERED: Final = 0.8
"""Share of invisible glyphs over a picture from which they are its recognised text."""


def hidden_by_state(
    state: Any,  # noqa: ANN401 playa's graphic state
    box: Box,
    size: float,
    width: float,
    height: float,
) -> Hidden | None:
    """Why the glyph is not seen, or None; `size` is its em, the rest in points."""
    x, y = box.middle
    if not (0 <= x <= width and 0 <= y <= height):
        return Hidden.OFF_PAGE
    if state.render_mode in INVISIBLE_MODES or (state.nalpha is not None and state.nalpha == 0):
        return Hidden.INVISIBLE_MODE
    if max(size, box.height, box.width) < LEAST_EM:
        return Hidden.TOO_SMALL
    stroked = state.render_mode in (1, 2, 5, 6)
    if not stroked and lightness(state.ncolor.values) >= WHITE:
        return Hidden.NO_CONTRAST
    return None


def lightness(values: Sequence[float]) -> float:
    """Lightness from 0 (black) to 1 (white) of a grey, RGB or CMYK colour; 0 for anything else."""
    if len(values) == 1:
        return float(values[0])
    if len(values) == CMYK:
        cyan, magenta, yellow, black = (float(value) for value in values)
        return (1 - black) * min(1 - cyan, 1 - magenta, 1 - yellow)
    if len(values) == 3:
        return min(float(value) for value in values)
    return 0.0


def by_areas(glyphs: Sequence[Glyph], areas: Sequence[Area]) -> list[Glyph]:
    """The glyphs, white ones on dark areas shown, and those under a later area hidden."""
    largest = sorted(areas, key=lambda a: -a.box.width * a.box.height)[:AREAS]
    if not largest:
        return list(glyphs)
    return [
        replace(glyph, hidden=_by_areas(glyph, index, largest))
        for index, glyph in enumerate(glyphs)
    ]


def _by_areas(glyph: Glyph, index: int, areas: Sequence[Area]) -> Hidden | None:
    x, y = glyph.box.middle
    over = [area for area in areas if area.box.holds(x, y)]
    if glyph.hidden is None and any(area.after > index for area in over):
        return Hidden.COVERED
    under = [area for area in over if area.after <= index]
    if glyph.hidden is Hidden.NO_CONTRAST and under:
        last = max(under, key=lambda area: area.after)
        return None if last.lightness < DARK else Hidden.NO_CONTRAST
    return glyph.hidden


def as_ocr_layer(glyphs: Sequence[Glyph], pictures: Sequence[Box]) -> list[Glyph]:
    """The glyphs, invisible ones that lie over pictures named as the recognised text of a scan."""
    invisible = [g for g in glyphs if g.hidden in UNDER_A_PICTURE and not g.blank]
    if not invisible or not pictures:
        return list(glyphs)
    over = sum(any(area.holds(*g.box.middle) for area in pictures) for g in invisible)
    if over < COVERED * len(invisible):
        return list(glyphs)
    return [
        replace(glyph, hidden=Hidden.OCR_LAYER) if glyph.hidden is Hidden.INVISIBLE_MODE else glyph
        for glyph in glyphs
    ]
