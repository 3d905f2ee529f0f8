"""The body of a POST, JSON or form, as one plain mapping, so that both drive the same actions.

In a form every field that is not one of the known words is a place (`moved_on`,
`persons/p1/name`, with parts of an address as `new_address.town`) and goes into `values`.
"""

import json
import re
from typing import Final, cast

from aiohttp import web

from edge.errors import FieldError
from edge.pages.binding import CSRF_FIELD, CSRF_HEADER

LIMIT: Final = 256 * 1024
LISTS: Final = ("documents",)
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
WORDS: Final = frozenset(
    {
        "auth_pin",
        "birth_date",
        "card_way",
        "character",
        "condition",
        "documents",
        "expiry_year",
        "language",
        "method",
        "mj_name",
        "notification_id",
        "part",
        "person_id",
        "pin",
        "position",
        "procedure",
        "query",
        "radical",
        "reading",
        "reason",
        "security_code",
        "sign_password",
        "slot",
        "source",
        "staff_id",
        "strokes",
        "text_pin",
        "text_size",
        "version",
        "what",
        "where",
        "why",
    }
)


class Body:
    """The fields of one POST."""

    def __init__(self, fields: dict[str, object], csrf: str, *, is_form: bool) -> None:
        self._fields = fields
        self.csrf = csrf
        self.is_form = is_form

    def text(self, name: str, default: str | None = None) -> str:
        """A text field; FieldError when it is missing and has no default."""
        value = self._fields.get(name, default)
        if not isinstance(value, str):
            raise FieldError(f"{name} is missing or is no text")
        return value

    def optional(self, name: str) -> str | None:
        """A text field, or None when it is missing, null or empty."""
        return self.text(name, "") or None if self._fields.get(name) is not None else None

    def taken(self, name: str) -> str:
        """A text that is to stay nowhere: taken out of the request; empty when it is missing."""
        found = self.text(name, "")
        self._fields.pop(name, None)
        return found

    def number(self, name: str) -> int:
        """A whole number, also as a form writes it."""
        value = self._fields.get(name)
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise FieldError(f"{name} is no number")

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        return name in self._fields

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty when missing."""
        value = self._fields.get(name, [])
        if not isinstance(value, list):
            raise FieldError(f"{name} is no list")
        return tuple(item for item in cast("list[object]", value) if isinstance(item, str))

    def values(self) -> dict[str, object]:
        """What was typed, by place."""
        found = self._fields.get("values", {})
        if not isinstance(found, dict):
            raise FieldError("values is no object")
        return cast("dict[str, object]", found)


async def read_body(request: web.Request) -> Body:
    """The body of a POST; FieldError when it is neither a JSON object nor a form."""
    header = request.headers.get(CSRF_HEADER, "")
    if request.content_type == "application/json":
        try:
            found: object = json.loads(await request.text())
        except (ValueError, LookupError, RecursionError) as error:
            raise FieldError("The body is no JSON") from error
        if not isinstance(found, dict):
            raise FieldError("The body is no JSON object")
        return Body(cast("dict[str, object]", found), header, is_form=False)
    form = await request.post()
    fields: dict[str, object] = {}
    values: dict[str, object] = {}
    for name in form:
        texts = [text for text in form.getall(name) if isinstance(text, str)]
        if name == CSRF_FIELD:
            header = texts[-1] if texts else ""
        elif name in LISTS:
            fields[name] = texts
        elif name in WORDS:
            fields[name] = texts[-1] if texts else ""  # a file is no text
        else:
            _put(values, name, texts[-1] if texts else "")
    return Body({**fields, "values": values}, header, is_form=True)


def _put(values: dict[str, object], name: str, text: str) -> None:
    place, dot, part = name.partition(".")
    if not dot:
        values[place] = text
        return
    parts = values.setdefault(place, {})
    if isinstance(parts, dict):
        cast("dict[str, object]", parts)[part] = text
