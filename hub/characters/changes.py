"""What an operator does to the office's own characters; every change is an entry of the log."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.characters import store
from hub.characters.errors import GlyphRefusedError, Problem
from hub.errors import ConflictError, NotFoundError, RoleError
from hub.log.entry import EntryKind
from hub.log.journal import Append
from hub.office import Office
from hub.storage.tables import OfficeGlyph, OfficeGlyphChange, OfficeSetting
from intake.errors import IntakeError, OversizeError
from intake.office import glyphs
from intake.office.glyphs import GlyphState
from intake.office.roster import Role

LONGEST_NOTE: Final = 400


class Action(StrEnum):
    """What was done to a character."""

    ADDED = "added"
    REPLACED = "replaced"
    CORRECTED = "corrected"
    RETIRED = "retired"
    RESTORED = "restored"


@dataclass(frozen=True)
class Origin:
    """The file an outline was made of; `original` is a picture of it, for a scan."""

    file_name: str
    file_sha256: bytes
    original: bytes | None = None


@dataclass(frozen=True)
class Change:
    """One change as it is asked for."""

    action: Action
    glyph: glyphs.OfficeGlyph
    note: str
    reason: str = ""
    origin: Origin | None = None


def add(
    office: Office, staff: StaffMember, glyph: glyphs.OfficeGlyph, note: str, origin: Origin
) -> None:
    """A new character; GlyphRefusedError when its code is taken or the set would be too large."""
    with office.journal.appending() as append:
        if append.session.get(OfficeGlyph, glyph.code) is not None:
            raise GlyphRefusedError(Problem.CODE_TAKEN)
        _make(office, append, staff, Change(Action.ADDED, glyph, note, origin=origin))


def replace(
    office: Office, staff: StaffMember, glyph: glyphs.OfficeGlyph, note: str, origin: Origin
) -> None:
    """Another outline for a character that is there; the former stays in its history."""
    with office.journal.appending() as append:
        _present(append.session, glyph.code)
        _make(office, append, staff, Change(Action.REPLACED, glyph, note, origin=origin))


def correct(office: Office, staff: StaffMember, glyph: glyphs.OfficeGlyph, note: str) -> None:
    """Other readings, strokes, radical, base, fallback or note; the outline stays."""
    with office.journal.appending() as append:
        _present(append.session, glyph.code)
        _make(office, append, staff, Change(Action.CORRECTED, glyph, note))


def set_state(
    office: Office, staff: StaffMember, code: str, state: GlyphState, reason: str
) -> None:
    """Retire a character, or let it be picked again; ConflictError when it is so already."""
    with office.journal.appending() as append:
        row = _present(append.session, code)
        if row.state == state.value:
            raise ConflictError("the character is in this state already")
        action = Action.RETIRED if state is GlyphState.RETIRED else Action.RESTORED
        row.state = state.value
        _make(
            office, append, staff, Change(action, store.read(row), row.note, reason[:LONGEST_NOTE])
        )


def set_keep_drawings(office: Office, staff: StaffMember, *, keep: bool) -> None:
    """Let the units keep confirmed drawings as prototypes, or have them thrown away."""
    _require_operator(staff)
    with office.journal.appending() as append:
        append.office(
            EntryKind.CHARACTER, staff.login, {"action": store.KEEP_DRAWINGS, "keep": keep}
        )
        append.session.merge(
            OfficeSetting(
                name=store.KEEP_DRAWINGS,
                value="on" if keep else "off",
                changed_by=staff.login,
                changed_us=append.time_us,
            )
        )


def _make(office: Office, append: Append, staff: StaffMember, change: Change) -> None:
    _require_operator(staff)
    session, glyph = append.session, change.glyph
    former = session.get(OfficeGlyph, glyph.code)
    revision = 1 if former is None else former.revision + 1
    session.merge(_row(change, revision, append.time_us))
    session.flush()
    index = append.office(EntryKind.CHARACTER, staff.login, _entry(change, revision))
    origin = change.origin
    session.add(
        OfficeGlyphChange(
            code=glyph.code,
            revision=revision,
            action=change.action.value,
            actor=staff.login,
            changed_us=append.time_us,
            log_index=index,
            outline=glyph.outline.data,
            reason=change.reason,
            file_name=origin.file_name if origin else None,
            file_sha256=origin.file_sha256 if origin else None,
            original=origin.original if origin else None,
        )
    )
    _refuse_too_much(session, office.settings.office.code)


def _row(change: Change, revision: int, now: int) -> OfficeGlyph:
    glyph = change.glyph
    return OfficeGlyph(
        code=glyph.code,
        state=glyph.state.value,
        revision=revision,
        outline=glyph.outline.data,
        strokes=glyph.strokes,
        readings=" ".join(glyph.readings),
        radical=glyph.radical,
        base=glyph.base,
        fallback=glyph.fallback,
        note=change.note[:LONGEST_NOTE],
        changed_us=now,
    )


def _entry(change: Change, revision: int) -> Mapping[str, object]:
    """What the log says: which character and which outline, never the office's note."""
    return {
        "action": change.action.value,
        "code": change.glyph.code,
        "revision": revision,
        "outline": hashlib.sha256(change.glyph.outline.data).digest(),
    }


def _refuse_too_much(session: Session, office: str) -> None:
    """The document as the units would get it is made now, so that publishing cannot fail."""
    try:
        glyphs.encode(store.document(session, office, 1))
    except OversizeError:
        raise GlyphRefusedError(Problem.SET_FULL) from None
    except IntakeError:
        raise GlyphRefusedError(Problem.DETAILS) from None


def _present(session: Session, code: str) -> OfficeGlyph:
    row = session.get(OfficeGlyph, code)
    if row is None:
        raise NotFoundError("there is no character with this code")
    return row


def _require_operator(staff: StaffMember) -> None:
    if not staff.has(Role.OPERATOR):
        raise RoleError("the office's characters are an operator's work")
