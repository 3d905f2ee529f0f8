"""A message's content as an XML tree, without a signature; message.xsd says the same in its way."""

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from lxml import etree

from hub.clock import JAPAN
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
    Paragraph,
    Payment,
    Recipient,
)
from hub.messages.message.era_text import era_of
from intake.characters.name_text import UCS

NAMESPACE: Final = "urn:madoguchi:message:1"
VERSION: Final = "1.0"
PREFIX: Final = f"{{{NAMESPACE}}}"
Element = etree._Element  # noqa: SLF001 - lxml names the type of its elements in no other way


def tree(content: Content) -> Element:
    """The `Message` element. ValueError when a text holds what XML cannot write."""
    root = etree.Element(f"{PREFIX}Message", {"version": VERSION}, nsmap={None: NAMESPACE})
    _header(root, content)
    body = _add(root, "Body", language=content.language)
    _document(body, "MainDocument", content.main)
    for document in content.additional:
        _document(body, "AdditionalDocument", document)
    for file in content.technical:
        _file(_add(body, "TechnicalDocument"), file)
    for action in content.actions:
        _action(_add(body, "Action"), action)
    return root


def name_of(node: Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(node).localname


def instant(moment: datetime) -> str:
    """A moment in UTC to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def minute(moment: datetime) -> str:
    """A moment in Japan to the minute."""
    return moment.astimezone(JAPAN).strftime("%Y-%m-%dT%H:%M:00+09:00")


def _header(root: Element, content: Content) -> None:
    header = _add(root, "Header")
    _add(header, "MessageId", content.message_id)
    _add(header, "CreatedAt", instant(content.created))
    _add(header, "Kind", content.kind)
    _add(header, "Title", content.title)
    _given(header, "DocumentNumber", content.document_number)
    _day(header, "IssuedOn", content.issued)
    _add(header, "LegalNotification", "true" if content.legal else "false")
    _day(header, "DoNotDeliverUntil", content.not_before)
    _day(header, "ReplyBy", content.reply_by)
    _sender(header, content.issuer)
    _recipient(header, content.recipient)


def _sender(header: Element, issuer: Issuer) -> None:
    sender = _add(header, "Sender")
    _add(sender, "Code", issuer.code)
    _add(sender, "Name", issuer.name)
    _given(sender, "Section", issuer.section)
    _given(sender, "Telephone", issuer.telephone)


def _recipient(header: Element, recipient: Recipient) -> None:
    found = _add(header, "Recipient")
    _add(found, "AtenaNo", recipient.atena_no)
    name = _add(found, "Name")
    for one in recipient.name:
        named = {} if one.repertoire == UCS else {"repertoire": one.repertoire, "id": one.id}
        _add(name, "Character", one.text, named)
    _add(found, "Jis", recipient.jis)
    _given(found, "Kana", recipient.kana)


def _document(body: Element, tag: str, document: Document) -> None:
    found = _add(body, tag)
    _add(found, "Title", document.title)
    for file in document.files:
        _file(found, file)
    if document.text:
        text = _add(found, "Text")
        for block in document.text:
            _block(text, block)


def _file(parent: Element, file: File) -> None:
    coded = base64.b64encode(file.data).decode()
    _add(parent, "File", coded, {"name": file.name, "mediaType": file.media_type.value})


def _block(text: Element, block: Block) -> None:
    if isinstance(block, Paragraph):
        _add(text, "Heading" if block.heading else "Paragraph", block.text)
        return
    table = _add(text, "Table")
    for row in block.rows:
        found = _add(table, "Row")
        for cell in row:
            _add(found, "Cell", cell)


def _action(parent: Element, action: Action) -> None:
    found = _add(parent, type(action).__name__)
    _add(found, "Label", action.label)
    match action:
        case Deadline():
            _day(found, "On", action.day)
        case Payment():
            _add(found, "Yen", str(action.yen))
            _day(found, "Due", action.due)
            _given(found, "Reference", action.reference)
        case Appointment():
            _add(found, "Start", minute(action.start))
            _add(found, "End", minute(action.end))
            _add(found, "Place", action.place)
        case Link():
            _add(found, "Url", action.url)


def _add(
    parent: Element,
    tag: str,
    text: str | None = None,
    attributes: Mapping[str, str] | None = None,
    **more: str,
) -> Element:
    found = etree.SubElement(parent, PREFIX + tag, attributes, None, **more)
    found.text = text
    return found


def _given(parent: Element, tag: str, text: str) -> None:
    if text:
        _add(parent, tag, text)


def _day(parent: Element, tag: str, day: date | None) -> None:
    if day is not None:
        _add(parent, tag, day.isoformat(), era=era_of(day))
