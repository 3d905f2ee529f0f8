"""Spellings of names that a person declared to be one: for these two names, or for a character.

A character counts for everybody in the batch only when the character list knows the two shapes as
forms of one character (髙 and 高); any other difference counts for the two names alone.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from intake.characters import CharacterError, lookup
from intake.characters.name_text import is_variation_selector

LONGEST: Final = 100


@dataclass(frozen=True)
class Spelling:
    """One declaration: a name of the list, a printed one, and the characters that differ, if so.

    characters: pairs (list, print) that are forms of one character each; empty when the names
    differ by more than that.
    """

    listed: str
    printed: str
    characters: tuple[tuple[str, str], ...] = ()

    def content(self) -> dict[str, object]:
        """As it is kept."""
        return {"listed": self.listed, "printed": self.printed, "characters": self.characters}


def spelling_from(content: dict[str, Any]) -> Spelling:
    """The declaration that `content` wrote."""
    pairs = cast("list[list[str]]", content["characters"])
    return Spelling(content["listed"], content["printed"], tuple((a, b) for a, b in pairs))


def declared(listed: str, printed: str) -> Spelling:
    """The declaration that two names, without white space, are one person's."""
    pairs = _aligned(listed, printed)
    differing = tuple(dict.fromkeys((a, b) for a, b in pairs if a != b))
    known = bool(differing) and all(forms_of_one(a, b) for a, b in differing)
    return Spelling(listed, printed, differing if known else ())


def same(listed: str, printed: str, spellings: tuple[Spelling, ...]) -> bool:
    """Whether two names are one, exactly or by what was declared."""
    if listed == printed or any(
        (one.listed, one.printed) == (listed, printed) for one in spellings
    ):
        return True
    pairs = _aligned(listed, printed)
    known = {pair for one in spellings for pair in one.characters}
    return bool(pairs) and all(a == b or (a, b) in known for a, b in pairs)


@cache
def forms_of_one(one: str, other: str) -> bool:
    """Whether the character list leads both shapes to one character."""
    return bool(_family(one) & _family(other))


def _family(character: str) -> frozenset[str]:
    found = {character, character[0]}
    try:
        glyphs = lookup.by_text(character) or lookup.by_text(character[0])
    except CharacterError:
        return frozenset(found)
    return frozenset(found | {item.text for glyph in glyphs for item in glyph.jis_fallbacks})


def _aligned(listed: str, printed: str) -> list[tuple[str, str]]:
    """The names' characters side by side, selectors with their bases; nothing for other lengths."""
    left, right = _characters(listed), _characters(printed)
    if len(left) != len(right) or len(left) > LONGEST:
        return []
    return list(zip(left, right, strict=True))


def _characters(name: str) -> list[str]:
    found: list[str] = []
    for character in name:
        if found and is_variation_selector(character):
            found[-1] += character
        else:
            found.append(character)
    return found
