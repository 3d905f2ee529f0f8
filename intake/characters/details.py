"""All that is known of one glyph, for somebody who chooses between glyphs that look alike."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from intake.characters import mj_list, tables
from intake.characters.mj_list import JisFallback, MjGlyph, RadicalStrokes, glyph, glyph_at
from intake.characters.name_text import Character, codepoint_name

SAME_CODEPOINT: Final = "same_codepoint"
SAME_ORIGIN: Final = "same_origin"
_SAME_ORIGIN_RULES: Final = (
    "JIS包摂規準UCS統合規則",
    "法務省告示582号別表第四_一",
    "民二5202号通知別表_正字俗字等対照表",
    "民一2842号通達別表_誤字俗字正字一覧表_無印",
    "民一2842号通達別表_誤字俗字正字一覧表_俗字",
    "戸籍統一文字情報_親字正字",
)
"""Rules of the 縮退 map by which two glyphs are forms of one character, not merely alike."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Another glyph of the same character: how it is related, and the table that says so.

    relation: `same_codepoint` (told apart by variation selectors) or `same_origin`; source: name of
    the list, notice or table.
    """

    glyph: MjGlyph
    relation: str
    source: str


@dataclass(frozen=True, slots=True)
class Details:
    """One glyph as it is shown to somebody who chooses; None where the list has nothing.

    text: exact plain text; codepoint, selector: `U+9089` and `U+E0102` of that text; koseki:
    戸籍統一文字番号; juki: 住基ネット統一文字コード; in_jis: JIS X 0213 writes exactly this glyph;
    fallback: what stands for it where only JIS can go (縮退), with its rule, None when `in_jis` or
    when there is none.
    """

    mj_name: str
    text: str
    codepoint: str | None
    selector: str | None
    koseki: str | None
    juki: str | None
    strokes: int
    readings: tuple[str, ...]
    radicals: tuple[RadicalStrokes, ...]
    in_jis: bool
    fallback: JisFallback | None
    variants: tuple[Variant, ...]


def details(mj_name: str) -> Details:
    """Give everything about a glyph; CharacterError when the list has no such name."""
    found = glyph(mj_name)
    base, *selector = map(codepoint_name, found.text)
    written = tables.in_jis(Character.mj(mj_name))
    return Details(
        mj_name=found.mj_name,
        text=found.text,
        codepoint=found.codepoint if found.text == mj_list.GETA else base,
        selector=selector[0] if selector else None,
        koseki=found.koseki,
        juki=found.juki,
        strokes=found.strokes,
        readings=found.readings,
        radicals=found.radicals,
        in_jis=written,
        fallback=None if written else next(iter(found.jis_fallbacks), None),
        variants=variants_of(mj_name),
    )


@lru_cache(maxsize=128)
def variants_of(mj_name: str) -> tuple[Variant, ...]:
    """Other glyphs of the same character: of the code point first, then of the same origin.

    No glyph twice, the glyph itself never.
    """
    found = glyph(mj_name)
    seen = {mj_name}
    variants: list[Variant] = []
    for other in tables.glyphs_of(found.codepoint) if found.codepoint else ():
        if other.mj_name not in seen:
            seen.add(other.mj_name)
            variants.append(Variant(other, SAME_CODEPOINT, "MJ文字情報一覧表"))
    for other, source in _same_origin(found):
        if other.mj_name not in seen:
            seen.add(other.mj_name)
            variants.append(Variant(other, SAME_ORIGIN, source))
    return tuple(variants)


def _same_origin(found: MjGlyph) -> list[tuple[MjGlyph, str]]:
    """Glyphs that this one is replaced by, and that are replaced by it or by the same one."""
    pairs: list[tuple[MjGlyph, str]] = []
    roots: dict[str, str] = {}
    for item in found.jis_fallbacks:
        if item.rule in _SAME_ORIGIN_RULES:
            roots.setdefault(item.text, item.rule)
    for text, rule in roots.items():
        shown = tables.glyph_of_text(text)
        if shown is not None:
            pairs.append((shown, rule))
    if tables.in_jis(Character.mj(found.mj_name)):
        roots.setdefault(found.text, "")
    for text in roots:
        for number in _replaced_by().get(text, ()):
            other = glyph_at(number)
            rule = next(
                item.rule
                for item in other.jis_fallbacks
                if item.text == text and item.rule in _SAME_ORIGIN_RULES
            )
            pairs.append((other, rule))
    return pairs


@cache
def _replaced_by() -> dict[str, tuple[int, ...]]:
    """Row numbers of the glyphs that a text stands for by a rule of common origin."""
    rules = {str(mj_list.rule_number(rule)) for rule in _SAME_ORIGIN_RULES}
    index: dict[str, tuple[int, ...]] = {}
    for number, cell in mj_list.column("jis_fallbacks"):
        for item in cell.split():
            text, _, rule, *_ = item.split(":")
            if rule in rules and number not in index.get(text, ()):
                index[text] = (*index.get(text, ()), number)
    return index
