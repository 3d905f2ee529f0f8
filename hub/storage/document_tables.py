"""Tables of documents to be sent: batches, files, pages as read, what was found, human acts."""

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.storage.base import Base, Code, Counter, Digest, TimeUs


class DocumentBatch(Base):
    """Documents and their list as they were given together, and how far they have come."""

    __tablename__ = "document_batch"
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str]
    template: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[Code] = mapped_column(index=True)
    problem: Mapped[str | None] = mapped_column(String(64))
    problem_rows: Mapped[str]
    created_us: Mapped[TimeUs]
    created_by: Mapped[Code]
    list_name: Mapped[str]
    list_sha256: Mapped[Digest | None]
    list_content: Mapped[bytes | None] = mapped_column(LargeBinary)
    attempts: Mapped[int]
    pages_read: Mapped[int]
    pages_total: Mapped[int]
    ready: Mapped[int]
    held: Mapped[int]
    handed: Mapped[int]


class DocumentFile(Base):
    """One file of a batch. Its content goes when the batch is discarded."""

    __tablename__ = "document_file"
    batch: Mapped[Counter] = mapped_column(ForeignKey("document_batch.number"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    sha256: Mapped[Digest]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    pages: Mapped[int]
    error: Mapped[str | None] = mapped_column(String(64))
    warnings: Mapped[str]


class DocumentPage(Base):
    """One page as the readers gave it, compressed JSON; pages count from 1."""

    __tablename__ = "document_page"
    batch: Mapped[Counter] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentFinding(Base):
    """Pages of one person as they were found, before anybody decided anything about them."""

    __tablename__ = "document_finding"
    batch: Mapped[Counter] = mapped_column(ForeignKey("document_batch.number"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    handed_us: Mapped[TimeUs | None]


class DocumentAct(Base):
    """What somebody did to a batch, in order; one that was undone stays, and counts no more."""

    __tablename__ = "document_act"
    batch: Mapped[Counter] = mapped_column(ForeignKey("document_batch.number"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[Code]
    item: Mapped[int | None]
    pages: Mapped[str]
    code: Mapped[str]
    actor: Mapped[Code]
    time_us: Mapped[TimeUs]
    log_index: Mapped[Counter]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    undone_by: Mapped[str | None] = mapped_column(String(64))
    undone_us: Mapped[TimeUs | None]


class ResidentNumber(Base):
    """Which resident an outside number (宛名番号) means.

    Apart from the register, which is made again from the log: these numbers come from elsewhere.
    """

    __tablename__ = "resident_number"
    atena_no: Mapped[Code] = mapped_column(primary_key=True)
    resident_id: Mapped[Code] = mapped_column(unique=True)
    set_us: Mapped[TimeUs]
    set_by: Mapped[Code]
