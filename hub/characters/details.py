"""What an operator writes beside an outline, read into the form the units are told."""

import re
from dataclasses import dataclass
from typing import Final

from hub.characters.errors import GlyphRefusedError, Problem
from intake.characters import Character, CharacterError, NameText
from intake.characters.tables import in_jis, jis_fallback
from intake.office.glyphs import (
    CODE,
    MAX_READINGS,
    MAX_STROKES,
    RADICALS,
    READING,
    GlyphState,
    OfficeGlyph,
)
from intake.office.outline import GlyphOutline

_BETWEEN: Final = re.compile(r"[\s、,・]+")
_CODEPOINT: Final = re.compile(r"U\+([0-9A-F]{4,6})", re.ASCII | re.IGNORECASE)
_FULL_WIDTH: Final = str.maketrans({0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20})
_FIRST_RADICAL: Final = 0x2F00


@dataclass(frozen=True)
class Details:
    """The form as it was typed, so that a refused one comes back as it was."""

    code: str = ""
    strokes: str = ""
    readings: str = ""
    radical: str = ""
    base: str = ""
    fallback: str = ""
    note: str = ""

    @classmethod
    def written(cls, glyph: OfficeGlyph, note: str) -> "Details":
        """The form for a character that is there."""
        return cls(
            code=glyph.code,
            strokes=str(glyph.strokes),
            readings=" ".join(glyph.readings),
            radical="" if glyph.radical is None else str(glyph.radical),
            base=glyph.base or "",
            fallback=glyph.fallback or "",
            note=note,
        )

    def glyph(self, outline: GlyphOutline, state: GlyphState = GlyphState.ACTIVE) -> OfficeGlyph:
        """The character; GlyphRefusedError naming the first field that is wrong."""
        code = self.code.translate(_FULL_WIDTH).upper()
        if not CODE.fullmatch(code):
            raise GlyphRefusedError(Problem.CODE)
        base = _character(self.base, Problem.BASE)
        return OfficeGlyph(
            code=code,
            state=state,
            outline=outline,
            strokes=_number(self.strokes, MAX_STROKES, Problem.STROKES),
            readings=_readings(self.readings),
            radical=_radical(self.radical),
            base=base,
            fallback=_fallback(self.fallback, base),
        )


def _number(text: str, most: int, problem: Problem) -> int:
    digits = text.translate(_FULL_WIDTH)
    if not (digits.isascii() and digits.isdecimal() and 1 <= int(digits[:4]) <= most):
        raise GlyphRefusedError(problem)
    return int(digits)


def _readings(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(word for word in _BETWEEN.split(text) if word))
    if len(found) > MAX_READINGS or not all(READING.fullmatch(word) for word in found):
        raise GlyphRefusedError(Problem.READINGS)
    return found


def _radical(text: str) -> int | None:
    """A number from 1 to 214, or the radical itself as Unicode's block of radicals has it."""
    if not text:
        return None
    if len(text) == 1 and _FIRST_RADICAL <= ord(text) < _FIRST_RADICAL + RADICALS:
        return ord(text) - _FIRST_RADICAL + 1
    return _number(text, RADICALS, Problem.RADICAL)


def _character(text: str, problem: Problem) -> str | None:
    """One character, typed or as its code point."""
    if not text:
        return None
    found = _CODEPOINT.fullmatch(text.translate(_FULL_WIDTH))
    try:
        written = chr(int(found[1], 16)) if found else text
        Character.ucs(written)
    except (CharacterError, ValueError):
        raise GlyphRefusedError(problem) from None
    if not written.isprintable() or written.isspace():
        raise GlyphRefusedError(problem)
    return written


def _fallback(text: str, base: str | None) -> str | None:
    """What JIS writes instead; without a word of the operator what it writes for the base."""
    given = _character(text, Problem.FALLBACK)
    if given is not None:
        if not in_jis(Character.ucs(given)):
            raise GlyphRefusedError(Problem.FALLBACK)
        return given
    if base is None:
        return None
    found = jis_fallback(NameText.from_plain(base))
    return None if found.missing else found.text
