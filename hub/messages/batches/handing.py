"""From a batch to delivery: what is ready, with its pages cut out, and the mark that it went.

Reading and cutting take time and no lock; the mark is set in the transaction that accepts the
messages, where everything is looked at once more.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import update

from hub.accounts.staff import StaffMember
from hub.log.journal import Append
from hub.messages.batches import current, store
from hub.messages.batches.cutting import cut
from hub.messages.batches.errors import ItemChangedError
from hub.messages.batches.finding import Value
from hub.messages.batches.settling import Item, ItemState
from hub.messages.batches.store import READ
from hub.messages.batches.taking import note
from hub.messages.documents import docx
from hub.messages.documents.result import Page
from hub.office import Office
from hub.register.numbers import residents_of
from hub.storage.tables import DocumentFinding

AT_ONCE: Final = 50
"""Items whose pages are in memory at one time."""


@dataclass(frozen=True)
class ReadyItem:
    """One resident's pages as they may be sent.

    name: as the list writes it; resident_id: in the register, where the number is linked; template,
    kind: of the notice ("" where a person said no kind); fields: by the names of
    docs/templates.md, dates ISO, money an integer; pages: as read, for the text; page_numbers: in
    the file, from 1; pdf: these pages alone, None for a Word document, which has none; document:
    SHA-256 of the file they were in; fingerprint: what `hand_over` compares.
    """

    batch: int
    item: int
    atena_no: str
    name: str
    resident_id: str | None
    template: str
    kind: str
    fields: Mapping[str, Value]
    pages: tuple[Page, ...]
    page_numbers: tuple[int, ...]
    pdf: bytes | None
    document: bytes
    fingerprint: str

    @property
    def pdf_sha256(self) -> bytes | None:
        """Hash of the pages cut out."""
        return None if self.pdf is None else hashlib.sha256(self.pdf).digest()


def ready_items(office: Office, batch: int) -> Iterator[ReadyItem]:
    """Everything of a batch that may be sent now, in the document's order.

    An item whose pages cannot be cut out is left out and stays ready; NotFoundError for no batch.
    """
    with office.database.reading() as session:
        row = store.one(session, batch)
        settled = current.items(session, row) if row.state in READ else ()
        files = {file.position: file for file in store.files(session, batch)}
    ready = [one for one in settled if one.state is ItemState.READY]
    for position in sorted({one.file for one in ready}):
        own = [one for one in ready if one.file == position]
        with office.database.reading() as session:
            data = store.content(session, batch, position)
        for at in range(0, len(own), AT_ONCE):
            some = own[at : at + AT_ONCE]
            yield from _with_pages(office, batch, some, data, files[position].sha256)


def hand_over(append: Append, staff: StaffMember, batch: int, items: Sequence[ReadyItem]) -> None:
    """Mark items as handed over, in the transaction that accepts their messages.

    ItemChangedError, and with it nothing is accepted, when one of them is not as it was given out:
    a fix was undone, somebody came under protection, or it was handed over already.
    """
    session = append.session
    row = store.one(session, batch)
    settled = {one.number: one for one in current.items(session, row)} if row.state in READ else {}
    for given in items:
        now = settled.get(given.item)
        same = now is not None and current.fingerprint(now) == given.fingerprint
        if now is None or not same or now.state is not ItemState.READY:
            raise ItemChangedError("pages of the batch changed since; look at them again")
    numbers = [given.item for given in items]
    session.execute(
        update(DocumentFinding)
        .where(DocumentFinding.batch == batch, DocumentFinding.number.in_(numbers))
        .values(handed_us=append.time_us)
    )
    pages = ",".join(str(page) for given in items for page in given.page_numbers[:1])
    body = {"action": "hand-over", "items": _ranges(numbers), "count": len(numbers)}
    note(append, staff, batch, "hand-over", body, pages=pages[:200], code=str(len(numbers)))
    current.count(session, row, current.items(session, row))


def _with_pages(
    office: Office, batch: int, some: Sequence[Item], data: bytes, document: bytes
) -> Iterator[ReadyItem]:
    cuts: Sequence[bytes | None] = [None] * len(some)
    whole = docx.is_docx(data)
    if not whole:
        groups = [[page - 1 for page in one.pages] for one in some]
        cuts = cut(office.readers.pool(), data, groups)
    with office.database.reading() as session:
        known = residents_of(session, {one.atena_no or "" for one in some})
        for one, pdf in zip(some, cuts, strict=True):
            if pdf is None and not whole:
                continue
            assert one.person is not None
            read = store.pages(session, batch, one.file, one.pages)
            yield ReadyItem(
                batch=batch,
                item=one.number,
                atena_no=one.person.atena_no,
                name=one.person.name,
                resident_id=known.get(one.person.atena_no),
                template=one.examined.template or "",
                kind=one.examined.kind,
                fields={name: field.value for name, field in one.fields.items()},
                pages=tuple(read[page] for page in one.pages),
                page_numbers=one.pages,
                pdf=pdf,
                document=document,
                fingerprint=current.fingerprint(one),
            )


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers as `1-3,7`, so that an entry of the log stays short."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in found)
