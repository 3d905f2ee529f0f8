"""Which glyphs of the MJ list fit a stroke count, radical, component and reading together."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from intake.characters import components
from intake.characters.errors import CharacterError
from intake.characters.mj_list import MjGlyph, character_at, column, glyph_at, rows

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
    numbers = [number for number, fitting in enumerate(rows_fitting(asked)) if fitting]
    numbers.sort(key=lambda number: strokes[number])
    return tuple(map(glyph_at, numbers[:most]))


def prepare() -> None:
    """Read what a first filter needs, so that it is not the resident who waits for it."""
    for asked in (Filter((1, 1)), Filter(radical=1), Filter(part="一"), Filter(reading="ん")):
        rows_fitting(asked)


@lru_cache(maxsize=64)
def rows_fitting(asked: Filter) -> bytes:
    """One byte for each row of the list (as in `mj_list`): 1 where the glyph fits, else 0."""
    masks = list(_each(asked))
    fitting = masks.pop() if masks else b"\1" * len(_strokes())
    for mask in masks:
        both = int.from_bytes(fitting, "big") & int.from_bytes(mask, "big")
        fitting = both.to_bytes(len(mask), "big")
    return fitting


def _each(asked: Filter) -> Iterator[bytes]:
    if asked.strokes is not None:
        fewest, most = asked.strokes
        yield _strokes().translate(bytes(fewest <= count <= most for count in range(256)))
    if asked.radical is not None:
        yield _holding("radicals", re.compile(f" {asked.radical}:"))
    if asked.reading is not None:
        yield _holding("readings", _reading_pattern(asked.reading))
    for part in asked.part or "":
        yield _with_part(part)


def _holding(name: str, pattern: re.Pattern[str]) -> bytes:
    """Rows whose cell holds a pattern."""
    text, starts = _cells(name)
    fitting = bytearray(len(starts) - 1)
    for hit in pattern.finditer(text):
        fitting[bisect_right(starts, hit.start()) - 1] = 1
    return bytes(fitting)


@lru_cache(maxsize=32)
def _with_part(part: str) -> bytes:
    holders = components.characters_with(part)
    listed, implemented = (bytes(map(holders.__contains__, codes)) for codes in _characters())
    either = int.from_bytes(listed, "big") | int.from_bytes(implemented, "big")
    return either.to_bytes(len(listed), "big")


def _reading_pattern(reading: str) -> re.Pattern[str]:
    kana = folded(reading)
    if kana.endswith(("*", "＊")):
        return re.compile(f" {kana[:-1]}[^ \n]*")
    return re.compile(f" {kana}(?![^ \n])")


@cache
def _cells(name: str) -> tuple[str, "array[int]"]:
    """One column as a text in hiragana, ` item item` a line, and where each row's line begins."""
    cells = [""] * len(rows())
    for number, cell in column(name):
        cells[number] = " " + cell
    starts = array("I", [0])
    for cell in cells:
        starts.append(starts[-1] + len(cell) + 1)
    return folded("\n".join(cells)), starts


@cache
def _strokes() -> bytes:
    return bytes(int(cell) for _, cell in column("strokes"))


@cache
def _characters() -> tuple[str, str]:
    """The character of 対応するUCS and of 実装したUCS of each row, NUL where there is none."""
    found: list[str] = []
    for name in ("codepoint", "implemented_codepoint"):
        characters = ["\0"] * len(rows())
        for number, codepoint in column(name):
            characters[number] = character_at(codepoint)
        found.append("".join(characters))
    return found[0], found[1]
