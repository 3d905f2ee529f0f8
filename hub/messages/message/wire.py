"""Content as JSON and back, strictly: for `--json`, and for what a child says of a message."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from hub.messages.message.content import (
    Action,
    Appointment,
    Block,
    Content,
    Deadline,
    Document,
    File,
    Issuer,
    Link,
    MediaType,
    Paragraph,
    Payment,
    Recipient,
    Table,
)
from hub.messages.message.to_xml import instant, minute
from intake.characters import Character, CharacterError, NameText

Json = dict[str, Any]


class GarbledError(Exception):
    """The JSON is not that of a content."""


def to_json(content: Content, *, with_files: bool = True) -> Json:
    """The content; with_files: their bytes as base64 too, else their sizes."""
    return {
        "message_id": content.message_id,
        "created": instant(content.created),
        "issuer": dict(vars(content.issuer)),
        "recipient": {
            "atena_no": content.recipient.atena_no,
            "name": [[one.repertoire, one.id, one.text] for one in content.recipient.name],
            "jis": content.recipient.jis,
            "kana": content.recipient.kana,
        },
        "kind": content.kind,
        "title": content.title,
        "document_number": content.document_number,
        "issued": _day(content.issued),
        "legal": content.legal,
        "not_before": _day(content.not_before),
        "reply_by": _day(content.reply_by),
        "language": content.language,
        "main": _document(content.main, with_files),
        "additional": [_document(one, with_files) for one in content.additional],
        "technical": [_file(one, with_files) for one in content.technical],
        "actions": [_action(one) for one in content.actions],
    }


def from_json(found: Mapping[str, Any]) -> Content:
    """The way back; GarbledError for anything else."""
    try:
        return Content(
            message_id=_text(found["message_id"]),
            created=datetime.fromisoformat(_text(found["created"])),
            issuer=Issuer(**{key: _text(value) for key, value in found["issuer"].items()}),
            recipient=_recipient_from(found["recipient"]),
            kind=_text(found["kind"]),
            title=_text(found["title"]),
            document_number=_text(found["document_number"]),
            issued=_day_from(found["issued"]),
            legal=found["legal"] is True,
            not_before=_day_from(found["not_before"]),
            reply_by=_day_from(found["reply_by"]),
            language=_text(found["language"]),
            main=_document_from(found["main"]),
            additional=tuple(map(_document_from, found["additional"])),
            technical=tuple(map(_file_from, found["technical"])),
            actions=tuple(map(_action_from, found["actions"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError, CharacterError) as error:
        raise GarbledError from error


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _document(document: Document, with_files: bool) -> Json:
    files = [_file(one, with_files) for one in document.files]
    return {"title": document.title, "files": files, "text": [_block(b) for b in document.text]}


def _file(file: File, with_files: bool) -> Json:
    data: Json = {"size": len(file.data)}
    if with_files:
        data = {"data": base64.b64encode(file.data).decode()}
    return {"name": file.name, "media_type": file.media_type.value, **data}


def _block(block: Block) -> Json:
    if isinstance(block, Table):
        return {"table": [list(row) for row in block.rows]}
    assert isinstance(block, Paragraph)
    return {"heading" if block.heading else "paragraph": block.text}


def _action(action: Action) -> Json:
    kind = {"action": type(action).__name__.lower(), "label": action.label}
    match action:
        case Deadline():
            return {**kind, "day": action.day.isoformat()}
        case Payment():
            due = action.due.isoformat()
            return {**kind, "yen": action.yen, "due": due, "reference": action.reference}
        case Appointment():
            times = {"start": minute(action.start), "end": minute(action.end)}
            return {**kind, **times, "place": action.place}
        case _:
            return {**kind, "url": action.url}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _day_from(value: object) -> date | None:
    return None if value is None else date.fromisoformat(_text(value))


def _recipient_from(found: Json) -> Recipient:
    characters = cast("Sequence[Sequence[object]]", found["name"])
    name = NameText.of(Character(*map(_text, one)) for one in characters)
    return Recipient(_text(found["atena_no"]), name, _text(found["jis"]), _text(found["kana"]))


def _document_from(found: Json) -> Document:
    files = tuple(map(_file_from, found["files"]))
    return Document(_text(found["title"]), files, tuple(map(_block_from, found["text"])))


def _file_from(found: Json) -> File:
    try:
        data = base64.b64decode(_text(found["data"]), validate=True)
    except binascii.Error as error:
        raise GarbledError from error
    return File(_text(found["name"]), MediaType(found["media_type"]), data)


def _block_from(found: Json) -> Block:
    if "table" in found:
        return Table(tuple(tuple(map(_text, row)) for row in found["table"]))
    if "heading" in found:
        return Paragraph(_text(found["heading"]), heading=True)
    return Paragraph(_text(found["paragraph"]))


def _action_from(found: Json) -> Action:
    label = _text(found["label"])
    match found["action"]:
        case "deadline":
            return Deadline(label, date.fromisoformat(_text(found["day"])))
        case "payment":
            due = date.fromisoformat(_text(found["due"]))
            return Payment(label, int(found["yen"]), due, _text(found["reference"]))
        case "appointment":
            start, end = (datetime.fromisoformat(_text(found[at])) for at in ("start", "end"))
            return Appointment(label, start, end, _text(found["place"]))
        case _:
            return Link(label, _text(found["url"]))
