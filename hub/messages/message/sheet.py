"""A checked message as a reader sees it: headings, pairs, a table of actions, text.

Page, PDF and plain text are made of this one sheet, so that they say the same.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.clock import JAPAN
from hub.messages.delivery.resident_key import is_number
from hub.messages.message.checking import Checked
from hub.messages.message.content import (
    Action,
    Appointment,
    Block,
    Content,
    Deadline,
    Document,
    File,
    MediaType,
    Payment,
    files_of,
)
from hub.messages.message.era_text import both
from hub.web.text import catalogue
from intake.characters import NameText

KINDS: Final = {
    MediaType.PDF: "PDF",
    MediaType.TEXT: "TXT",
    MediaType.XML: "XML",
    MediaType.JSON: "JSON",
    MediaType.CSV: "CSV",
    MediaType.PNG: "PNG",
    MediaType.JPEG: "JPEG",
}
Say = Callable[..., str]


@dataclass(frozen=True)
class ActionRow:
    """One action: what, when, and the rest; `address` when it is a page to open."""

    label: str
    day: str
    detail: str
    address: str = ""


@dataclass(frozen=True)
class Section:
    """A document's title and text."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class FileLine:
    """A file and the words for it."""

    file: File
    words: str


@dataclass(frozen=True)
class Sheet:
    """Everything in reading order. language: of the labels; content_language: of all else."""

    language: str
    content_language: str
    title: str
    name: NameText
    honorific: str
    facts_heading: str
    facts: tuple[tuple[str, str], ...]
    actions_heading: str
    action_columns: tuple[str, str, str]
    actions: tuple[ActionRow, ...]
    sections: tuple[Section, ...]
    files_heading: str
    files: tuple[FileLine, ...]
    signature_heading: str
    signature: tuple[tuple[str, str], ...]


def sheet(checked: Checked, language: str = "ja") -> Sheet:
    """The sheet of a message, labels in `language` (`ja` or `en`)."""
    say = _say(language)
    content = checked.content
    main = Section(content.main.title, content.main.text)
    return Sheet(
        language=language,
        content_language=content.language,
        title=content.title,
        name=content.recipient.name,
        honorific=say("honorific"),
        facts_heading=say("about"),
        facts=_facts(content, say, language),
        actions_heading=say("actions"),
        action_columns=(say("action"), say("day"), say("detail")),
        actions=tuple(_row(action, say, language) for action in content.actions),
        sections=(main, *(_also(document, say) for document in content.additional)),
        files_heading=say("files"),
        files=tuple(_file(file, say) for file in files_of(content)),
        signature_heading=say("signature"),
        signature=_signature(checked, say),
    )


def _say(language: str) -> Say:
    words = catalogue(language)

    def say(key: str, **values: object) -> str:
        return words(f"message_page.{key}", **values)

    return say


def _facts(content: Content, say: Say, language: str) -> tuple[tuple[str, str], ...]:
    issuer, to = content.issuer, content.recipient
    days = {"issued": content.issued, "reply_by": content.reply_by}
    found = [
        ("from", issuer.name),
        ("section", issuer.section),
        ("contact", issuer.telephone),
        ("number", content.document_number),
        *((key, both(day, language)) for key, day in days.items() if day is not None),
        ("legal", say("legal_notice") if content.legal else ""),
        ("kana", to.kana),
        ("atena", to.atena_no if is_number(to.atena_no) else ""),
    ]
    return tuple((say(label), value) for label, value in found if value)


def _row(action: Action, say: Say, language: str) -> ActionRow:
    match action:
        case Deadline():
            return ActionRow(action.label, say("until", day=both(action.day, language)), "")
        case Payment():
            detail = [say("yen", amount=f"{action.yen:,}")]
            if action.reference:
                detail.append(say("reference", reference=action.reference))
            due = say("until", day=both(action.due, language))
            return ActionRow(action.label, due, " ".join(detail))
        case Appointment():
            return ActionRow(action.label, _span(action, language), action.place)
        case _:
            return ActionRow(action.label, "", action.url, action.url)


def _span(action: Appointment, language: str) -> str:
    start, end = action.start.astimezone(JAPAN), action.end.astimezone(JAPAN)
    last = f"{end:%H:%M}"
    if end.date() != start.date():
        last = f"{both(end.date(), language)} {last}"
    return f"{both(start.date(), language)} {start:%H:%M}-{last}"


def _also(document: Document, say: Say) -> Section:
    return Section(say("also", title=document.title), document.text)


def _file(file: File, say: Say) -> FileLine:
    kilobytes = max(1, round(len(file.data) / 1000))
    words = say("file", name=file.name, kind=KINDS[file.media_type], size=kilobytes)
    return FileLine(file, words)


def _signature(checked: Checked, say: Say) -> tuple[tuple[str, str], ...]:
    return (
        (say("signed"), _moment(checked.signed_at)),
        (say("signer"), fingerprint(checked.certificate)),
    )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(JAPAN):%Y-%m-%d %H:%M:%S} JST"


def fingerprint(certificate: bytes) -> str:
    """The beginning of a certificate's SHA-256 in groups that can be read out."""
    digest = hashlib.sha256(certificate).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
