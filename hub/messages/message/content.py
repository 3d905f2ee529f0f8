"""What a message says, before it is XML and after: plain values, frozen, no markup.

The parts are those of docs/message-format.md, in its order.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from intake.characters import NameText


class MediaType(StrEnum):
    """What a file of a message may be."""

    PDF = "application/pdf"
    TEXT = "text/plain"
    XML = "application/xml"
    JSON = "application/json"
    CSV = "text/csv"
    PNG = "image/png"
    JPEG = "image/jpeg"


@dataclass(frozen=True)
class Issuer:
    """Who writes: 団体コード (six digits), the signing head, the section and its telephone."""

    code: str
    name: str
    section: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Recipient:
    """The resident: 宛名番号, the name by its characters, the same within JIS X 0213, the kana."""

    atena_no: str
    name: NameText
    jis: str
    kana: str = ""


@dataclass(frozen=True)
class File:
    """One file. name: what a download is called; it must not tell whose it is."""

    name: str
    media_type: MediaType
    data: bytes


@dataclass(frozen=True)
class Paragraph:
    """Text in its lines; `heading` when it opens what follows."""

    text: str
    heading: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells, all of the same number; the first row is the heading."""

    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Table


@dataclass(frozen=True)
class Document:
    """A document: files, and its text for whoever cannot read them."""

    title: str
    files: tuple[File, ...] = ()
    text: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Deadline:
    """Something to be done until the end of a day."""

    label: str
    day: date


@dataclass(frozen=True)
class Payment:
    """Yen to be paid until the end of a day; reference: what the payment is recognised by."""

    label: str
    yen: int
    due: date
    reference: str = ""


@dataclass(frozen=True)
class Appointment:
    """A time and place to come to; aware times, to the minute."""

    label: str
    start: datetime
    end: datetime
    place: str


@dataclass(frozen=True)
class Link:
    """A page to open, https only."""

    label: str
    url: str


Action = Deadline | Payment | Appointment | Link


@dataclass(frozen=True)
class Content:
    """One message to one resident.

    message_id: a UUID (version 4 or 5) in small letters; kind: the template's name; created: aware,
    to the second; legal: a notice with legal effect, which no best-effort channel carries alone;
    not_before: the day in Japan before which nothing is handed over; text of `main` is what every
    rendering shows.
    """

    message_id: str
    created: datetime
    issuer: Issuer
    recipient: Recipient
    kind: str
    title: str
    main: Document
    document_number: str = ""
    issued: date | None = None
    legal: bool = False
    not_before: date | None = None
    reply_by: date | None = None
    additional: tuple[Document, ...] = ()
    technical: tuple[File, ...] = ()
    actions: tuple[Action, ...] = ()
    language: str = "ja"


def files_of(content: Content) -> tuple[File, ...]:
    """Every file of a message, those of the main document first."""
    documents = (content.main, *content.additional)
    return (*(file for one in documents for file in one.files), *content.technical)
