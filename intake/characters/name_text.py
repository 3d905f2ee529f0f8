"""A name as a sequence of characters that are equal only when repertoire and id are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from intake.errors import IntakeError

MJ: Final = "mj"
UCS: Final = "ucs"
MJ_PLUS: Final = "mj+"
UNRESOLVED: Final = "unresolved"
OFFICE_PREFIX: Final = "office:"

GETA: Final = "\u3013"
"""Drawn (〓) where a character has no code point at all."""

_REPERTOIRE = re.compile(r"mj|ucs|mj\+|unresolved|office:[0-9]{6}")
_MJ_NAME = re.compile(r"MJ[0-9]{6}")
_UCS_ID = re.compile(r"U\+[0-9A-F]{4,6}( U\+[0-9A-F]{4,6})?")


class CharacterError(IntakeError):
    """A character names a repertoire or id that cannot be; take it again from the candidates."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character; equal to another when repertoire and id agree, whatever `text` says.

    repertoire: `mj` (id `MJ026191`), `ucs` (id `U+3042`, or base and variation selector
    `U+9089 U+E0100`), `mj+` (id of the standard for local governments), `office:<LG code>` (an
    office's own gaiji), `unresolved` (id points to ink). text: what to write where only plain text
    can go; kept as it came, never normalised.
    """

    repertoire: str
    id: str
    text: str = field(compare=False)

    def __post_init__(self) -> None:
        raise NotImplementedError

    @classmethod
    def mj(cls, mj_name: str) -> "Character":
        """Give the MJ glyph `mj_name` with its text from the tables; CharacterError if unknown."""
        raise NotImplementedError

    @classmethod
    def ucs(cls, text: str) -> "Character":
        """Give the character of one code point, or of a base and its variation selector."""
        raise NotImplementedError

    @classmethod
    def unresolved(cls, ink_reference: str) -> "Character":
        """Give a character that nobody has identified yet; `ink_reference` says where its ink is."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class NameText:
    """A name, or any register text that must keep its exact characters."""

    characters: tuple[Character, ...]

    @classmethod
    def from_plain(cls, text: str) -> "NameText":
        """Take plain text as `ucs` characters, one per code point, variation selectors with their base.

        Nothing is normalised: `.plain()` gives `text` back. A code point says nothing about the
        glyph, so no MJ name is guessed here; see `intake.characters.tables.glyph_of_text`.
        """
        raise NotImplementedError

    @classmethod
    def of(cls, characters: Iterable[Character]) -> "NameText":
        """Give the name made of `characters`."""
        return cls(tuple(characters))

    def plain(self) -> str:
        """Give the text for places that take nothing else; a glyph without code point shows as 〓."""
        return "".join(character.text for character in self.characters)

    @property
    def blocks_certificate(self) -> bool:
        """Whether a character is unresolved: may be filed, must not be certified."""
        return any(character.repertoire == UNRESOLVED for character in self.characters)

    def __iter__(self) -> Iterator[Character]:
        return iter(self.characters)

    def __len__(self) -> int:
        return len(self.characters)
