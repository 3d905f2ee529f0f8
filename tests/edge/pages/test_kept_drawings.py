"""The clerk sees what is kept of confirmed drawings, and removes one or all of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from edge.characters_of_office.confirmed import FEWEST
from intake.office.glyphs import OfficeGlyphs
from tests.edge.a_unit import RunningUnit, make_office, running, settings_for
from tests.edge.session.steps import refused
from tests.intake.office.glyph_sets import glyph_set


def allow(unit: RunningUnit, *, keep: bool, version: int) -> None:
    document: OfficeGlyphs = glyph_set(version=version, keep=keep)
    unit.process.counter.own_characters.hold(document)


def keep_some(unit: RunningUnit, *names: str, filings: int = FEWEST) -> None:
    vector = np.full(128, 128**-0.5, np.float32)
    for _ in range(filings):
        unit.process.counter.own_characters.confirmed.add(dict.fromkeys(names, (vector, 5)))


async def test_kept_characters_are_shown_and_removed(tmp_path: Path):
    async with running(settings_for(tmp_path), make_office(tmp_path)) as unit:
        allow(unit, keep=True, version=1)
        keep_some(unit, "MJ026191", "MJ000001", "office:131016/G0001")
        keep_some(unit, "MJ000002", filings=FEWEST - 1)
        assert "kept_drawings" not in await unit.clerk.view()
        assert await refused(unit, "clerk", "forget_drawings") == "not_logged_in"
        await unit.log_in()
        shown = (await unit.clerk.view())["kept_drawings"]
        assert (shown["allowed"], shown["fewest"]) == (True, FEWEST)
        assert [(one["mj_name"], one["filings"]) for one in shown["kept"]] == [
            ("MJ000001", FEWEST),
            ("MJ026191", FEWEST),
            ("office:131016/G0001", FEWEST),
        ]
        async with unit.clerk.session.get(f"{unit.clerk.base}/") as answer:
            page = await answer.text()
        assert "kept-MJ026191" in page
        assert "MJ000002" not in page
        assert await refused(unit, "clerk", "forget_drawing", mj_name="MJ000002") == "bad_value"
        await unit.clerk.do("forget_drawing", mj_name="MJ026191")
        view = await unit.clerk.do("forget_drawings")
        assert view["view"]["kept_drawings"]["kept"] == []
        assert unit.process.counter.own_characters.confirmed.all() == ()
        assert await refused(unit, "resident", "forget_drawings") == "unknown_action"


async def test_what_the_office_stops_is_gone_from_page_and_disk(tmp_path: Path):
    async with running(settings_for(tmp_path), make_office(tmp_path)) as unit:
        await unit.log_in()
        allow(unit, keep=True, version=1)
        keep_some(unit, "MJ026191")
        allow(unit, keep=False, version=2)
        shown = (await unit.clerk.view())["kept_drawings"]
        assert (shown["allowed"], shown["kept"]) == (False, [])
        async with unit.clerk.session.get(f"{unit.clerk.base}/") as answer:
            assert 'id="kept-drawings"' not in await answer.text()
        assert not list((tmp_path / "state").rglob("confirmed*"))
