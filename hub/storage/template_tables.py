"""Tables of the office's own notice templates: every version, and what is still being made."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hub.storage.base import Base, Code, Counter, Digest, TimeUs


class DocumentTemplate(Base):
    """One version of a template of the office. Rows are never deleted; the newest holds.

    state: `active`, or `retired` from this version on.
    """

    __tablename__ = "document_template"
    name: Mapped[Code] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[Code]
    kind: Mapped[str]
    toml: Mapped[str]
    toml_sha256: Mapped[Digest]
    actor: Mapped[Code]
    changed_us: Mapped[TimeUs]
    log_index: Mapped[Counter]


class TemplateDraft(Base):
    """A template in the making with its sample document; dropped after a day."""

    __tablename__ = "template_draft"
    number: Mapped[Code] = mapped_column(primary_key=True)
    login: Mapped[Code]
    created_us: Mapped[TimeUs]
    name: Mapped[Code]
    toml: Mapped[str]
    file_name: Mapped[str]
    document: Mapped[bytes] = mapped_column(LargeBinary)
    reading: Mapped[bytes] = mapped_column(LargeBinary)


class TemplateTrial(Base):
    """What was read of a document on which a draft is tried; the document itself is not kept."""

    __tablename__ = "template_trial"
    draft: Mapped[Code] = mapped_column(ForeignKey("template_draft.number"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    reading: Mapped[bytes] = mapped_column(LargeBinary)
