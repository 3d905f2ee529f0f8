"""Templates in the making: a sample, its reading, the rules so far; gone after a day.

A sample is a resident's notice, so only who uploaded it sees it, and it is not kept.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.errors import DocumentError, NotFoundError, TemplateError
from hub.file_names import shown_name
from hub.messages.documents.part import Part
from hub.messages.documents.result import Opened, Reading, refused
from hub.messages.notices.template import built_in
from hub.messages.sandbox.wire import decode_part, encode_part
from hub.messages.template_editor import beginning, store
from hub.office import Office
from hub.storage.tables import TemplateDraft, TemplateTrial

LIFE_US: Final = 86_400 * 1_000_000
MOST_DRAFTS: Final = 5
MOST_TRIALS: Final = 10
MOST_PAGES: Final = 20


@dataclass(frozen=True)
class Draft:
    """A template in the making: its name and TOML so far, the sample and what was read of it."""

    number: str
    name: str
    toml: str
    file_name: str
    reading: Reading


@dataclass(frozen=True)
class Trial:
    """A document on which a draft is tried."""

    file_name: str
    reading: Reading


@dataclass(frozen=True)
class Sample:
    """An uploaded document; `pages`: how many of its pages are one notice, 0 for all."""

    file_name: str
    data: bytes
    pages: int = 0


def begin(office: Office, staff: StaffMember, sample: Sample, base: str = "") -> str:
    """Read a sample in the sandbox and begin a template; the draft's number.

    base: the template to go on from; the one that recognises the sample when empty. DocumentError
    when the sample cannot be read.
    """
    store.require_author(staff)
    reading = _readable(office.readers.pool().read(sample.data), sample.pages)
    with office.database.reading() as session:
        own = store.own_texts(session)
    name, toml = _first_rules(own, reading, base)
    number = secrets.token_hex(16)
    with office.database.writing() as session:
        _tidy(session, staff.login, office.clock())
        session.add(
            TemplateDraft(
                number=number,
                login=staff.login,
                created_us=office.clock(),
                name=name,
                toml=toml,
                file_name=shown_name(sample.file_name),
                document=sample.data,
                reading=_encoded(reading),
            )
        )
    return number


def draft(session: Session, staff: StaffMember, number: str) -> Draft:
    """A draft of this author; NotFoundError when it is gone or somebody else's."""
    row = _own(session, staff, number)
    return Draft(row.number, row.name, row.toml, row.file_name, _decoded(row.reading))


def picture(office: Office, staff: StaffMember, number: str, page: int) -> bytes:
    """A page of the sample (from 1) as PNG."""
    with office.database.reading() as session:
        row = _own(session, staff, number)
        document, count = row.document, len(_decoded(row.reading).pages)
    if not 1 <= page <= count:
        raise NotFoundError("the sample has no such page")
    return office.readers.pool().picture(document, page - 1)


def change(office: Office, staff: StaffMember, number: str, toml: str, name: str = "") -> None:
    """Keep the draft's rules, and its name when one is given."""
    with office.database.writing() as session:
        row = _own(session, staff, number)
        row.toml = toml
        row.name = name or row.name


def attempt(office: Office, staff: StaffMember, number: str, samples: Sequence[Sample]) -> None:
    """Read more documents to try the draft on; they take the place of those before."""
    with office.database.reading() as session:
        _own(session, staff, number)
    if not 1 <= len(samples) <= MOST_TRIALS:
        raise DocumentError(f"choose 1 to {MOST_TRIALS} documents")
    pool = office.readers.pool()
    read = [(s, _first_pages(pool.read(s.data), s.pages)) for s in samples]
    with office.database.writing() as session:
        _own(session, staff, number)
        session.execute(delete(TemplateTrial).where(TemplateTrial.draft == number))
        session.add_all(
            TemplateTrial(
                draft=number,
                position=position,
                file_name=shown_name(sample.file_name),
                reading=_encoded(reading),
            )
            for position, (sample, reading) in enumerate(read, 1)
        )


def trials(session: Session, number: str) -> list[Trial]:
    """The documents on which a draft was tried, in their order."""
    rows = session.scalars(
        select(TemplateTrial).where(TemplateTrial.draft == number).order_by(TemplateTrial.position)
    )
    return [Trial(row.file_name, _decoded(row.reading)) for row in rows]


def drop(office: Office, staff: StaffMember, number: str) -> None:
    """Throw a draft away with its documents; it may be gone already."""
    with office.database.writing() as session:
        row = session.get(TemplateDraft, number)
        if row is not None and row.login == staff.login:
            _delete(session, number)


def open_drafts(session: Session, staff: StaffMember) -> list[tuple[str, str, str]]:
    """(number, template's name, file name) of this author's drafts, the newest first."""
    rows = session.scalars(
        select(TemplateDraft)
        .where(TemplateDraft.login == staff.login)
        .order_by(TemplateDraft.created_us.desc())
    )
    return [(row.number, row.name, row.file_name) for row in rows]


def _first_rules(own: Mapping[str, str], reading: Reading, base: str) -> tuple[str, str]:
    if base:
        text = own.get(base, built_in().get(base))
        if text is None:
            raise TemplateError(f"there is no template {base}")
        return base, text
    return beginning.first_rules(own, reading)


def _readable(reading: Reading, pages: int) -> Reading:
    if reading.opened is not Opened.OK:
        code = "" if reading.error is None else reading.error.value
        raise DocumentError(code)
    return _first_pages(reading, pages)


def _first_pages(reading: Reading, pages: int) -> Reading:
    most = min(pages, MOST_PAGES) if pages > 0 else MOST_PAGES
    kept = tuple(w for w in reading.warnings if w.page is None or w.page <= most)
    return replace(reading, pages=reading.pages[:most], warnings=kept)


def _own(session: Session, staff: StaffMember, number: str) -> TemplateDraft:
    store.require_author(staff)
    row = session.get(TemplateDraft, number)
    if row is None or row.login != staff.login:
        raise NotFoundError("there is no such draft any more; upload the sample again")
    return row


def _tidy(session: Session, login: str, now: int) -> None:
    """Drop what is a day old, and of this author all but the newest."""
    old = session.scalars(
        select(TemplateDraft.number).where(TemplateDraft.created_us < now - LIFE_US)
    ).all()
    many = session.scalars(
        select(TemplateDraft.number)
        .where(TemplateDraft.login == login)
        .order_by(TemplateDraft.created_us.desc())
        .offset(MOST_DRAFTS - 1)
    ).all()
    for number in {*old, *many}:
        _delete(session, number)


def _delete(session: Session, number: str) -> None:
    session.execute(delete(TemplateTrial).where(TemplateTrial.draft == number))
    session.execute(delete(TemplateDraft).where(TemplateDraft.number == number))


def _encoded(reading: Reading) -> bytes:
    part = Part(reading.pages, len(reading.pages), reading.form, reading.warnings, reading.error)
    return encode_part(part)


def _decoded(data: bytes) -> Reading:
    part = decode_part(data)
    if part.error is not None:
        return refused(part.error, part.warnings)
    return Reading(Opened.OK, part.pages, part.form, part.warnings)
