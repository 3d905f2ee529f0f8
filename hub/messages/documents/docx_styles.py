"""How the text of a Word document looks: whether a person sees it at all."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

from hub.messages.documents.visibility import DARK, LEAST_EM, WHITE, lightness

WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VALUE: Final = f"{WORD}val"
OFF: Final = ("0", "false", "off")
LOOKS: Final = {f"{WORD}{name}": f"{WORD}{name}Pr" for name in ("p", "tc", "tbl")}
"""Elements that say how the text in them looks, with the properties that say it."""
STYLE_OF: Final = {f"{WORD}r": "rStyle", f"{WORD}p": "pStyle", f"{WORD}tbl": "tblStyle"}
DEEPEST: Final = 30
"""A style is based on another one at most so often: a circle ends there."""
HALF_POINTS: Final = 2
COLOUR: Final = 6
HIGHLIGHTS: Final = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00",
    "magenta": "FF00FF", "red": "FF0000", "yellow": "FFFF00", "white": "FFFFFF",
    "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000", "darkMagenta": "800080",
    "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip


def is_on(element: ET.Element | None) -> bool | None:
    """Whether a switch of the markup is on; None when it is not there."""
    return None if element is None else element.get(VALUE, "true").lower() not in OFF


@dataclass(frozen=True)
class Look:
    """What properties say of their text; None: nothing."""

    vanish: bool | None = None
    colour: str | None = None
    size: float | None = None
    ground: str | None = None

    @classmethod
    def of(cls, properties: ET.Element | None) -> "Look":
        """From the properties of a run, paragraph, cell or table."""
        if properties is None:
            return cls()
        vanish = is_on(properties.find(f"{WORD}vanish"))
        size = _value(properties, "sz")
        return cls(
            vanish=True if _unfilled(properties) else vanish,
            colour=_hex(_value(properties, "color")),
            size=float(size) / HALF_POINTS if size and size.isdecimal() else None,
            ground=HIGHLIGHTS.get(_value(properties, "highlight") or "") or _shading(properties),
        )


@dataclass(frozen=True)
class Style:
    """A style: what it says, and the style that it is based on."""

    looks: tuple[Look, ...]
    base: str | None


@dataclass(frozen=True)
class Styles:
    """The styles of a document by their ids."""

    by_id: Mapping[str, Style] = field(default_factory=dict[str, Style])
    paragraph: str | None = None
    """The style of paragraphs that name none."""
    defaults: Look = field(default_factory=Look)

    @classmethod
    def of(cls, root: ET.Element | None) -> "Styles":
        """From the part `styles.xml`."""
        if root is None:
            return cls()
        found: dict[str, Style] = {}
        usual = None
        for style in root.iter(f"{WORD}style"):
            name = style.get(f"{WORD}styleId", "")
            parts = ("rPr", "pPr", "tblPr", "tcPr")
            looks = tuple(Look.of(style.find(f"{WORD}{part}")) for part in parts)
            found[name] = Style(looks, _value(style, "basedOn"))
            chosen = style.get(f"{WORD}default", "0").lower() not in OFF
            if chosen and style.get(f"{WORD}type") == "paragraph":
                usual = name
        defaults = root.find(f"{WORD}docDefaults/{WORD}rPrDefault/{WORD}rPr")
        return cls(found, usual, Look.of(defaults))

    def looks(self, tag: str, properties: ET.Element | None) -> tuple[Look, ...]:
        """What the properties of an element with this tag say, before what its style says."""
        kind = STYLE_OF.get(tag)
        style = _value(properties, kind) if kind and properties is not None else None
        usual = self.paragraph if kind == "pStyle" else None
        return (Look.of(properties), *self._chain(style or usual))

    def hides(self, run: ET.Element | None, around: Iterable[Look]) -> bool:
        """Whether nobody sees the text of a run with these properties.

        around: looks of what it stands in, innermost first.
        """
        own, *others = (*self.looks(f"{WORD}r", run), *around, self.defaults)
        # of styles that disagree the one that hides counts: then a person looks
        vanish = any(look.vanish for look in others) if own.vanish is None else own.vanish
        looks = (own, *others)
        size = next((look.size for look in looks if look.size is not None), LEAST_EM)
        colour = next((look.colour for look in looks if look.colour is not None), None)
        ground = next((look.ground for look in looks if look.ground is not None), None)
        return vanish or size < LEAST_EM or not _stands_out(colour, ground)

    def _chain(self, name: str | None) -> Iterator[Look]:
        for _ in range(DEEPEST):
            style = self.by_id.get(name or "")
            if style is None:
                return
            yield from style.looks
            name = style.base


def _unfilled(properties: ET.Element) -> bool:
    """Whether letters are drawn without ink inside them."""
    fills = (child for child in properties if child.tag.endswith("}textFill"))
    return any(part.tag.endswith("}noFill") for fill in fills for part in fill.iter())


def _stands_out(colour: str | None, ground: str | None) -> bool:
    """Whether ink of a colour is seen on a ground; without a colour ink is never the ground's."""
    if colour in (None, ""):
        return True
    if colour == ground:
        return False
    return _lightness(colour) < WHITE or (bool(ground) and _lightness(ground) < DARK)


def _lightness(colour: str | None) -> float:
    """From 0 (black) to 1 (white)."""
    plain = colour or "FFFFFF"
    return lightness([int(plain[at : at + 2], 16) / 255 for at in (0, 2, 4)])


def _shading(properties: ET.Element) -> str | None:
    """The colour laid under the text."""
    shading = properties.find(f"{WORD}shd")
    if shading is None or shading.get(VALUE) == "nil":
        return None
    solid = shading.get(VALUE) == "solid"
    return _hex(shading.get(f"{WORD}color" if solid else f"{WORD}fill")) or None


def _hex(value: str | None) -> str | None:
    """Six hexadecimal digits in capitals; "" for whatever Word chooses by itself."""
    if value is None:
        return None
    plain = value.upper()
    return plain if len(plain) == COLOUR and not set(plain) - set("0123456789ABCDEF") else ""


def _value(properties: ET.Element, name: str) -> str | None:
    found = properties.find(f"{WORD}{name}")
    return None if found is None else found.get(VALUE)
