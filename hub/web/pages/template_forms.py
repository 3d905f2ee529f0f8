"""The forms of the template editor as they are typed."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Form

from hub.errors import BadRequestError
from hub.messages.notices.template import FIELD_NAMES
from hub.messages.template_editor import beginning, drafts
from hub.messages.template_editor.proposals import How
from hub.messages.template_editor.written import Recognition

LONGEST: Final = 200


@dataclass(frozen=True)
class NamedValue:
    """The value `cell` of page `sheet` as a field, and how it is found again."""

    sheet: Annotated[int, Form()]
    cell: Annotated[int, Form()]
    field: Annotated[str, Form()]
    how: Annotated[How, Form()]
    words: Annotated[str, Form()] = ""


@dataclass(frozen=True)
class TypedRecognition:
    """How the kind is recognised, in words; lists are kept apart by commas."""

    name: Annotated[str, Form()]
    kind: Annotated[str, Form()]
    words: Annotated[str, Form()]
    anchors: Annotated[str, Form()] = ""
    required: Annotated[list[str] | None, Form()] = None

    def recognition(self, now: Recognition) -> Recognition:
        """What it says; a title's pattern stays as it is while its words do."""
        same = self.words == words_of(now.title)
        return Recognition(
            kind=self.kind.strip()[:LONGEST],
            title=now.title if same else beginning.title_pattern(self.words[:LONGEST]),
            anchors=tuple(w for w in re.split(r"[\s　、,]+", self.anchors[:LONGEST]) if w),
            required=tuple(key for key in FIELD_NAMES if key in (self.required or ())),
            continues=now.continues,
        )


Named = Annotated[NamedValue, Depends()]
Typed = Annotated[TypedRecognition, Depends()]


def words_of(pattern: str) -> str:
    """A title's pattern as an author reads it: `…` for anything, no marks of patterns."""
    return re.sub(r"\\(.)", r"\1", pattern.replace(".*", "…"))


def whole(text: str) -> int:
    """Pages of one notice; 0 when nothing is said, BadRequestError for anything but a number."""
    plain = text.strip()
    if plain and not (plain.isdecimal() and 1 <= int(plain) <= drafts.MOST_PAGES):
        raise BadRequestError("the number of pages is a number")
    return int(plain or 0)
