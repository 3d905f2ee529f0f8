"""An office's character is embedded on the unit and found by drawing it, at once and after all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.characters_of_office import OwnCharacters
from edge.characters_of_office.collection import VECTORS
from edge.characters_of_office.confirmed import FEWEST
from edge.drafts import DraftStore
from edge.session.recognition import Recognition
from edge.settings import Recogniser as RecogniserSettings
from intake.characters import Character
from intake.ink import Ink, PenSample, TabletDescription
from intake.ink import log as ink_log
from intake.ink.name_drawings import NameDrawing
from intake.ink.sample import AxisRange
from intake.office.glyphs import GlyphState, OfficeGlyphs
from intake.office.outline import GlyphOutline
from tests.intake.office.glyph_sets import OFFICE, bar, glyph, glyph_set

Strokes = tuple[tuple[tuple[int, int], ...], ...]
RUNGS = range(200, 2000, 280)
LADDER = (
    (300, 0, 100, 2000),
    (1600, 0, 100, 2000),
    *((300, y, 1400, 90) for y in RUNGS),
)
"""A shape that no MJ glyph has: two uprights and seven rungs."""
DRAWN: Strokes = (
    ((350, 20), (350, 1000), (350, 1980)),
    ((1650, 20), (1650, 1000), (1650, 1980)),
    *(((320, y + 45), (1000, y + 45), (1690, y + 45)) for y in RUNGS),
)
NAME = f"office:{OFFICE}/G0001"
LADDER_GLYPH = replace(
    glyph(),
    outline=GlyphOutline.of([command for box in LADDER for command in bar(*box)]),
    strokes=9,
)


def one_set(version: int = 1, *, keep: bool = False, retired: bool = False) -> OfficeGlyphs:
    state = GlyphState.RETIRED if retired else GlyphState.ACTIVE
    return glyph_set(replace(LADDER_GLYPH, state=state), version=version, keep=keep)


class Unit:
    """The parts of a unit that have to do with characters of the office."""

    def __init__(self, folder: Path) -> None:
        self.recognition = Recognition(RecogniserSettings())
        drafts = DraftStore(folder / "drafts", bytes(32))
        self.own = OwnCharacters(folder / "office", drafts, self.recognition)

    async def first(self) -> str:
        """The name of the first candidate for the ladder as a hand draws it."""
        recogniser = await self.recognition.recogniser()
        assert recogniser is not None
        found = recogniser.recognise([[list(point) for point in one] for one in DRAWN])
        return found.candidates[0].mj_name


@pytest.fixture
async def unit(tmp_path: Path) -> AsyncGenerator[Unit]:
    made = Unit(tmp_path)
    yield made
    made.own.close()


async def test_a_new_character_is_found_first_within_a_second(unit: Unit):
    assert await unit.first() != NAME  # the control: nobody has it yet
    begun = time.perf_counter()
    unit.own.hold(one_set())
    await unit.own.settled()
    assert time.perf_counter() - begun < 1
    assert await unit.first() == NAME


async def test_a_restart_finds_it_from_the_kept_vector(unit: Unit, tmp_path: Path):
    unit.own.hold(one_set())
    await unit.own.settled()
    assert (tmp_path / "office" / VECTORS).exists()
    again = Unit(tmp_path)
    assert again.own._vectors.get(LADDER_GLYPH.outline) is not None
    again.own.hold(one_set())
    await again.own.settled()
    assert await again.first() == NAME


async def test_a_retired_character_is_drawn_and_not_offered(unit: Unit):
    unit.own.hold(one_set())
    await unit.own.settled()
    unit.own.hold(one_set(version=2, retired=True))
    await unit.own.settled()
    assert await unit.first() != NAME
    character = LADDER_GLYPH.character(OFFICE)
    drawn = unit.own.outline(character)
    assert drawn is not None
    assert drawn.path == LADDER_GLYPH.outline.svg_path()


async def test_the_loop_turns_while_many_are_embedded(unit: Unit):
    await unit.recognition.recogniser()
    shapes = [
        replace(
            LADDER_GLYPH,
            code=f"G{n:04}",
            outline=GlyphOutline.of([*LADDER_GLYPH.outline.commands(), *bar(n, 0, 40, 2000)]),
        )
        for n in range(40)
    ]
    unit.own.hold(glyph_set(*shapes))
    longest, last = 0.0, time.perf_counter()
    work = asyncio.ensure_future(unit.own.settled())
    while not work.done():
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    assert longest < 0.25
    recogniser = await unit.recognition.recogniser()
    assert recogniser is not None
    assert len(recogniser._added.glyphs) == 40


async def test_names_among_candidates_lead_to_the_character(unit: Unit):
    unit.own.hold(one_set())
    found = unit.own.named(NAME)
    assert found == Character(f"office:{OFFICE}", "G0001", "十")
    assert found is not None
    assert found.text == "十"
    for other in ("MJ026191", f"office:{OFFICE}/G0002", "office:131024/G0001", ""):
        assert unit.own.named(other) is None
    assert unit.own.glyph(Character("office:131024", "G0001", "十")) is None


def drawing(picked: Character) -> NameDrawing:
    axis = AxisRange(0, 2047, 100)
    samples: list[PenSample] = []
    for stroke in DRAWN:
        for place, (x, y) in enumerate(stroke):
            at = 10_000 * len(samples)
            samples.append(PenSample(at, x, y, 900, contact=place < len(stroke) - 1))
    ink = Ink(TabletDescription("sim", "sim", axis, axis, axis), tuple(samples))
    return NameDrawing("p1", "name", 0, ink_log.encode(ink), (), picked)


async def test_drawings_are_kept_only_where_the_office_allows_it(unit: Unit):
    picked = Character.mj("MJ000001")
    unit.own.hold(one_set(keep=False))
    for _ in range(FEWEST):
        unit.own.filed((drawing(picked),))
    await unit.own.settled()
    assert unit.own.confirmed.all() == ()
    unit.own.hold(one_set(version=2, keep=True))
    for _ in range(FEWEST):
        unit.own.filed((drawing(picked), drawing(picked)))  # one family, one drawing counts
        await unit.own.settled()
    (kept,) = unit.own.confirmed.all()
    assert (kept.name, kept.filings) == ("MJ000001", FEWEST)
    recogniser = await unit.recognition.recogniser()
    assert recogniser is not None
    assert len(recogniser._added.prototype_rows) == 1
    assert await unit.first() == NAME or await unit.first() == "MJ000001"
    unit.own.hold(one_set(version=3, keep=False))
    await unit.own.settled()
    assert unit.own.confirmed.all() == ()
    assert len(recogniser._added.prototype_rows) == 0


async def test_what_nobody_identified_is_never_kept(unit: Unit):
    unit.own.hold(one_set(keep=True))
    for _ in range(FEWEST):
        unit.own.filed((drawing(Character.unresolved("name_ink/0")), drawing(Character.ucs("あ"))))
        await unit.own.settled()
    assert unit.own.confirmed.all() == ()


async def test_a_drawing_of_a_retired_character_does_no_harm(unit: Unit):
    unit.own.hold(one_set(keep=True))
    for _ in range(FEWEST):
        unit.own.filed((drawing(LADDER_GLYPH.character(OFFICE)),))
        await unit.own.settled()
    recogniser = await unit.recognition.recogniser()
    assert recogniser is not None
    assert len(recogniser._added.prototype_rows) == 1
    unit.own.hold(one_set(version=2, keep=True, retired=True))
    await unit.own.settled()
    assert len(recogniser._added.prototype_rows) == 0
    unit.own.forget(NAME)
    assert unit.own.confirmed.all() == ()
