"""Which glyphs of the MJ list fit a stroke count, radical, component and reading together."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from intake.characters import components
from intake.characters.errors import CharacterError
from intake.characters.mj_list import MjGlyph, character_at, column, glyph_at

_RADICALS: Final = 214
_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_KANA = re.compile(r"[ぁ-ゖー]{1,16}[*＊]?")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a glyph must be like; None asks nothing, and everything asked must hold.

    strokes: fewest and most total strokes (総画数), both included; radical: its number, 1-214;
    part: a component, or several characters that must all be in it; reading: kana of either kind,
    whole, or its beginning when it ends with `*`. CharacterError, saying which, when one cannot be.
    """

    strokes: tuple[int, int] | None = None
    radical: int | None = None
    part: str | None = None
    reading: str | None = None

    def __post_init__(self) -> None:
        if self.strokes is not None and not 0 < self.strokes[0] <= self.strokes[1] < 256:
            raise CharacterError("strokes are a range from 1 to 255, the smaller number first")
        if self.radical is not None and not 1 <= self.radical <= _RADICALS:
            raise CharacterError("a radical is a number from 1 to 214")
        if self.part is not None and not 1 <= len(self.part) <= 8:
            raise CharacterError("a part is one character, or up to eight")
        if self.reading is not None and not _KANA.fullmatch(folded(self.reading)):
            raise CharacterError("a reading is 1 to 16 kana, at its end * for any longer one")

    @property
    def asks_nothing(self) -> bool:
        """Whether every glyph fits."""
        return self == Filter()


def folded(reading: str) -> str:
    """Give a reading in hiragana, as readings are compared."""
    return reading.translate(_TO_HIRAGANA)


def fits(
    asked: Filter,
    *,
    strokes: int | None,
    radical: int | None,
    parts: str,
    readings: Sequence[str],
) -> bool:
    """Whether something outside the MJ list (a glyph of the office's own) fits; unknown does not.

    parts: the characters whose components count as its own.
    """
    if asked.strokes and not (strokes and asked.strokes[0] <= strokes <= asked.strokes[1]):
        return False
    if asked.radical and radical != asked.radical:
        return False
    if asked.part and not all(
        set(parts) & (components.characters_with(part) | {part}) for part in asked.part
    ):
        return False
    if not asked.reading:
        return True
    pattern = _reading_pattern(asked.reading)
    return any(pattern.fullmatch(f" {folded(reading)}") for reading in readings)


def find(asked: Filter, most: int | None = None) -> tuple[MjGlyph, ...]:
    """Give the glyphs that fit, by strokes, then as in the list; all when nothing is asked."""
    strokes = _strokes()
    numbers = sorted(row_numbers(asked), key=lambda number: (strokes[number], number))
    return tuple(map(glyph_at, numbers[:most]))


@lru_cache(maxsize=64)
def row_numbers(asked: Filter) -> frozenset[int]:
    """Row numbers (as in `mj_list`) of the glyphs that fit."""
    found: frozenset[int] | None = None
    for rows in _each(asked):
        found = rows if found is None else found & rows
    return frozenset(range(len(_strokes()))) if found is None else found


def _each(asked: Filter) -> list[frozenset[int]]:
    found: list[frozenset[int]] = []
    if asked.strokes is not None:
        fewest, most = asked.strokes
        found.append(frozenset(n for n, count in enumerate(_strokes()) if fewest <= count <= most))
    if asked.radical is not None:
        found.append(_by_radical().get(asked.radical, frozenset()))
    if asked.reading is not None:
        found.append(_read(asked.reading))
    if asked.part is not None:
        found.extend(_with_part(part) for part in asked.part)
    return found


@lru_cache(maxsize=64)
def _with_part(part: str) -> frozenset[int]:
    holders = components.characters_with(part)
    by_character = _by_character()
    return frozenset(n for holder in holders for n in by_character.get(holder, ()))


@lru_cache(maxsize=64)
def _read(reading: str) -> frozenset[int]:
    text, starts = _readings()
    hits = _reading_pattern(reading).finditer(text)
    return frozenset(bisect_right(starts, hit.start()) - 1 for hit in hits)


def _reading_pattern(reading: str) -> re.Pattern[str]:
    kana = folded(reading)
    if kana.endswith(("*", "＊")):
        return re.compile(f" {kana[:-1]}[^ \n]*")
    return re.compile(f" {kana}(?![^ \n])")


@cache
def _readings() -> tuple[str, "array[int]"]:
    """All readings in hiragana as one text, a line a glyph, and where each glyph's line begins."""
    cells = [""] * len(_strokes())
    for number, cell in column("readings"):
        cells[number] = " " + cell
    starts = array("I", [0])
    for cell in cells:
        starts.append(starts[-1] + len(cell) + 1)
    return folded("\n".join(cells)), starts


@cache
def _strokes() -> bytes:
    return bytes(int(cell) for _, cell in column("strokes"))


@cache
def _by_radical() -> dict[int, frozenset[int]]:
    index: dict[int, set[int]] = {}
    for number, cell in column("radicals"):
        for item in cell.split():
            index.setdefault(int(item.split(":")[0]), set()).add(number)
    return {radical: frozenset(rows) for radical, rows in index.items()}


@cache
def _by_character() -> dict[str, tuple[int, ...]]:
    index: dict[str, tuple[int, ...]] = {}
    for name in ("codepoint", "implemented_codepoint"):
        for number, codepoint in column(name):
            character = character_at(codepoint)
            if number not in index.get(character, ()):
                index[character] = (*index.get(character, ()), number)
    return index
