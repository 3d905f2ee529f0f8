"""What candidates must be like beside the drawing: as typed on a page, as kept in the draft.

"Draw a part, type a reading": everything asked must hold, and the drawing ranks what is left.
"""

import re
from dataclasses import replace
from typing import Final

from edge.errors import FieldError
from intake.characters import CharacterError
from intake.characters.search import Filter
from intake.record import Record

NOTHING: Final = Filter()
CONDITIONS: Final = ("reading", "part", "radical", "strokes")
_RANGE = re.compile(r"(\d{1,3})(?:[-~〜～](\d{1,3}))?画?")
_RADICAL = re.compile(r"\d{1,3}")
_FULL_WIDTH: Final = str.maketrans({0xFF10 + n: 0x30 + n for n in range(10)} | {0xFF0D: 0x2D})
_LIMIT: Final = 40


def typed(*, reading: str, part: str, radical: str, strokes: str) -> Filter:
    """The conditions as people type them; an empty one asks nothing.

    A reading holds for any that begins with it; strokes are `13` or `12-14`. FieldError (code
    `bad_filter`) for what is none of these, never with the words themselves.
    """
    reading, part = reading.strip()[:_LIMIT], "".join(part.split())[:_LIMIT]
    try:
        return Filter(
            strokes=_strokes(strokes.strip().translate(_FULL_WIDTH)),
            radical=_radical(radical.strip().translate(_FULL_WIDTH)),
            part=part or None,
            reading=reading.rstrip("*＊") + "*" if reading else None,
        )
    except CharacterError:
        raise _unclear() from None


def without(asked: Filter, condition: str) -> Filter:
    """The conditions without one of CONDITIONS, or without any for `all`."""
    if condition == "all":
        return NOTHING
    if condition not in CONDITIONS:
        raise FieldError("There is no such condition")
    return replace(asked, **{condition: None})


def words(asked: Filter) -> dict[str, str]:
    """The conditions as `typed` takes them; those that ask nothing are left out."""
    found = {
        "reading": (asked.reading or "").rstrip("*＊"),
        "part": asked.part or "",
        "radical": str(asked.radical or ""),
        "strokes": "-".join(map(str, dict.fromkeys(asked.strokes or ()))),
    }
    return {name: word for name, word in found.items() if word}


def to_wire(asked: Filter) -> dict[str, object] | None:
    """The conditions as the draft keeps them; None when nothing is asked."""
    return None if asked.asks_nothing else dict(words(asked))


def from_wire(record: Record, name: str) -> Filter:
    """The conditions in the field `name`; none when an older draft lacks it."""
    if record.lacks(name) or record.absent(name):
        return NOTHING
    inner = record.record(name)
    found = {one: "" if inner.lacks(one) else inner.text(one, limit=_LIMIT) for one in CONDITIONS}
    inner.close()
    return typed(**found)


def _strokes(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    match = _RANGE.fullmatch(text)
    if match is None:
        raise _unclear()
    return int(match[1]), int(match[2] or match[1])


def _radical(text: str) -> int | None:
    if text and not _RADICAL.fullmatch(text):
        raise _unclear()
    return int(text) if text else None


def _unclear() -> FieldError:
    return FieldError(
        "A reading is kana, a part 1 to 8 characters, a radical 1 to 214, strokes 13 or 12-14",
        code="bad_filter",
    )
