"""The fields of a message as JSON: the names of `messages prepare`, and what the office adds."""

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, cast

from hub.errors import DocumentError
from hub.messages.message.content import Content, Issuer, Paragraph
from hub.messages.message.contents import Handling, from_fields
from hub.messages.notices.template import FIELD_NAMES
from intake.characters import Character, CharacterError, NameText

ADDED: Final = ("template", "legal", "not_before", "reply_by", "message_id", "language", "text")
NEEDED: Final = ("atena_no", "name", "title")
KIND: Final = "notice"


def read(data: bytes, issuer: Issuer, pdf: bytes | None) -> Content:
    """The content; DocumentError names the field that is missing, unknown or wrong.

    name: a text, or a list of `[repertoire, id, text]`; text: a list of paragraphs.
    """
    table = _table(data)
    for key in NEEDED:
        if not table.get(key):
            raise DocumentError(f"the fields lack {key}; see docs/message-format.md")
    fields = {key: table[key] for key in FIELD_NAMES if table.get(key) is not None}
    try:
        content = from_fields(
            fields,
            kind=str(table.get("template") or KIND),
            issuer=issuer,
            name=_name(fields.pop("name")),
            pdf=pdf,
            handling=_handling(table),
            text=[Paragraph(str(one)) for one in table.get("text", ())],
        )
    except (ValueError, TypeError, CharacterError) as error:
        raise DocumentError(f"a field is wrong ({error}); see docs/message-format.md") from error
    return content if content.main.files or content.main.text else _of_title_alone(content)


def _of_title_alone(content: Content) -> Content:
    """A message needs a document: without a PDF and text, its title is the text."""
    return replace(content, main=replace(content.main, text=(Paragraph(content.title),)))


def _table(data: bytes) -> dict[str, Any]:
    try:
        table = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DocumentError("the fields are no JSON; give one object in UTF-8") from error
    if not isinstance(table, dict):
        raise DocumentError("the fields are no JSON object; give one object in UTF-8")
    found = cast("dict[str, Any]", table)
    known = (*FIELD_NAMES, *ADDED)
    for key in found:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise DocumentError(f"there is no field {key[:40]!r}{hint}")
    return found


def _name(value: object) -> NameText:
    if isinstance(value, str):
        return NameText.from_plain(value)
    rows = cast("Sequence[Sequence[str]]", value)
    return NameText.of(Character(*row) for row in rows)


def _handling(table: Mapping[str, Any]) -> Handling:
    return Handling(
        message_id=table.get("message_id"),
        legal=table.get("legal") is True,
        not_before=_day(table.get("not_before")),
        reply_by=_day(table.get("reply_by")),
        language=str(table.get("language") or "ja"),
    )


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
