"""Characters are added, replaced and retired by operators, logged, and published at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.accounts.staff import StaffMember
from hub.characters import changes, store
from hub.characters.changes import Origin
from hub.characters.errors import GlyphRefusedError, Problem
from hub.errors import ConflictError, NotFoundError, RoleError
from hub.log.entry import EntryKind, decode
from hub.register.drawing import draw_name
from hub.storage.tables import LogEntry
from intake.characters import Character, NameText
from intake.event.downward import Audience, DownwardKind, open_downward
from intake.office import glyphs
from intake.office.glyphs import GlyphState, OfficeGlyphs
from intake.office.outline import GlyphOutline
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.counter_unit import OFFICE
from tests.intake.office.glyph_sets import bar, glyph

ORIGIN = Origin("eudc.tte", b"f" * 32)
OTHER = GlyphOutline.of(bar(100, 100, 500, 900))


@pytest.fixture
def operator(desk: Desk) -> StaffMember:
    return staff(desk, "op", Role.OPERATOR)


def published(desk: Desk) -> OfficeGlyphs:
    """The set as a unit of the office gets it."""
    audience = Audience(OFFICE, desk.office.settings.office.environment, desk.unit.device)
    message = open_downward(
        desk.office.publications.glyphs(),
        DownwardKind.GLYPHS,
        desk.keyset,
        audience,
        now_us=desk.office.clock(),
    )
    document = glyphs.decode(message.body)
    assert document.version == message.version
    return document


def logged(desk: Desk) -> list[tuple[str, object]]:
    with desk.office.database.reading() as session:
        rows = session.query(LogEntry).filter(LogEntry.kind == EntryKind.CHARACTER.value).all()
        return [(row.actor, decode(row.payload or b"").body["action"]) for row in rows]


def test_an_office_without_characters_publishes_that(desk: Desk):
    first = published(desk)
    assert (first.glyphs, first.keep_drawings) == ((), False)
    assert desk.office.publications.glyphs() == desk.office.publications.glyphs()


def test_every_change_is_a_newer_set_and_an_entry_of_the_log(desk: Desk, operator: StaffMember):
    office = desk.office
    versions = [published(desk).version]

    def now() -> glyphs.OfficeGlyph:
        found = published(desk)
        versions.append(found.version)
        (one,) = found.glyphs
        return one

    changes.add(office, operator, glyph(), "戸籍の届書から", ORIGIN)
    assert now() == glyph()
    changes.replace(office, operator, replace(glyph(), outline=OTHER), "字形を直した", ORIGIN)
    assert now().outline == OTHER
    changes.correct(
        office, operator, replace(glyph(), outline=OTHER, readings=("つじ", "じゅう")), ""
    )
    assert now().readings == ("つじ", "じゅう")
    changes.set_state(office, operator, "G0001", GlyphState.RETIRED, "二重登録")
    assert now().state is GlyphState.RETIRED
    changes.set_state(office, operator, "G0001", GlyphState.ACTIVE, "")
    assert now().state is GlyphState.ACTIVE
    changes.set_keep_drawings(office, operator, keep=True)
    assert published(desk).keep_drawings
    assert versions == sorted(set(versions))
    actions = ["added", "replaced", "corrected", "retired", "restored", "keep_drawings"]
    assert logged(desk) == [("op", action) for action in actions]
    with office.database.reading() as session:
        past = store.history(session, "G0001")
    assert [one.action for one in past] == actions[4::-1]
    assert (past[-1].outline, past[-1].file_name) == (glyph().outline, "eudc.tte")
    assert past[1].reason == "二重登録"


def test_the_note_stays_in_the_office(desk: Desk, operator: StaffMember):
    changes.add(desk.office, operator, glyph(), "山田様の戸籍", ORIGIN)
    assert "山田".encode() not in desk.office.publications.glyphs()
    with desk.office.database.reading() as session:
        payloads = [row.payload or b"" for row in session.query(LogEntry).all()]
    assert not any("山田".encode() in payload for payload in payloads)


def test_what_is_refused_changes_nothing(desk: Desk, operator: StaffMember):
    office = desk.office
    clerk = staff(desk, "s001", Role.CLERK, Role.REVIEWER)
    changes.add(office, operator, glyph(), "", ORIGIN)
    before = published(desk)
    with pytest.raises(GlyphRefusedError) as taken:
        changes.add(office, operator, replace(glyph(), outline=OTHER), "", ORIGIN)
    assert taken.value.problem is Problem.CODE_TAKEN
    for refused in (
        lambda: changes.add(office, clerk, glyph("G0002"), "", ORIGIN),
        lambda: changes.set_state(office, clerk, "G0001", GlyphState.RETIRED, ""),
        lambda: changes.set_keep_drawings(office, clerk, keep=True),
    ):
        with pytest.raises(RoleError):
            refused()
    with pytest.raises(NotFoundError):
        changes.replace(office, operator, glyph("G0009"), "", ORIGIN)
    with pytest.raises(ConflictError):
        changes.set_state(office, operator, "G0001", GlyphState.ACTIVE, "")
    with pytest.raises(GlyphRefusedError) as details:
        changes.correct(office, operator, replace(glyph(), strokes=0), "")
    assert details.value.problem is Problem.DETAILS
    assert published(desk) == before


def test_a_set_that_is_full_says_so_and_stays_as_it_was(
    desk: Desk, operator: StaffMember, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(glyphs, "MAX_GLYPHS", 2)
    for code in ("G0001", "G0002"):
        changes.add(desk.office, operator, glyph(code), "", ORIGIN)
    with pytest.raises(GlyphRefusedError) as full:
        changes.add(desk.office, operator, glyph("G0003"), "", ORIGIN)
    assert full.value.problem is Problem.SET_FULL
    assert [one.code for one in published(desk).glyphs] == ["G0001", "G0002"]


def test_the_list_is_searched_in_code_reading_base_and_note(desk: Desk, operator: StaffMember):
    changes.add(desk.office, operator, glyph(), "旧システム外字 123", ORIGIN)
    changes.add(
        desk.office, operator, replace(glyph("E001"), readings=("さい",), base="斉"), "", ORIGIN
    )
    with desk.office.database.reading() as session:
        for words, codes in (
            ("", ["E001", "G0001"]),
            ("e00", ["E001"]),
            ("つじ 123", ["G0001"]),
            ("斉", ["E001"]),
            ("ない", []),
        ):
            assert [view.glyph.code for view in store.every(session, words)] == codes
        with pytest.raises(NotFoundError):
            store.one(session, "G0009")


def test_the_office_draws_its_own_characters_also_when_retired(desk: Desk, operator: StaffMember):
    changes.add(desk.office, operator, glyph(), "", ORIGIN)
    changes.set_state(desk.office, operator, "G0001", GlyphState.RETIRED, "")
    own = store.own_outlines(desk.office.database, OFFICE)
    name = NameText.of([Character.ucs("山"), glyph().character(OFFICE)])
    assert glyph().outline.svg_path() in draw_name(name, 20, own)
    assert glyph().outline.svg_path() not in draw_name(name, 20)
    assert own(Character("office:131024", "G0001", "十")) is None
    assert own(Character(f"office:{OFFICE}", "G0002", "十")) is None
