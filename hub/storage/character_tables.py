"""Tables of the office's own characters: what holds today, every change, uploads not yet taken."""

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.storage.base import Base, Code, Counter, Digest, TimeUs


class OfficeGlyph(Base):
    """A character as the units hold it. Rows are never deleted: a name may hold the code."""

    __tablename__ = "office_glyph"
    code: Mapped[Code] = mapped_column(primary_key=True)
    state: Mapped[Code]
    revision: Mapped[int]
    outline: Mapped[bytes] = mapped_column(LargeBinary)
    strokes: Mapped[int]
    readings: Mapped[str]
    radical: Mapped[int | None]
    base: Mapped[str | None] = mapped_column(String(2))
    fallback: Mapped[str | None] = mapped_column(String(2))
    note: Mapped[str]
    changed_us: Mapped[TimeUs]


class OfficeGlyphChange(Base):
    """One change of a character: who, when, and how it was drawn from then on."""

    __tablename__ = "office_glyph_change"
    code: Mapped[Code] = mapped_column(ForeignKey("office_glyph.code"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[Code]
    actor: Mapped[Code]
    changed_us: Mapped[TimeUs]
    log_index: Mapped[Counter]
    outline: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str]
    file_name: Mapped[str | None]
    file_sha256: Mapped[Digest | None]
    original: Mapped[bytes | None] = mapped_column(LargeBinary)


class OfficeGlyphUpload(Base):
    """A file that an operator gave and has not yet made a character of; dropped after a day."""

    __tablename__ = "office_glyph_upload"
    number: Mapped[Code] = mapped_column(primary_key=True)
    login: Mapped[Code]
    created_us: Mapped[TimeUs]
    replaces: Mapped[str | None] = mapped_column(String(64))
    file_name: Mapped[str]
    file_sha256: Mapped[Digest]
    original: Mapped[bytes | None] = mapped_column(LargeBinary)
    choices: Mapped[bytes] = mapped_column(LargeBinary)


class OfficeSetting(Base):
    """A choice of the office that operators make on a page."""

    __tablename__ = "office_setting"
    name: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[str]
    changed_by: Mapped[Code]
    changed_us: Mapped[TimeUs]
