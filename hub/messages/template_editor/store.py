"""The office's own templates: every version kept, every change an entry of the log."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.clock import iso
from hub.errors import ConflictError, NotFoundError, RoleError, TemplateError
from hub.log.entry import EntryKind
from hub.log.journal import Append
from hub.messages.notices.template import COMMON, Template, alone, together
from hub.office import Office
from hub.storage.tables import DocumentTemplate
from intake.office.roster import Role

ACTIVE: Final = "active"
RETIRED: Final = "retired"
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
LONGEST: Final = 64 * 1024
MOST: Final = 200


@dataclass(frozen=True)
class OwnTemplate:
    """One version of a template of the office; the time in microseconds since 1970."""

    name: str
    version: int
    kind: str
    toml: str
    actor: str
    changed_us: int
    retired: bool

    @property
    def changed_at(self) -> str:
        """When it was kept, in the office's time."""
        return iso(self.changed_us)


def in_force(session: Session) -> tuple[Template, ...]:
    """Every template that documents are read by: the office's own first, then the built-in ones."""
    return together(own_texts(session))


def own_texts(session: Session) -> Mapping[str, str]:
    """The TOML of the office's own templates that are in force, by name."""
    return {one.name: one.toml for one in newest(session) if not one.retired}


def newest(session: Session) -> list[OwnTemplate]:
    """The newest version of each of the office's templates, by name."""
    last = (
        select(DocumentTemplate.name, func.max(DocumentTemplate.version).label("version"))
        .group_by(DocumentTemplate.name)
        .subquery()
    )
    rows = session.scalars(
        select(DocumentTemplate)
        .join(
            last,
            (DocumentTemplate.name == last.c.name) & (DocumentTemplate.version == last.c.version),
        )
        .order_by(DocumentTemplate.name)
    )
    return [_read(row) for row in rows]


def versions(session: Session, name: str) -> list[OwnTemplate]:
    """Every version of a template, the newest first; NotFoundError when there is none."""
    rows = session.scalars(
        select(DocumentTemplate)
        .where(DocumentTemplate.name == name)
        .order_by(DocumentTemplate.version.desc())
    ).all()
    if not rows:
        raise NotFoundError("the office has no template of this name")
    return [_read(row) for row in rows]


def save(office: Office, staff: StaffMember, name: str, toml: str) -> int:
    """Keep a template as a new version and put it in force; its number.

    TemplateError when it is wrong; ConflictError when it is the version in force already.
    """
    require_author(staff)
    if not NAME.fullmatch(name) or name == COMMON:
        raise TemplateError("a template's name has 1 to 60 of a-z, 0-9 and _, a letter first")
    if len(toml) > LONGEST:
        raise TemplateError(f"template {name} is longer than {LONGEST} characters")
    template = alone(name, toml)
    with office.journal.appending() as append:
        held = _newest_of(append.session, name)
        if held is not None and held.toml == toml and held.state == ACTIVE:
            raise ConflictError("this is the version in force already")
        if held is None and len(newest(append.session)) >= MOST:
            raise TemplateError(f"an office has at most {MOST} templates; retire and reuse names")
        return _add(append, staff.login, _Content(name, template.kind, toml, ACTIVE))


def set_retired(office: Office, staff: StaffMember, name: str, *, retired: bool) -> None:
    """Read nothing by a template any more, or again; ConflictError when it is so already."""
    require_author(staff)
    with office.journal.appending() as append:
        held = _newest_of(append.session, name)
        if held is None:
            raise NotFoundError("the office has no template of this name")
        if (held.state == RETIRED) is retired:
            raise ConflictError("the template is in this state already")
        state = RETIRED if retired else ACTIVE
        _add(append, staff.login, _Content(name, held.kind, held.toml, state))


def require_author(staff: StaffMember) -> None:
    """RoleError unless the account makes templates."""
    if not staff.has(Role.AUTHOR):
        raise RoleError("the office's templates are an author's work")


def _newest_of(session: Session, name: str) -> DocumentTemplate | None:
    return session.scalars(
        select(DocumentTemplate)
        .where(DocumentTemplate.name == name)
        .order_by(DocumentTemplate.version.desc())
        .limit(1)
    ).first()


@dataclass(frozen=True)
class _Content:
    name: str
    kind: str
    toml: str
    state: str


def _add(append: Append, login: str, content: _Content) -> int:
    held = _newest_of(append.session, content.name)
    version = 1 if held is None else held.version + 1
    digest = hashlib.sha256(content.toml.encode()).digest()
    entry = {
        "action": "template" if content.state == ACTIVE else "template-retired",
        "template": content.name,
        "version": version,
        "toml": digest,
    }
    index = append.office(EntryKind.DOCUMENT, login, entry)
    append.session.add(
        DocumentTemplate(
            **vars(content),
            version=version,
            toml_sha256=digest,
            actor=login,
            changed_us=append.time_us,
            log_index=index,
        )
    )
    return version


def _read(row: DocumentTemplate) -> OwnTemplate:
    return OwnTemplate(
        name=row.name,
        version=row.version,
        kind=row.kind,
        toml=row.toml,
        actor=row.actor,
        changed_us=row.changed_us,
        retired=row.state == RETIRED,
    )
