"""The MJ character tables (文字情報基盤), read from the package's own data on first use."""

from collections.abc import Sequence
from dataclasses import dataclass

from intake.characters.name_text import Character, NameText

MJ_COUNT = 58_862
"""Glyphs in the MJ list that the data was generated from."""


@dataclass(frozen=True, slots=True)
class RadicalStrokes:
    """A radical (康熙部首 1-214) and the strokes beside it (内画数)."""

    radical: int
    residual: int


@dataclass(frozen=True, slots=True)
class JisFallback:
    """A JIS X 0213 character that may stand for a glyph outside (縮退), with the rule it comes from.

    `order` is the rank within the rule where the table gives one, `hops` the steps it took.
    """

    text: str
    codepoint: str
    x0213: str
    rule: str
    order: int | None
    hops: int | None


@dataclass(frozen=True, slots=True)
class MjGlyph:
    """One row of the MJ list. Code points are `U+XXXX`; "" and None mean that the list has none.

    `codepoint` is 対応するUCS (what it is), `implemented_codepoint` 実装したUCS (what draws it).
    `ivs` and `svs` are text: base and variation selector. `koseki` is 戸籍統一文字番号, `juki`
    住基ネット統一文字コード, `x0213` plane-row-cell, `policy` 常用 or 人名用 as the list marks it.
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
    policy: str | None = None
    immigration: str | None = None
    immigration_gaiji: str | None = None
    daikanwa: str | None = None

    @property
    def text(self) -> str:
        """The best plain text: IVS, else SVS, else implemented or plain code point, else 〓."""
        raise NotImplementedError


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


def glyph(mj_name: str) -> MjGlyph:
    """Give the glyph of `MJnnnnnn`; CharacterError when the list has no such name."""
    raise NotImplementedError


def mj_names() -> Sequence[str]:
    """All MJ names in the list's order."""
    raise NotImplementedError


def glyphs_of(codepoint: str) -> tuple[MjGlyph, ...]:
    """All glyphs whose 対応するUCS is `codepoint` (`U+9089`); empty when there are none."""
    raise NotImplementedError


def glyph_of_text(text: str) -> MjGlyph | None:
    """Give the glyph that a code point, or base and variation selector, is implemented as."""
    raise NotImplementedError


def find(
    *,
    reading: str | None = None,
    radical: int | None = None,
    strokes: int | None = None,
) -> tuple[MjGlyph, ...]:
    """All glyphs that have the reading (hiragana), the radical number and the total strokes given."""
    raise NotImplementedError


def in_jis(character: Character) -> bool:
    """Whether the character itself is in JIS X 0213 (an MJ variant that only resembles one is not)."""
    raise NotImplementedError


def jis_fallback(name: NameText) -> JisText:
    """Write a name in JIS X 0213, by 縮退 where needed."""
    raise NotImplementedError
