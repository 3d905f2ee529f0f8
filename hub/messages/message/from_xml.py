"""A tree that fits schema and rules as Content; what only code can check is checked here."""

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

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
    files_of,
)
from hub.messages.message.errors import Reason
from hub.messages.message.parsing import line_of, refused
from hub.messages.message.to_xml import PREFIX, Element, name_of
from intake.characters import Character, CharacterError, NameText
from intake.characters.tables import in_jis

SIGNATURES: Final = {
    MediaType.PDF: b"%PDF-",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
    MediaType.JPEG: b"\xff\xd8\xff",
}
"""How files of a kind begin."""
FILE: Final = f"{PREFIX}File"
UNSEEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that change how a line is shown and cannot be seen themselves."""


def content_of(root: Element) -> Content:
    """The content of a valid `Message` element; MessageRefusedError with line and `value`."""
    _check_texts(root)
    header, body = _one(root, "Header"), _one(root, "Body")
    return Content(
        message_id=_text(header, "MessageId"),
        created=datetime.fromisoformat(_text(header, "CreatedAt")),
        issuer=_issuer(_one(header, "Sender")),
        recipient=_recipient(_one(header, "Recipient")),
        kind=_text(header, "Kind"),
        title=_text(header, "Title"),
        main=_document(_one(body, "MainDocument")),
        document_number=_text(header, "DocumentNumber"),
        issued=_day(header, "IssuedOn"),
        legal=_text(header, "LegalNotification") == "true",
        not_before=_day(header, "DoNotDeliverUntil"),
        reply_by=_day(header, "ReplyBy"),
        additional=tuple(map(_document, _all(body, "AdditionalDocument"))),
        technical=tuple(_file(_one(one, "File")) for one in _all(body, "TechnicalDocument")),
        actions=tuple(_action(one[0]) for one in _all(body, "Action")),
        language=body.get("language") or "",
    )


def check_values(root: Element, content: Content) -> None:
    """The checks of `content_of` for a tree that was made of `content`, nothing decoded again."""
    _check_texts(root)
    if not _is_jis(content.recipient.jis):
        raise refused(0, Reason.VALUE, "jis")
    if not all(map(_begins_right, files_of(content))):
        raise refused(0, Reason.VALUE, "file-is-another-kind")


def _is_jis(text: str) -> bool:
    return all(in_jis(one) for one in NameText.from_plain(text))


def _check_texts(root: Element) -> None:
    for node in root.iter():
        if node.text and node.tag != FILE and UNSEEN.search(node.text):
            raise refused(line_of(node), Reason.VALUE, "unseen-character")


def _issuer(sender: Element) -> Issuer:
    names = ("Code", "Name", "Section", "Telephone")
    return Issuer(*(_text(sender, name) for name in names))


def _recipient(found: Element) -> Recipient:
    name = NameText.of(map(_character, _all(_one(found, "Name"), "Character")))
    jis = _text(found, "Jis")
    if not _is_jis(jis):
        raise refused(line_of(_one(found, "Jis")), Reason.VALUE, "jis")
    return Recipient(_text(found, "AtenaNo"), name, jis, _text(found, "Kana"))


def _character(found: Element) -> Character:
    repertoire, text = found.get("repertoire"), found.text or ""
    try:
        if repertoire is None:
            return Character.ucs(text)
        return Character(repertoire, found.get("id") or "", text)
    except CharacterError:
        raise refused(line_of(found), Reason.VALUE, "character") from None


def _document(found: Element) -> Document:
    text = found.find(f"{PREFIX}Text")
    return Document(
        title=_text(found, "Title"),
        files=tuple(map(_file, _all(found, "File"))),
        text=() if text is None else tuple(map(_block, text)),
    )


def _file(found: Element) -> File:
    media_type = MediaType(found.get("mediaType"))
    try:
        data = base64.b64decode("".join((found.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise refused(line_of(found), Reason.VALUE, "base64") from None
    file = File(found.get("name") or "", media_type, data)
    if not _begins_right(file):
        raise refused(line_of(found), Reason.VALUE, "file-is-another-kind")
    return file


def _begins_right(file: File) -> bool:
    return file.data.startswith(SIGNATURES.get(file.media_type, b""))


def _block(found: Element) -> Block:
    if name_of(found) == "Table":
        rows = _all(found, "Row")
        return Table(tuple(tuple(cell.text or "" for cell in row) for row in rows))
    return Paragraph(found.text or "", heading=name_of(found) == "Heading")


def _action(found: Element) -> Action:
    label = _text(found, "Label")
    match name_of(found):
        case "Deadline":
            return Deadline(label, _date(found, "On"))
        case "Payment":
            due, reference = _date(found, "Due"), _text(found, "Reference")
            return Payment(label, int(_text(found, "Yen")), due, reference)
        case "Appointment":
            start, end = (datetime.fromisoformat(_text(found, at)) for at in ("Start", "End"))
            return Appointment(label, start, end, _text(found, "Place"))
        case _:
            return Link(label, _text(found, "Url"))


def _all(parent: Element, tag: str) -> Iterator[Element]:
    return parent.iterchildren(PREFIX + tag)


def _one(parent: Element, tag: str) -> Element:
    found = parent.find(PREFIX + tag)
    if found is None:
        raise refused(line_of(parent), Reason.SCHEMA, tag)
    return found


def _text(parent: Element, tag: str) -> str:
    found = parent.find(PREFIX + tag)
    return "" if found is None else found.text or ""


def _date(parent: Element, tag: str) -> date:
    return date.fromisoformat(_text(parent, tag))


def _day(parent: Element, tag: str) -> date | None:
    return date.fromisoformat(_text(parent, tag)) if _text(parent, tag) else None
