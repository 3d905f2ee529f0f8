"""The office's own characters (外字): the body of a downward `glyphs`, retained for every unit.

One document holds the whole set, so that a unit that was away needs nothing but the newest one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from intake import canonical
from intake.characters.errors import CharacterError
from intake.characters.mj_list import GETA
from intake.characters.name_text import OFFICE_PREFIX, Character
from intake.errors import DecodeError, OversizeError
from intake.office.outline import MAX_BYTES, GlyphOutline
from intake.record import OFFICE, Record

VERSION: Final = 1
LIMIT: Final = 480 * 1024
"""Most bytes of the document; signed it stays below what one message may hold."""
MAX_GLYPHS: Final = 500
MAX_READINGS: Final = 16
MAX_STROKES: Final = 99
RADICALS: Final = 214
CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9+_.-]{0,15}")
"""The code that an office gives a character, `G0001` or `U+E001`; the id within its repertoire."""
READING: Final = re.compile(r"[ぁ-ゖァ-ヺー]{1,16}")


class GlyphState(StrEnum):
    """Whether it may be picked; a retired one is only drawn, for the names that hold it."""

    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True)
class OfficeGlyph:
    """One character of the office."""

    code: str
    state: GlyphState
    outline: GlyphOutline
    strokes: int
    """総画数; the search compares it with the strokes drawn."""
    readings: tuple[str, ...] = ()
    radical: int | None = None
    """部首, 1 to 214."""
    base: str | None = None
    """The character it is a shape of: one code point, or with a variation selector."""
    fallback: str | None = None
    """What to write where only JIS can go."""

    @property
    def text(self) -> str:
        """What to write where only plain text can go: the fallback, the base character, or 〓."""
        return self.fallback or self.base or GETA

    def character(self, office: str) -> Character:
        """The character of a name, in the repertoire of the office with this LG code."""
        return Character(OFFICE_PREFIX + office, self.code, self.text)


@dataclass(frozen=True)
class OfficeGlyphs:
    """The set of one office; glyphs in order of their codes, each once."""

    office: str
    version: int
    keep_drawings: bool
    """Whether units may keep confirmed drawings as prototypes; see docs/office-characters.md."""
    glyphs: tuple[OfficeGlyph, ...]

    def glyph(self, code: str) -> OfficeGlyph | None:
        """The glyph with this code, retired ones too."""
        return next((glyph for glyph in self.glyphs if glyph.code == code), None)


def in_order(glyphs: Iterable[OfficeGlyph]) -> tuple[OfficeGlyph, ...]:
    """The glyphs in the order that the document wants."""
    return tuple(sorted(glyphs, key=lambda glyph: glyph.code))


def encode(document: OfficeGlyphs) -> bytes:
    """The canonical bytes.

    OversizeError when the set is too large for one message, DecodeError when `decode` would refuse
    it for another reason.
    """
    if len(document.glyphs) > MAX_GLYPHS:
        raise OversizeError(f"an office has at most {MAX_GLYPHS} characters of its own")
    wire = [{**vars(glyph), "outline": glyph.outline.data} for glyph in document.glyphs]
    data = canonical.encode({"v": VERSION, **vars(document), "glyphs": wire})
    decode(data)
    return data


def decode(data: bytes) -> OfficeGlyphs:
    """The set in `data`; DecodeError when it is not exactly in the known form."""
    record = Record(canonical.decode(data, limit=LIMIT, depth=4), "set of office glyphs")
    record.version(VERSION)
    document = OfficeGlyphs(
        office=record.text("office", pattern=OFFICE),
        version=record.integer("version", minimum=1),
        keep_drawings=record.flag("keep_drawings"),
        glyphs=tuple(_glyph(item) for item in record.items("glyphs", limit=MAX_GLYPHS)),
    )
    record.close()
    codes = [glyph.code for glyph in document.glyphs]
    if sorted(set(codes)) != codes:
        raise DecodeError("the glyphs of an office are doubled or not in order")
    return document


def _glyph(item: object) -> OfficeGlyph:
    record = Record(item, "office glyph")
    glyph = OfficeGlyph(
        code=record.text("code", pattern=CODE),
        state=record.choice("state", GlyphState),
        outline=GlyphOutline(record.octets("outline", limit=MAX_BYTES)),
        strokes=record.integer("strokes", minimum=1, maximum=MAX_STROKES),
        readings=_readings(record.items("readings", limit=MAX_READINGS)),
        radical=(
            None
            if record.absent("radical")
            else record.integer("radical", minimum=1, maximum=RADICALS)
        ),
        base=_written(record, "base"),
        fallback=_written(record, "fallback"),
    )
    record.close()
    return glyph


def _readings(items: list[object]) -> tuple[str, ...]:
    found = tuple(str(item) for item in items)
    if list(found) != items or not all(READING.fullmatch(reading) for reading in found):
        raise DecodeError("a reading is 1 to 16 kana")
    if len(set(found)) != len(found):
        raise DecodeError("a glyph has one reading twice")
    return found


def _written(record: Record, name: str) -> str | None:
    """One code point, or a base and its variation selector, as `Character.ucs` takes them."""
    if record.absent(name):
        return None
    text = record.text(name, limit=2)
    try:
        Character.ucs(text)
    except CharacterError as error:
        raise DecodeError("beside a glyph stands more than one character") from error
    if not text.isprintable() or text.isspace():
        raise DecodeError("a character beside a glyph cannot be printed")
    return text
