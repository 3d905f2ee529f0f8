"""Glyphs by whatever somebody has at hand: MJ name, character, code point, register number."""

import re
from typing import Final

from intake.characters import mj_list, tables
from intake.characters.errors import CharacterError
from intake.characters.mj_list import MjGlyph, glyph, glyph_at
from intake.characters.name_text import is_variation_selector

_MJ: Final = re.compile(r"MJ(\d{6})", re.ASCII | re.IGNORECASE)
_SEQUENCE: Final = re.compile(r"U\+([0-9A-F]{4,6})(?: *U\+([0-9A-F]{4,6}))?", re.IGNORECASE)
_KOSEKI: Final = re.compile(r"\d{6}", re.ASCII)
_JUKI: Final = re.compile(r"(?:J\+)?([0-9A-F]{4})", re.IGNORECASE)


def by_koseki(number: str) -> tuple[MjGlyph, ...]:
    """Give the glyph of a 戸籍統一文字番号 of six digits; empty when nothing has it."""
    if not _KOSEKI.fullmatch(number):
        raise CharacterError("a 戸籍統一文字番号 is six digits")
    return _with("koseki", number)


def by_juki(code: str) -> tuple[MjGlyph, ...]:
    """Give the glyph of a 住基ネット統一文字コード, `J+9089` or `9089`; empty if nothing has it."""
    found = _JUKI.fullmatch(code)
    if found is None:
        raise CharacterError("a 住基ネット統一文字コード is J+ and four hexadecimal digits")
    return _with("juki", f"J+{found[1].upper()}")


def by_text(text: str) -> tuple[MjGlyph, ...]:
    """Give the glyphs of a character: the one that shows this text first, then the code point's.

    With a variation selector only the glyph of that sequence. Empty when the list has none.
    """
    if not 1 <= len(text) <= 2 or (len(text) == 2 and not is_variation_selector(text[1])):
        raise CharacterError("give one character, with its variation selector if it has one")
    shown = tables.glyph_of_text(text)
    if len(text) == 2:
        return (shown,) if shown else ()
    others = tables.glyphs_of(f"U+{ord(text):04X}")
    return (*((shown,) if shown else ()), *(one for one in others if one != shown))


def by_name(asked: str) -> tuple[MjGlyph, ...]:
    """Give the glyphs for `MJ026191`, `U+9089`, `U+9089 U+E0100` or the character itself.

    CharacterError when it is none of these, or when the list has no such MJ name.
    """
    asked = asked.strip()
    if found := _MJ.fullmatch(asked):
        return (glyph(f"MJ{found[1]}"),)
    if found := _SEQUENCE.fullmatch(asked):
        codes = [int(code, 16) for code in found.groups() if code]
        if max(codes) > 0x10FFFF:
            raise CharacterError("a code point is at most U+10FFFF")
        return by_text("".join(map(chr, codes)))
    return by_text(asked)


def _with(name: str, value: str) -> tuple[MjGlyph, ...]:
    return tuple(glyph_at(number) for number, cell in mj_list.column(name) if cell == value)
