"""What a message says, from a prepared notice, from fields, or from a text of our own.

Fields have the names of hub/messages/notices/template.py. Nothing is guessed: a payment needs an
amount and a day, and a field that is missing is left out.
"""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from hub.messages.addressing.prepare import Prepared
from hub.messages.documents.result import Page
from hub.messages.message.content import (
    Action,
    Block,
    Content,
    Deadline,
    Document,
    File,
    Issuer,
    MediaType,
    Paragraph,
    Payment,
    Recipient,
)
from hub.messages.message.page_text import blocks, written
from hub.messages.notices.values import Value
from intake.characters import NameText
from intake.characters.tables import jis_fallback

ENDS: Final = re.compile(r"^[\t\n\r ]+|[\t\n\r ]+$")
BREAKS: Final = re.compile(r"[\t\n\r]+")
LINE: Final = 256
PAY: Final = "納付"
DUE: Final = "期限"


@dataclass(frozen=True)
class Handling:
    """What the office says about a message beside its content; defaults: new, now, at once.

    message_id: the same for the same delivery, so that a repeated making is the same message.
    """

    message_id: str | None = None
    created: datetime | None = None
    legal: bool = False
    not_before: date | None = None
    reply_by: date | None = None
    language: str = "ja"


def recipient(atena_no: str, name: NameText, kana: str = "") -> Recipient:
    """The resident, the name beside what JIS X 0213 has for it (〓 where it has nothing)."""
    return Recipient(atena_no, name, jis_fallback(name).text, _line(kana))


def from_notice(
    prepared: Prepared,
    issuer: Issuer,
    *,
    handling: Handling | None = None,
    name: NameText | None = None,
    pages: Sequence[Page] = (),
) -> Content:
    """A prepared notice as a message, its pages the PDF of the main document.

    issuer: its section, telephone and head give way to those the notice names; name: by its
    characters where the register has it, else as the list spells it; pages: as they were read, for
    the text of the document.
    """
    notice = prepared.notice
    fields = {key: found.value for key, found in notice.fields.items()}
    fields["atena_no"] = prepared.addressee.atena_no
    kind = "" if notice.template is None else notice.template.name
    spelt = name or NameText.from_plain(prepared.addressee.name)
    return from_fields(
        fields,
        kind=kind,
        issuer=issuer,
        name=spelt,
        pdf=prepared.pdf,
        handling=handling,
        text=blocks(pages),
    )


def from_fields(
    fields: Mapping[str, Value],
    *,
    kind: str,
    issuer: Issuer,
    name: NameText,
    pdf: bytes | None,
    handling: Handling | None = None,
    text: Sequence[Block] = (),
) -> Content:
    """Fields as a message; `fields` holds `atena_no` and `title` at least."""
    given = {key: _line(str(value)) for key, value in fields.items()}
    title = given["title"][:LINE]
    files = () if pdf is None else (File("notice.pdf", MediaType.PDF, pdf),)
    return _content(
        handling or Handling(),
        issuer=Issuer(
            issuer.code,
            given.get("sender") or issuer.name,
            given.get("section") or issuer.section,
            given.get("tel") or issuer.telephone,
        ),
        recipient=recipient(given["atena_no"], name, given.get("kana", "")),
        kind=kind,
        title=title,
        main=Document(title, files, tuple(text)),
        document_number=given.get("doc_no", ""),
        issued=_day(given.get("issue_date")),
        actions=_actions(given),
    )


def from_text(
    *,
    issuer: Issuer,
    to: Recipient,
    kind: str,
    title: str,
    paragraphs: Iterable[str],
    handling: Handling | None = None,
    actions: Sequence[Action] = (),
    issued: date | None = None,
) -> Content:
    """A message of text alone, such as the decision on a notification."""
    text = tuple(Paragraph(BREAKS.sub("\n", one)) for one in paragraphs)
    return _content(
        handling or Handling(),
        issuer=issuer,
        recipient=to,
        kind=kind,
        title=_line(title),
        main=Document(_line(title), (), text),
        document_number="",
        issued=issued,
        actions=tuple(actions),
    )


def _content(
    handling: Handling,
    *,
    issuer: Issuer,
    recipient: Recipient,
    kind: str,
    title: str,
    main: Document,
    document_number: str,
    issued: date | None,
    actions: tuple[Action, ...],
) -> Content:
    created = handling.created or datetime.now(UTC)
    return Content(
        message_id=handling.message_id or str(uuid.uuid4()),
        created=created.astimezone(UTC).replace(microsecond=0),
        issuer=issuer,
        recipient=recipient,
        kind=kind,
        title=title,
        main=main,
        document_number=document_number,
        issued=issued,
        legal=handling.legal,
        not_before=handling.not_before,
        reply_by=handling.reply_by,
        actions=actions,
        language=handling.language,
    )


def _actions(given: Mapping[str, str]) -> tuple[Action, ...]:
    due, yen = _day(given.get("due_date")), given.get("amount_yen")
    if due is None:
        return ()
    if yen is None or int(yen) < 1:
        return (Deadline(DUE, due),)
    return (Payment(PAY, int(yen), due, given.get("doc_no", "")),)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _line(text: str) -> str:
    return ENDS.sub("", written(BREAKS.sub(" ", text)))
