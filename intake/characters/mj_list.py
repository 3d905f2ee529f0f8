"""The MJ list (文字情報基盤 MJ文字情報一覧表) as one sorted table, parsed row by row when asked.

The data file is unpacked on first use and kept as byte lines: a counter unit has no memory for
58,862 objects that it never looks at.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from intake.characters.data_file import unpacked
from intake.characters.errors import CharacterError

MJ_COUNT: Final = 58_862
"""Glyphs in the MJ list that the data was generated from."""

GETA: Final = "\u3013"
"""Drawn (〓) where a character has no code point at all."""

DATA_FILE: Final = "mj_list.tsv.gz"
COLUMNS: Final = (
    "mj_name",
    "codepoint",
    "implemented_codepoint",
    "ivs",
    "svs",
    "koseki",
    "juki",
    "immigration",
    "immigration_gaiji",
    "policy",
    "x0213",
    "strokes",
    "daikanwa",
    "readings",
    "radicals",
    "jis_fallbacks",
)


@dataclass(frozen=True, slots=True)
class RadicalStrokes:
    """A radical (部首, 1-214) and the strokes beside it (内画数); None where the list has `-`."""

    radical: int
    residual: int | None


@dataclass(frozen=True, slots=True)
class JisFallback:
    """A JIS X 0213 character that may stand for a glyph (縮退), with the rule it comes from.

    `order` is the rank and `hops` the number of steps, where the rule's table gives one.
    """

    text: str
    x0213: str
    rule: str
    order: int | None
    hops: int | None


@dataclass(frozen=True, slots=True)
class MjGlyph:
    """One row of the MJ list; None where the list has nothing.

    `codepoint` is 対応するUCS (what the character is), `implemented_codepoint` 実装したUCS (what
    shows this glyph in the font), both `U+XXXX`. `ivs` and `svs` are text of two code points.
    `koseki` is 戸籍統一文字番号, `juki` 住基ネット統一文字コード, `immigration` and
    `immigration_gaiji` the codes of 入管, `policy` 漢字施策, `x0213` plane-row-cell, `daikanwa` the
    number in 大漢和辞典. `jis_fallbacks` stand in the order of trust that `generate.py` gives.
    """

    mj_name: str
    codepoint: str | None
    implemented_codepoint: str | None
    ivs: str | None
    svs: str | None
    koseki: str | None
    juki: str | None
    strokes: int
    readings: tuple[str, ...]
    radicals: tuple[RadicalStrokes, ...]
    x0213: str | None
    jis_fallbacks: tuple[JisFallback, ...]
    policy: str | None
    immigration: str | None
    immigration_gaiji: str | None
    daikanwa: str | None

    @property
    def text(self) -> str:
        """The most exact plain text: implemented code point, else IVS, SVS, code point, 〓.

        Kept as the list has it: compatibility code points and variation selectors included.
        """
        if self.implemented_codepoint:
            return character_at(self.implemented_codepoint)
        if self.ivs or self.svs:
            return self.ivs or self.svs or GETA
        return character_at(self.codepoint) if self.codepoint else GETA


def character_at(codepoint: str) -> str:
    """Give the character of `U+XXXX`."""
    return chr(int(codepoint.removeprefix("U+"), 16))


@cache
def _table() -> tuple[tuple[str, ...], list[bytes]]:
    rules, *rows = unpacked(DATA_FILE).rstrip(b"\n").split(b"\n")
    return tuple(rules.decode().split("\t")[1:]), rows


def rows() -> list[bytes]:
    """All rows in order of their MJ name, as tab-separated bytes in the order of COLUMNS."""
    return _table()[1]


def rule_number(rule: str) -> int:
    """Number of a 縮退 rule in the cells of `jis_fallbacks`; ValueError for an unknown one."""
    return _table()[0].index(rule)


def column(name: str) -> Iterator[tuple[int, str]]:
    """Go through one column: row number and text, rows without a value left out."""
    position = COLUMNS.index(name)
    for number, row in enumerate(rows()):
        value = row.split(b"\t", position + 1)[position]
        if value:
            yield number, value.decode()


def glyph(mj_name: str) -> MjGlyph:
    """Give the glyph of `MJnnnnnn`; CharacterError when the list has no such name."""
    table = rows()
    key = mj_name.encode() + b"\t"
    number = bisect_left(table, key)
    if number == len(table) or not table[number].startswith(key):
        raise CharacterError("the MJ list has no such name; take the character from the candidates")
    return glyph_at(number)


def glyph_at(number: int) -> MjGlyph:
    """Give the glyph in row `number`."""
    names, table = _table()
    cell = dict(zip(COLUMNS, table[number].decode().split("\t"), strict=True))
    return MjGlyph(
        mj_name=cell["mj_name"],
        codepoint=cell["codepoint"] or None,
        implemented_codepoint=cell["implemented_codepoint"] or None,
        ivs=cell["ivs"] or None,
        svs=cell["svs"] or None,
        koseki=cell["koseki"] or None,
        juki=cell["juki"] or None,
        strokes=int(cell["strokes"]),
        readings=tuple(cell["readings"].split()),
        radicals=tuple(_radical(item) for item in cell["radicals"].split()),
        x0213=cell["x0213"] or None,
        jis_fallbacks=tuple(_fallback(item, names) for item in cell["jis_fallbacks"].split()),
        policy=cell["policy"] or None,
        immigration=cell["immigration"] or None,
        immigration_gaiji=cell["immigration_gaiji"] or None,
        daikanwa=cell["daikanwa"] or None,
    )


def _radical(item: str) -> RadicalStrokes:
    radical, residual = item.split(":")
    return RadicalStrokes(int(radical), None if residual == "-" else int(residual))


def _fallback(item: str, rules: tuple[str, ...]) -> JisFallback:
    text, x0213, rule, order, hops = item.split(":")
    return JisFallback(
        text, x0213, rules[int(rule)], int(order) if order else None, int(hops) if hops else None
    )
