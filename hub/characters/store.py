"""What the office's own characters are today: for the list, for drawing, for the units."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.clock import iso
from hub.errors import NotFoundError
from hub.storage.database import Database
from hub.storage.tables import OfficeGlyph, OfficeGlyphChange, OfficeSetting
from intake.characters import Character
from intake.characters.glyphs import Outline, OwnOutlines
from intake.characters.name_text import OFFICE_PREFIX
from intake.office import glyphs
from intake.office.glyphs import GlyphState, OfficeGlyphs
from intake.office.outline import EM, GlyphOutline

KEEP_DRAWINGS: Final = "keep_drawings"
_ON: Final = "on"


@dataclass(frozen=True)
class GlyphView:
    """One character for a page; `note` is the office's and never leaves it."""

    glyph: glyphs.OfficeGlyph
    revision: int
    note: str
    changed_at: str

    @property
    def retired(self) -> bool:
        """Whether it is only drawn any more."""
        return self.glyph.state is GlyphState.RETIRED


@dataclass(frozen=True)
class ChangeView:
    """One change of a character, and how it was drawn from then on."""

    revision: int
    action: str
    actor: str
    at: str
    log_index: int
    reason: str
    file_name: str
    outline: GlyphOutline
    original: bytes | None


def every(session: Session, words: str = "") -> tuple[GlyphView, ...]:
    """All characters by code; with `words` those that have each in code, reading, base or note."""
    rows = session.scalars(select(OfficeGlyph).order_by(OfficeGlyph.code))
    asked = words.split()
    return tuple(_view(row) for row in rows if all(_has(row, word) for word in asked))


def one(session: Session, code: str) -> GlyphView:
    """The character with this code; NotFoundError when there is none."""
    row = session.get(OfficeGlyph, code)
    if row is None:
        raise NotFoundError("there is no character with this code")
    return _view(row)


def history(session: Session, code: str) -> tuple[ChangeView, ...]:
    """Every change of a character, the newest first."""
    rows = session.scalars(
        select(OfficeGlyphChange)
        .where(OfficeGlyphChange.code == code)
        .order_by(OfficeGlyphChange.revision.desc())
    )
    return tuple(
        ChangeView(
            revision=row.revision,
            action=row.action,
            actor=row.actor,
            at=iso(row.changed_us),
            log_index=row.log_index,
            reason=row.reason,
            file_name=row.file_name or "",
            outline=GlyphOutline(row.outline),
            original=row.original,
        )
        for row in rows
    )


def document(session: Session, office: str, version: int) -> OfficeGlyphs:
    """Everything as the units are told it."""
    found = tuple(view.glyph for view in every(session))
    return OfficeGlyphs(office, version, keeps_drawings(session), glyphs.in_order(found))


def fingerprint(session: Session) -> list[object]:
    """What changes exactly when `document` does, without reading a single outline."""
    count, revisions, newest = session.execute(
        select(
            func.count(OfficeGlyph.code),
            func.coalesce(func.sum(OfficeGlyph.revision), 0),
            func.coalesce(func.max(OfficeGlyph.changed_us), 0),
        )
    ).one()
    return [count, int(revisions), newest, keeps_drawings(session)]


def keeps_drawings(session: Session) -> bool:
    """Whether the office lets its units keep confirmed drawings as prototypes."""
    row = session.get(OfficeSetting, KEEP_DRAWINGS)
    return row is not None and row.value == _ON


def own_outlines(database: Database, office: str) -> OwnOutlines:
    """Draws this office's characters, retired ones too; None for those of another office."""

    def outline(character: Character) -> Outline | None:
        if character.repertoire != OFFICE_PREFIX + office:
            return None
        with database.reading() as session:
            data = session.scalar(
                select(OfficeGlyph.outline).where(OfficeGlyph.code == character.id)
            )
        return None if data is None else Outline(GlyphOutline(data).svg_path(), EM, EM)

    return outline


def read(row: OfficeGlyph) -> glyphs.OfficeGlyph:
    """The row as the document has it."""
    return glyphs.OfficeGlyph(
        code=row.code,
        state=GlyphState(row.state),
        outline=GlyphOutline(row.outline),
        strokes=row.strokes,
        readings=tuple(row.readings.split()),
        radical=row.radical,
        base=row.base,
        fallback=row.fallback,
    )


def _view(row: OfficeGlyph) -> GlyphView:
    return GlyphView(read(row), row.revision, row.note, iso(row.changed_us))


def _has(row: OfficeGlyph, word: str) -> bool:
    cells = (row.code, row.readings, row.base or "", row.fallback or "", row.note)
    return any(word.casefold() in cell.casefold() for cell in cells)
