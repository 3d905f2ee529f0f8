"""Look-ups over the MJ list: by name, code point, written text, reading; and what JIS can write."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from intake.characters.mj_list import (
    GETA,
    MJ_COUNT,
    JisFallback,
    MjGlyph,
    RadicalStrokes,
    character_at,
    column,
    glyph,
    glyph_at,
)
from intake.characters.name_text import (
    MJ,
    OFFICE_PREFIX,
    UCS,
    Character,
    NameText,
    is_variation_selector,
)

__all__ = [
    "MJ_COUNT",
    "OFFICE_RULE",
    "JisFallback",
    "JisText",
    "MjGlyph",
    "RadicalStrokes",
    "Substitution",
    "find",
    "glyph",
    "glyph_of_text",
    "glyphs_of",
    "in_jis",
    "jis_fallback",
    "mj_names",
]

_JIS_CODEC = "shift_jis_2004"
OFFICE_RULE: Final = "庁の定め"
"""The rule of a 縮退 that an office made for a character of its own: what its text says."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """One character of a name that had to be written differently for the outside."""

    index: int
    character: Character
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class JisText:
    """A name in JIS X 0213 for places that take nothing else; derived, never stored as the name.

    `substitutions` lists what was replaced, `missing` the positions that have no substitute (〓).
    """

    text: str
    substitutions: tuple[Substitution, ...]
    missing: tuple[int, ...]


@cache
def mj_names() -> Sequence[str]:
    """All MJ names in the list's order."""
    return tuple(name for _, name in column("mj_name"))


def glyphs_of(codepoint: str) -> tuple[MjGlyph, ...]:
    """All glyphs whose 対応するUCS is `codepoint` (`U+9089`); empty when there are none."""
    return tuple(map(glyph_at, _by_codepoint().get(codepoint, ())))


def glyph_of_text(text: str) -> MjGlyph | None:
    """Give the glyph that a code point, or a base and variation selector, is implemented as."""
    number = _by_text().get(text)
    return None if number is None else glyph_at(number)


def find(
    *,
    reading: str | None = None,
    radical: int | None = None,
    strokes: int | None = None,
) -> tuple[MjGlyph, ...]:
    """All glyphs with the reading (as the list writes it), radical number and total strokes given.

    Empty when nothing is asked.
    """
    numbers: set[int] | None = None
    for name, wanted in (
        ("strokes", None if strokes is None else str(strokes)),
        ("radicals", None if radical is None else f"{radical}:"),
        ("readings", reading),
    ):
        if wanted is None:
            continue
        found = {number for number, cell in column(name) if _has(cell, name, wanted)}
        numbers = found if numbers is None else numbers & found
    return tuple(map(glyph_at, sorted(numbers or ())))


def in_jis(character: Character) -> bool:
    """Whether JIS X 0213 writes exactly this character.

    An MJ glyph is in JIS only when it is what a JIS code point shows in the MJ font; a variant that
    JIS unifies with it is not. A character with a variation selector is not.
    """
    if character.repertoire == UCS:
        return _encodable(character.text)
    if character.repertoire != MJ:
        return False
    implemented = glyph(character.id).implemented_codepoint
    return implemented is not None and _encodable(character_at(implemented))


def jis_fallback(name: NameText) -> JisText:
    """Write a name in JIS X 0213: as it is, else by the first 縮退 of the map, else 〓."""
    written: list[str] = []
    substitutions: list[Substitution] = []
    missing: list[int] = []
    for index, character in enumerate(name):
        if in_jis(character):
            written.append(_plain_jis(character))
            continue
        fallback = _fallback_of(character)
        if fallback is None:
            missing.append(index)
            written.append(GETA)
            continue
        written.append(fallback.text)
        substitutions.append(Substitution(index, character, fallback.text, fallback.rule))
    return JisText("".join(written), tuple(substitutions), tuple(missing))


def _fallback_of(character: Character) -> JisFallback | None:
    text = character.text
    if character.repertoire == MJ:
        found = glyph(character.id)
    elif character.repertoire == UCS:
        found = glyph_of_text(text) or glyph_of_text(text[0])
    elif not character.repertoire.startswith(OFFICE_PREFIX) or text == GETA:
        return None
    elif _encodable(text):
        return JisFallback(text, "", OFFICE_RULE, None, None)
    else:
        found = glyph_of_text(text) or glyph_of_text(text[0])
    candidates = found.jis_fallbacks if found else ()
    return next((item for item in candidates if _encodable(item.text)), None)


def _plain_jis(character: Character) -> str:
    if character.repertoire == UCS:
        return character.text
    return character_at(glyph(character.id).implemented_codepoint or "")


def _encodable(text: str) -> bool:
    if any(map(is_variation_selector, text)):
        return False
    try:
        text.encode(_JIS_CODEC)
    except UnicodeEncodeError:
        return False
    return True


def _has(cell: str, name: str, wanted: str) -> bool:
    if name == "strokes":
        return cell == wanted
    if name == "radicals":
        return any(item.startswith(wanted) for item in cell.split())
    return wanted in cell.split()


@cache
def _by_codepoint() -> dict[str, tuple[int, ...]]:
    index: dict[str, tuple[int, ...]] = {}
    for number, codepoint in column("codepoint"):
        index[codepoint] = (*index.get(codepoint, ()), number)
    return index


@cache
def _by_text() -> dict[str, int]:
    index = {character_at(codepoint): n for n, codepoint in column("implemented_codepoint")}
    for name in ("ivs", "svs"):
        index.update({text: number for number, text in column(name)})
    return index
