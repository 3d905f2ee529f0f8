"""The pen path: every report into the log, over a lost tablet and a killed process."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.errors import DeviceLostError
from edge.capture import Capture
from edge.capture import capture as module
from edge.drafts import DraftStore
from intake.ink import AxisRange, PenSample, TabletDescription

TABLET = TabletDescription("t", "t", AxisRange(0, 1000), AxisRange(0, 1000), AxisRange(0, 100))
KEY = bytes(32)


class ScriptedTablet:
    """A tablet that gives prepared reports, then goes away or stays silent."""

    description = TABLET

    def __init__(self, samples: list[PenSample], *, lost: bool = False) -> None:
        self._samples = samples
        self._lost = lost

    async def reports(self) -> AsyncIterator[PenSample]:
        for sample in self._samples:
            yield sample
        if self._lost:
            raise DeviceLostError("unplugged")
        await asyncio.Event().wait()

    def close(self) -> None:
        """Nothing to let go of."""


def stroke(count: int, start: int = 0) -> list[PenSample]:
    written = [PenSample(start + n, n % 1000, 5, 50, contact=True) for n in range(count)]
    return [*written, PenSample(start + count, 7, 5, 0)]


async def followed(capture: Capture, *tablets: ScriptedTablet) -> None:
    """Let the capture read the tablets in turn, until nothing more comes."""
    waiting = list(tablets)

    async def next_pen() -> ScriptedTablet:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    tasks = [asyncio.create_task(capture.follow(next_pen)), asyncio.create_task(capture.keep())]
    for _ in range(50):
        await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def make(folder: Path) -> Capture:
    return Capture(DraftStore(folder, KEY), lambda: None)


async def test_every_report_of_a_drawing_is_kept_and_none_outside_it(tmp_path: Path) -> None:
    capture = make(tmp_path)
    await followed(capture, ScriptedTablet(stroke(20)))
    assert capture.ink() is None
    capture.open_drawing()
    hover = PenSample(0, 1, 1, 0)
    samples = [*stroke(300), *stroke(5, 400)]
    await followed(capture, ScriptedTablet([hover, *samples]))
    ink = capture.close_drawing()
    assert ink is not None
    assert ink.samples == tuple(samples), "hovering before the first touch is no part of it"
    assert capture.ink() is None


async def test_a_killed_process_loses_at_most_what_was_not_yet_written(tmp_path: Path) -> None:
    capture = make(tmp_path)
    capture.open_drawing()
    samples = stroke(300)
    await followed(capture, ScriptedTablet(samples))
    capture.close()
    successor = make(tmp_path)
    successor.recover_drawing()
    ink = successor.ink()
    assert ink is not None
    assert ink.samples == tuple(samples)
    more = stroke(3, 1000)
    await followed(successor, ScriptedTablet(more))
    ink = successor.close_drawing()
    assert ink is not None
    assert ink.samples[len(samples)].dropped_before, "the log says that something may be missing"
    assert names(tmp_path) == []


async def test_a_tablet_that_goes_away_keeps_what_it_wrote(tmp_path: Path) -> None:
    capture = make(tmp_path)
    capture.open_drawing()
    await followed(capture, ScriptedTablet(stroke(10), lost=True), ScriptedTablet(stroke(10, 500)))
    ink = capture.ink()
    assert ink is not None
    assert len(ink.strokes()) == 2
    capture.close()


async def test_the_status_says_why_no_pen_writes(tmp_path: Path) -> None:
    told: list[int] = []
    capture = Capture(DraftStore(tmp_path, KEY), lambda: told.append(1))
    assert capture.status.code == "device_missing"
    await followed(capture, ScriptedTablet([], lost=True))
    assert capture.status.code == "device_lost"
    assert capture.status.tablet is None
    assert told


async def test_a_drawing_that_becomes_too_long_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_SAMPLES", 50)
    capture = make(tmp_path)
    capture.open_drawing()
    await followed(capture, ScriptedTablet(stroke(200)))
    assert capture.full
    capture.open_drawing()
    assert not capture.full


async def test_a_ring_that_overflows_is_marked_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RING_SAMPLES", 20)
    capture = make(tmp_path)
    capture.open_drawing()
    for sample in stroke(50):
        capture._take(TABLET, sample)
    ink = capture.ink()
    assert ink is not None
    assert len(ink.samples) == 20
    assert ink.samples[0].dropped_before
    capture.close()


async def test_ink_is_noise_on_the_disk(tmp_path: Path) -> None:
    capture = make(tmp_path)
    capture.open_drawing()
    await followed(capture, ScriptedTablet(stroke(200)))
    capture.close()
    assert names(tmp_path) == ["ink.log"]
    assert b"\x89INK" not in (tmp_path / "ink.log").read_bytes()
    assert (tmp_path / "ink.log").stat().st_mode & 0o077 == 0
