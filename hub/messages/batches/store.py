"""Batches as rows: kept with what was given, read with what was found, listed, looked up."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from hub.errors import NotFoundError
from hub.messages.addressing import addressees
from hub.messages.addressing.addressees import Addressees
from hub.messages.batches import finding, fixes
from hub.messages.batches.finding import Finding
from hub.messages.batches.fixes import Fix, FixKind
from hub.messages.documents.part import Part
from hub.messages.documents.result import DocumentWarning, Page
from hub.messages.sandbox.wire import decode_part, encode_part
from hub.storage.tables import (
    DocumentAct,
    DocumentBatch,
    DocumentFile,
    DocumentFinding,
    DocumentPage,
)


class BatchState(StrEnum):
    """How far a batch has come."""

    WAITING = "waiting"
    READING = "reading"
    TO_LOOK_AT = "to-look-at"
    READY = "ready"
    HANDED_OVER = "handed-over"
    DISCARDED = "discarded"
    REFUSED = "refused"


class BatchProblem(StrEnum):
    """Why a batch is refused."""

    LIST = "list"
    PASSWORD = "password"  # noqa: S105 a code, not a secret
    FILES = "files"
    TEMPLATE = "template"


READ: Final = frozenset({BatchState.TO_LOOK_AT, BatchState.READY, BatchState.HANDED_OVER})
"""States in which there are findings."""


@dataclass(frozen=True)
class FileRow:
    """One file without its content. error: a ReadError, or `left-out` by a person."""

    position: int
    file_name: str
    sha256: bytes
    pages: int
    error: str | None


@dataclass(frozen=True)
class ActRow:
    """What somebody did. fix: the decision it holds, None for other acts."""

    number: int
    action: str
    item: int | None
    pages: str
    code: str
    actor: str
    time_us: int
    log_index: int
    fix: Fix | None
    undone_by: str | None
    undone_us: int | None


def one(session: Session, number: int) -> DocumentBatch:
    """A batch; NotFoundError when there is none."""
    found = session.get(DocumentBatch, number)
    if found is None:
        raise NotFoundError("there is no such batch")
    return found


def listed(session: Session, most: int) -> Sequence[DocumentBatch]:
    """The newest batches, without their lists."""
    query = select(DocumentBatch).options(defer(DocumentBatch.list_content, raiseload=True))
    return session.scalars(query.order_by(DocumentBatch.number.desc()).limit(most)).all()


def files(session: Session, batch: int) -> tuple[FileRow, ...]:
    """The files of a batch in order."""
    rows = session.execute(
        select(
            DocumentFile.position,
            DocumentFile.file_name,
            DocumentFile.sha256,
            DocumentFile.pages,
            DocumentFile.error,
        )
        .where(DocumentFile.batch == batch)
        .order_by(DocumentFile.position)
    )
    return tuple(FileRow(*row) for row in rows)


def content(session: Session, batch: int, position: int) -> bytes:
    """A file's bytes; NotFoundError when they are gone or never were."""
    found = session.scalar(
        select(DocumentFile.content).where(
            DocumentFile.batch == batch, DocumentFile.position == position
        )
    )
    if found is None:
        raise NotFoundError("there is no such file any more")
    return found


def persons(batch: DocumentBatch) -> Addressees:
    """The list of a batch; nobody where it has none (any more)."""
    if batch.list_content is None:
        return Addressees(())
    return _persons(bytes(batch.list_content))


@lru_cache(maxsize=8)
def _persons(data: bytes) -> Addressees:
    return addressees.read(data)


def put_pages(
    session: Session, batch: int, position: int, pages: Sequence[Page], first: int = 1
) -> None:
    """Keep pages of a file as they were read."""
    session.add_all(
        DocumentPage(
            batch=batch,
            position=position,
            page=number,
            content=finding.packed(encode_part(Part((page,), 1)).decode()),
        )
        for number, page in enumerate(pages, first)
    )


def pages(session: Session, batch: int, position: int, numbers: Collection[int]) -> dict[int, Page]:
    """Pages of a file by their number."""
    rows = session.execute(
        select(DocumentPage.page, DocumentPage.content).where(
            DocumentPage.batch == batch,
            DocumentPage.position == position,
            DocumentPage.page.in_(numbers),
        )
    )
    return {
        number: decode_part(cast("str", finding.unpacked(kept)).encode()).pages[0]
        for number, kept in rows
    }


def warnings_text(found: Sequence[DocumentWarning]) -> str:
    """Warnings as they are kept beside their file."""
    part = json.loads(encode_part(Part(warnings=tuple(found))))
    return json.dumps(part["warnings"])


def warnings(session: Session, batch: int, position: int) -> tuple[DocumentWarning, ...]:
    """What the readers warned of in a file."""
    text = session.scalar(
        select(DocumentFile.warnings).where(
            DocumentFile.batch == batch, DocumentFile.position == position
        )
    )
    part = {**json.loads(encode_part(Part())), "warnings": json.loads(text or "[]")}
    return decode_part(json.dumps(part).encode()).warnings


def findings(session: Session, batch: int) -> tuple[tuple[Finding, ...], frozenset[int]]:
    """What was found in a batch, and the numbers of what was handed over."""
    rows = session.scalars(
        select(DocumentFinding)
        .where(DocumentFinding.batch == batch)
        .order_by(DocumentFinding.number)
    ).all()
    handed = frozenset(row.number for row in rows if row.handed_us is not None)
    return tuple(finding.decode(row.number, row.content) for row in rows), handed


def acts(session: Session, batch: int) -> tuple[ActRow, ...]:
    """Everything that was done to a batch, in order."""
    rows = session.scalars(
        select(DocumentAct).where(DocumentAct.batch == batch).order_by(DocumentAct.number)
    )
    return tuple(
        ActRow(
            number=row.number,
            action=row.action,
            item=row.item,
            pages=row.pages,
            code=row.code,
            actor=row.actor,
            time_us=row.time_us,
            log_index=row.log_index,
            fix=None if row.content is None else fixes.decode(FixKind(row.action), row.content),
            undone_by=row.undone_by,
            undone_us=row.undone_us,
        )
        for row in rows
    )


def next_act(session: Session, batch: int) -> int:
    """The number of the next act."""
    newest = session.scalar(select(func.max(DocumentAct.number)).where(DocumentAct.batch == batch))
    return (newest or 0) + 1
