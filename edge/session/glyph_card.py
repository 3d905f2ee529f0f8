"""What pages say about one glyph: how it is written, counted, coded, and what JIS puts for it.

Glyphs go by their names among candidates: of the MJ list, or of the office's own characters.
"""

from functools import lru_cache
from typing import Final, Protocol

from edge.session.value_json import character_json
from intake.characters import Character
from intake.characters import tables as mj_tables
from intake.characters.details import SAME_ORIGIN, details, variants_of
from intake.characters.glyph_name import named
from intake.characters.name_text import OFFICE_PREFIX
from intake.office.glyphs import OfficeGlyph

Json = dict[str, object]
MOST_RELATED: Final = 8


class OwnGlyphs(Protocol):
    """What is known of the office's own characters."""

    def named(self, name: str) -> Character | None:
        """The character of a name, None for no character of this office."""
        ...

    def glyph(self, character: Character) -> OfficeGlyph | None:
        """What the office says of it."""
        ...


class NoneOfItsOwn:
    """An office without characters of its own."""

    def named(self, name: str) -> Character | None:  # noqa: ARG002 - the protocol's
        """None, whatever the name."""
        return None

    def glyph(self, character: Character) -> OfficeGlyph | None:  # noqa: ARG002 - as above
        """None, whatever the character."""
        return None


NONE: Final = NoneOfItsOwn()


def character_of(name: str, own: OwnGlyphs = NONE) -> Character:
    """The character of a name among the candidates; CharacterError when there is none."""
    return own.named(name) or named(name, mj_tables.GETA)


def glyph_json(mj_name: str, own: OwnGlyphs = NONE) -> Json:
    """One glyph in short."""
    if mj_name.startswith(OFFICE_PREFIX):
        return _own_json(mj_name, own)
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


def card_json(mj_name: str, own: OwnGlyphs = NONE) -> Json:
    """One glyph with its numbers in the registers and what may stand for it (縮退)."""
    if mj_name.startswith(OFFICE_PREFIX):
        return _own_card(mj_name, own)
    found = details(mj_name)
    fallback = found.fallback
    return {
        **glyph_json(mj_name),
        "selector": found.selector,
        "koseki": found.koseki,
        "juki": found.juki,
        "fallback": None if fallback is None else {"text": fallback.text, "rule": fallback.rule},
    }


def related(mj_name: str, own: OwnGlyphs = NONE) -> tuple[str, ...]:
    """MJ names of the characters of the same origin, one for each code point, those of JIS first.

    Of a character of the office's own the character it is a shape of.
    """
    if mj_name.startswith(OFFICE_PREFIX):
        known = own.glyph(character_of(mj_name, own))
        base = mj_tables.glyph_of_text(known.base) if known and known.base else None
        return () if base is None else (base.mj_name,)
    codepoint = mj_tables.glyph(mj_name).codepoint
    return () if codepoint is None else _of_one_origin(codepoint)


@lru_cache(512)
def _of_one_origin(codepoint: str) -> tuple[str, ...]:
    """What any shape of the code point leads to: the tables tell it of some shapes only."""
    found: dict[str | None, str] = {codepoint: ""}
    for glyph in mj_tables.glyphs_of(codepoint):
        for variant in variants_of(glyph.mj_name):
            if variant.relation == SAME_ORIGIN:
                found.setdefault(variant.glyph.codepoint, variant.glyph.mj_name)
    del found[codepoint]
    usual_first = sorted(found.values(), key=lambda name: mj_tables.glyph(name).x0213 is None)
    return tuple(usual_first[:MOST_RELATED])


def _own_json(name: str, own: OwnGlyphs) -> Json:
    character = character_of(name, own)
    known = own.glyph(character)
    return {
        **character_json(character),
        "mj_name": name,
        "codepoint": None,
        "readings": list(known.readings) if known else [],
        "strokes": known.strokes if known else 0,
        "in_jis": False,
    }


def _own_card(name: str, own: OwnGlyphs) -> Json:
    known = own.glyph(character_of(name, own))
    fallback = known.fallback if known else None
    return {
        **_own_json(name, own),
        "selector": None,
        "koseki": None,
        "juki": None,
        "fallback": None if fallback is None else {"text": fallback, "rule": mj_tables.OFFICE_RULE},
    }
