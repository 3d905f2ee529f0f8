"""Draws the pages: templates over the view, text from the catalogue, characters by their glyph."""

import logging
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Final, cast

import jinja2
from markupsafe import Markup, escape

from edge.pages.catalogue import Catalogue, catalogue
from edge.pages.outlines import DrawnShape, Outlines
from edge.pages.parts import PARTS, RADICALS
from edge.session.value_json import day_text
from intake.characters import Character, CharacterError

log = logging.getLogger(__name__)
JAPAN: Final = timezone(timedelta(hours=9))
FOLDER: Final = Path(__file__).resolve().parents[1] / "templates"


_RADICAL_CHOICES: Final = Markup().join(
    Markup('<option value="{0}">{0} {1}</option>').format(number, radical)
    for number, radical in enumerate(RADICALS, 1)
)
"""Made once: the list is longer than the rest of the page."""


class Rendering:
    """The templates of a unit, and how its characters look."""

    def __init__(self, font: Path | None = None) -> None:
        self.outlines = Outlines(font)
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {"moment": moment, "era_day": era_day}

    def page(self, template: str, language: str, values: dict[str, object]) -> str:
        """The HTML of `template`; `t`, `language` and `texts` speak the language given."""
        chosen: Catalogue = catalogue(language)
        return self._environment.get_template(template).render(
            **values,
            t=chosen.text,
            error_text=chosen.error,
            reason=chosen.reason,
            language=chosen.language,
            glyph=self.glyph,
            side_by_side=self.side_by_side,
            RADICALS=RADICALS,
            RADICAL_CHOICES=_RADICAL_CHOICES,
            PARTS=PARTS,
        )

    def glyph(self, character: object, size: int = 32) -> Markup:
        """One character of a view (repertoire, id, text) drawn by its glyph as inline SVG."""
        drawn = _character(character)
        if drawn is not None and (svg := self.outlines.svg(drawn, size)) is not None:
            return Markup(svg)  # noqa: S704 - made by Outlines, which escapes the text
        text = cast("dict[str, str]", character)["text"]
        return Markup('<span class="glyph-text">') + escape(text) + Markup("</span>")

    def side_by_side(self, shapes: list[object], size: int) -> list[DrawnShape]:
        """Shapes to choose from, each with the marks of how it differs from the others."""
        characters = tuple(map(_character, shapes))
        if any(character is None for character in characters):
            return [DrawnShape(str(self.glyph(shape, size))) for shape in shapes]
        known = cast("tuple[Character, ...]", characters)
        marked = self.outlines.side_by_side(known, size)
        return [
            DrawnShape(str(self.glyph(shape, size))) if drawn is None else drawn
            for shape, drawn in zip(shapes, marked, strict=True)
        ]

    def compare(self, groups: tuple[tuple[Character, ...], ...]) -> None:
        """Do beforehand what `side_by_side` would take time for; from any thread."""
        for group in groups:
            self.outlines.side_by_side(group, 1)


def _character(fields: object) -> Character | None:
    shown = cast("dict[str, str]", fields)
    try:
        return Character(shown["repertoire"], shown["id"], shown["text"])
    except CharacterError:
        log.warning("a character of a view is not in its form")
        return None


def moment(time_us: int) -> str:
    """A time of the unit's clock as people at the counter read it: `11月23日 16:20`."""
    at = datetime.fromtimestamp(time_us / 1_000_000, JAPAN)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def era_day(iso: str) -> str:
    """A day `YYYY-MM-DD` of a view by its era; anything else as it stands."""
    try:
        return day_text(date.fromisoformat(iso))
    except ValueError:
        return iso
