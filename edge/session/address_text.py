"""An address as the characters of its one line, so that one of them can be drawn and put in."""

from dataclasses import replace
from typing import Final

from intake.characters import Character, NameText
from intake.notification import Address

_LINE: Final = ("prefecture_city", "town", "lot", "building")


def characters_of(address: Address) -> tuple[Character, ...]:
    """The characters of `address.one_line()`."""
    return NameText.from_plain(address.one_line()).characters


def with_character(address: Address, position: int, text: str) -> Address:
    """The address with `text` in place of the character at `position` of its one line.

    The character may be longer than one code point; the space before the building is not one of
    the address and is left alone, as is whatever lies outside the line.
    """
    for part in _LINE:
        characters = NameText.from_plain(getattr(address, part)).characters
        if part == "building" and characters:
            position -= 1  # the space that one_line puts before it
        if 0 <= position < len(characters):
            texts = [character.text for character in characters]
            texts[position] = text
            return replace(address, **{part: "".join(texts), "town_id": _town_id(address, part)})
        position -= len(characters)
    return address


def _town_id(address: Address, changed: str) -> str:
    """A town that is written otherwise is not known to be the one the registry numbers."""
    return "" if changed in ("prefecture_city", "town") else address.town_id
