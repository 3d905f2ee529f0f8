"""Draws the pages: templates over the view, text from the catalogue, characters by their glyph."""

import logging
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Final, cast

import jinja2
from markupsafe import Markup, escape

from edge.pages.catalogue import Catalogue, catalogue
from edge.pages.outlines import Outlines
from edge.session.value_json import day_text
from intake.characters import Character, CharacterError

log = logging.getLogger(__name__)
JAPAN: Final = timezone(timedelta(hours=9))
FOLDER: Final = Path(__file__).resolve().parents[1] / "templates"


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
        )

    def glyph(self, character: object, size: int = 32) -> Markup:
        """One character of a view (repertoire, id, text) drawn by its glyph as inline SVG."""
        fields = cast("dict[str, str]", character)
        try:
            drawn = Character(fields["repertoire"], fields["id"], fields["text"])
            if (svg := self.outlines.svg(drawn, size)) is not None:
                return Markup(svg)  # noqa: S704 - made by Outlines, which escapes the text
        except CharacterError:
            log.warning("a character of a view is not in its form")
        return Markup('<span class="glyph-text">') + escape(fields["text"]) + Markup("</span>")


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
