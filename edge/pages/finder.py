"""The clerk's other way to a character than drawing: its glyphs, by reading, code or number.

What is looked for lives in this process only: never on disk, never in an address.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from edge.errors import FieldError
from edge.session import naming
from edge.session.counter_session import CounterSession
from edge.session.form import Place
from edge.session.glyph_card import character_of, glyph_json
from edge.session.states import State
from edge.session.value_json import character_json
from intake.characters import Character, CharacterError, MjGlyph
from intake.characters import tables as mj_tables
from intake.notification import NotificationError, Source
from intake.notification.fields import FieldType

MOST: Final = 60
_CODE = re.compile(r"(?:U\+)?([0-9A-F]{4,5})", re.ASCII | re.IGNORECASE)
_MJ = re.compile(r"(?:MJ)?(\d{6})", re.ASCII | re.IGNORECASE)
_STROKES = re.compile(r"(\d{1,2})画?")
_POSITION = re.compile(r"[0-9]{1,4}")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")
_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_TO_KATAKANA: Final = {code - 0x60: code for code in range(ord("ァ"), ord("ヶ") + 1)}
_FULL_WIDTH: Final = str.maketrans({0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20})
Fill = Callable[..., None]


@dataclass(frozen=True)
class _Aim:
    notification_id: str
    where: str
    position: int
    query: str
    glyphs: tuple[MjGlyph, ...]
    more: bool = False
    own: tuple[str, ...] = ()  # names of the office's own characters, shown before the others


class CharacterFinder:
    """What the clerk looks for at one place of a name; nothing while nobody looks."""

    def __init__(self, session: CounterSession, on_change: Callable[[], None]) -> None:
        self._session = session
        self._on_change = on_change
        self._own = session.counter.own_characters
        self._aim: _Aim | None = None

    def open(self, character: str) -> None:
        """Look at one character, `persons/p1/name@2`; its own glyphs are found at once."""
        self._session.counter.staff_desk.demand()
        where, _, position = character.rpartition("@")
        place = Place.parse(where)
        if place.spec.type is not FieldType.NAME or not _POSITION.fullmatch(position):
            raise FieldError("There is no such character in a name")
        text = self._text(where, int(position))
        found, own = related(text), self._own.find(text) if text else ()
        self._set(_Aim(self._notification_id(), where, int(position), text, found, own=own))

    def find(self, query: str) -> None:
        """Look for glyphs by what was typed; FieldError while no place is chosen."""
        self._session.counter.staff_desk.demand()
        if self._aim is None:
            raise FieldError("Choose a character of a name first")
        found = search(query[:100])
        more = len(found) > MOST
        own = self._own.find(query[:100].translate(_FULL_WIDTH))
        self._set(replace(self._aim, query=query, glyphs=found[:MOST], more=more, own=own))

    def pick(self, mj_name: str, fill: Fill) -> None:
        """Put a glyph that was found into the name, by the clerk's hand."""
        aim = self._aim
        if aim is None or not self._is_there(aim) or mj_name not in _names(aim):
            raise FieldError("This character was not among those found")
        characters = self._characters(aim.where)
        new = character_json(character_of(mj_name, self._own))
        name = [*characters[: aim.position], new, *characters[aim.position + 1 :]]
        fill({aim.where: name}, source=Source.CLERK, why="found_by_staff")
        self._set(None)

    def close(self) -> None:
        """Stop looking."""
        self._set(None)

    def view(self) -> Mapping[str, object] | None:
        """What the page shows; None while nothing is looked for or the form is not open."""
        aim = self._aim
        if aim is None or self._session.state not in (State.FILL, State.REVIEW):
            return None
        if not self._is_there(aim):
            return None
        return {
            "where": aim.where,
            "position": aim.position,
            "query": aim.query,
            "more": aim.more,
            "one_character": _one_character(aim),
            "glyphs": [
                glyph_json(name, self._own)
                for name in (*aim.own, *(glyph.mj_name for glyph in aim.glyphs))
            ],
        }

    def shapes(self) -> tuple[tuple[Character, ...], ...]:
        """The characters whose marks the page shows: all that were found, if they are one's."""
        aim = self._aim
        if aim is None or not _one_character(aim):
            return ()
        return (tuple(Character.mj(glyph.mj_name) for glyph in aim.glyphs),)

    def _set(self, aim: _Aim | None) -> None:
        self._aim = aim
        self._on_change()

    def _is_there(self, aim: _Aim) -> bool:
        """Whether the place is still in the form: persons are removed, and notifications end."""
        if aim.notification_id != self._notification_id():
            return False
        try:
            return aim.position <= len(self._characters(aim.where))
        except NotificationError:
            return False

    def _notification_id(self) -> str:
        draft = self._session.draft
        return "" if draft is None else draft.notification.notification_id

    def _characters(self, where: str) -> list[dict[str, str]]:
        draft = self._session.draft
        if draft is None:
            return []
        place = Place.parse(where)
        return [character_json(one) for one in naming.present_name(draft, place)]

    def _text(self, where: str, position: int) -> str:
        characters = self._characters(where)
        return characters[position]["text"][:1] if position < len(characters) else ""


def _one_character(aim: _Aim) -> bool:
    """Whether what was found are several shapes of one code point, and nothing else."""
    points = {glyph.codepoint for glyph in aim.glyphs}
    return len(points) == 1 < len(aim.glyphs) and not aim.own


def _names(aim: _Aim) -> frozenset[str]:
    return frozenset((*aim.own, *(glyph.mj_name for glyph in aim.glyphs)))


def related(text: str) -> tuple[MjGlyph, ...]:
    """All glyphs of the code point of one character; empty for what the MJ list does not have."""
    return mj_tables.glyphs_of(f"U+{ord(text):04X}") if text else ()


def search(query: str) -> tuple[MjGlyph, ...]:
    """Glyphs for `辺`, `U+8FBA`, `MJ058870`, a reading, a number of strokes, or both of the latter.

    Characters and codes are taken one after another; reading and strokes narrow each other down.
    """
    words = query.translate(_FULL_WIDTH).split()
    found: list[MjGlyph] = []
    reading: str | None = None
    strokes: int | None = None
    for word in words:
        if match := _STROKES.fullmatch(word):
            strokes = int(match[1])
        elif _KANA.fullmatch(word):
            reading = word
        else:
            found += _by_code(word)
    if reading is not None or strokes is not None:
        found += _by_list(reading, strokes)
    return tuple(dict.fromkeys(found))


def _by_code(word: str) -> tuple[MjGlyph, ...]:
    if (match := _MJ.fullmatch(word)) and not word.upper().startswith("U"):
        try:
            return (mj_tables.glyph(f"MJ{match[1]}"),)
        except CharacterError:
            return ()
    if match := _CODE.fullmatch(word):
        return mj_tables.glyphs_of(f"U+{int(match[1], 16):04X}")
    return tuple(glyph for text in word for glyph in related(text))


def _by_list(reading: str | None, strokes: int | None) -> tuple[MjGlyph, ...]:
    if reading is None:
        return mj_tables.find(strokes=strokes)
    spelled = (reading.translate(_TO_HIRAGANA), reading.translate(_TO_KATAKANA))
    return tuple(g for one in spelled for g in mj_tables.find(reading=one, strokes=strokes))
