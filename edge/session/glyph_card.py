"""What pages say about one glyph: how it is written, counted, coded, and what JIS puts for it."""

from typing import Final

from edge.session.value_json import character_json
from intake.characters import Character
from intake.characters import tables as mj_tables
from intake.characters.details import SAME_ORIGIN, details, variants_of
from intake.characters.glyph_name import named

Json = dict[str, object]
MOST_RELATED: Final = 8
_OTHER_WORDS: Final = ("法務省告示582号別表第四_一", "法務省告示582号別表第四_二")
"""Tables for residence cards: what may stand for a character there, of another meaning too."""


def character_of(name: str) -> Character:
    """The character of a name among the candidates; CharacterError when there is none."""
    return named(name, mj_tables.GETA)


def glyph_json(mj_name: str) -> Json:
    """One glyph of the MJ list in short."""
    character = Character.mj(mj_name)
    glyph = mj_tables.glyph(mj_name)
    return {
        **character_json(character),
        "mj_name": mj_name,
        "codepoint": glyph.codepoint,
        "readings": list(glyph.readings),
        "strokes": glyph.strokes,
        "in_jis": mj_tables.in_jis(character),
    }


def card_json(mj_name: str) -> Json:
    """One glyph with its numbers in the registers and what may stand for it (縮退)."""
    found = details(mj_name)
    fallback = found.fallback
    return {
        **glyph_json(mj_name),
        "selector": found.selector,
        "koseki": found.koseki,
        "juki": found.juki,
        "fallback": None if fallback is None else {"text": fallback.text, "rule": fallback.rule},
    }


def related(mj_name: str) -> tuple[str, ...]:
    """MJ names of the characters of the same origin, one for each code point, nearest first."""
    found: dict[str | None, str] = {mj_tables.glyph(mj_name).codepoint: mj_name}
    for variant in variants_of(mj_name):
        if variant.relation == SAME_ORIGIN and variant.source not in _OTHER_WORDS:
            found.setdefault(variant.glyph.codepoint, variant.glyph.mj_name)
    return tuple(found.values())[1 : MOST_RELATED + 1]
