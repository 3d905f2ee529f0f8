"""A name as a sequence of characters that are equal only when repertoire and id are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from intake.characters import mj_list
from intake.characters.errors import CharacterError

MJ: Final = "mj"
UCS: Final = "ucs"
MJ_PLUS: Final = "mj+"
UNRESOLVED: Final = "unresolved"
OFFICE_PREFIX: Final = "office:"

TEXT_LIMIT: Final = 8
"""Most code points in the text of one character."""

_ID_FORMS: Final = {
    MJ: re.compile(r"MJ[0-9]{6}"),
    UCS: re.compile(r"U\+[0-9A-F]{4,6}( U\+[0-9A-F]{4,6})?"),
    MJ_PLUS: re.compile(r"[!-~]{1,32}"),
    UNRESOLVED: re.compile(r"[!-~]{1,64}"),
}
_OFFICE = re.compile(r"office:[0-9]{6}")
_OFFICE_ID = re.compile(r"[!-~]{1,32}")


@dataclass(frozen=True, slots=True)
class Character:
    """One character; equal to another when repertoire and id agree, whatever `text` says.

    repertoire: `mj` (id `MJ026191`), `ucs` (id `U+3042`, or base and variation selector
    `U+9089 U+E0100`), `mj+` (id of the standard for local governments), `office:<LG code>` (an
    office's own gaiji), `unresolved` (id points to ink). text: what to write where only plain text
    can go; kept as it came, never normalised. Raises CharacterError for any other form.
    """

    repertoire: str
    id: str
    text: str = field(compare=False)

    def __post_init__(self) -> None:
        form = _ID_FORMS.get(self.repertoire)
        if form is None and _OFFICE.fullmatch(self.repertoire):
            form = _OFFICE_ID
        if form is None or not form.fullmatch(self.id):
            raise CharacterError("no such repertoire or id; take the character from the candidates")
        if not 1 <= len(self.text) <= TEXT_LIMIT or any(map(_is_surrogate, self.text)):
            raise CharacterError(
                "a character's text is 1 to 8 code points; use 〓 where it has none"
            )
        if self.repertoire == UCS and self.id != _ucs_id(self.text):
            raise CharacterError("id and text of a ucs character name different code points")

    @classmethod
    def mj(cls, mj_name: str) -> "Character":
        """Give the MJ glyph `mj_name` with its text from the list; CharacterError if unknown."""
        return cls(MJ, mj_name, mj_list.glyph(mj_name).text)

    @classmethod
    def ucs(cls, text: str) -> "Character":
        """Give the character of one code point, or of a base and its variation selector."""
        return cls(UCS, _ucs_id(text), text)

    @classmethod
    def unresolved(cls, ink_reference: str) -> "Character":
        """Give a character that nobody has identified; `ink_reference` says where its ink is."""
        return cls(UNRESOLVED, ink_reference, mj_list.GETA)


@dataclass(frozen=True, slots=True)
class NameText:
    """A name, or any register text that must keep its exact characters."""

    characters: tuple[Character, ...]

    @classmethod
    def from_plain(cls, text: str) -> "NameText":
        """Take plain text as `ucs` characters, each a code point with its variation selector.

        Nothing is normalised: `.plain()` gives `text` back. A code point does not say which glyph
        is meant, so no MJ name is guessed here; see `intake.characters.tables.glyph_of_text`.
        """
        groups: list[str] = []
        for character in text:
            if groups and len(groups[-1]) == 1 and _joins(groups[-1], character):
                groups[-1] += character
            else:
                groups.append(character)
        return cls(tuple(Character.ucs(group) for group in groups))

    @classmethod
    def of(cls, characters: Iterable[Character]) -> "NameText":
        """Give the name made of `characters`."""
        return cls(tuple(characters))

    def plain(self) -> str:
        """Give the text for places that take nothing else; 〓 stands for a glyph without one."""
        return "".join(character.text for character in self.characters)

    @property
    def blocks_certificate(self) -> bool:
        """Whether a character is unresolved: it may be filed but must not be certified."""
        return any(character.repertoire == UNRESOLVED for character in self.characters)

    def __iter__(self) -> Iterator[Character]:
        return iter(self.characters)

    def __len__(self) -> int:
        return len(self.characters)


def is_variation_selector(character: str) -> bool:
    """Whether a code point is one of VS1-VS16 or VS17-VS256."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def codepoint_name(character: str) -> str:
    """Give `U+XXXX` for one code point."""
    return f"U+{ord(character):04X}"


def _joins(base: str, follower: str) -> bool:
    return is_variation_selector(follower) and not is_variation_selector(base)


def _is_surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def _ucs_id(text: str) -> str:
    if len(text) == 1 or (len(text) == 2 and _joins(text[0], text[1])):
        return " ".join(codepoint_name(character) for character in text)
    raise CharacterError("a ucs character is one code point, or a base and a variation selector")
