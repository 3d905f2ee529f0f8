"""Undo and redo of strokes: in memory, in the picture, and on the disk that outlives a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.capture import Capture
from edge.drafts import DraftStore
from intake.ink import Ink
from tests.edge.capture.test_capture import KEY, ScriptedTablet, followed, stroke


@pytest.fixture
def capture(tmp_path: Path) -> Iterator[Capture]:
    capture = Capture(DraftStore(tmp_path, KEY), lambda: None)
    capture.open_drawing()
    yield capture
    capture.close_drawing()


def strokes(ink: Ink | None) -> int:
    return 0 if ink is None else len(ink.strokes())


async def test_a_stroke_taken_back_is_gone_from_the_disk_too(
    capture: Capture, tmp_path: Path
) -> None:
    await followed(capture, ScriptedTablet([*stroke(20), *stroke(20, 100)]))
    assert strokes(capture.ink()) == 2
    capture.undo_stroke()
    assert strokes(capture.ink()) == 1
    again = Capture(DraftStore(tmp_path, KEY), lambda: None)
    again.recover_drawing()
    assert strokes(again.ink()) == 1
    again.close_drawing()


async def test_what_was_taken_back_can_be_put_back_exactly(capture: Capture) -> None:
    await followed(capture, ScriptedTablet([*stroke(20), *stroke(20, 100)]))
    before = capture.ink()
    capture.undo_stroke()
    capture.undo_stroke()
    assert capture.ink() is None
    assert not capture.has_strokes
    capture.redo_stroke()
    capture.redo_stroke()
    assert capture.ink() == before
    assert not capture.can_redo


async def test_writing_on_ends_redo(capture: Capture) -> None:
    await followed(capture, ScriptedTablet([*stroke(20), *stroke(20, 100)]))
    capture.undo_stroke()
    assert capture.can_redo
    await followed(capture, ScriptedTablet(stroke(20, 1000)))
    assert not capture.can_redo
    capture.redo_stroke()
    assert strokes(capture.ink()) == 2


def test_nothing_to_take_back_is_no_fault(capture: Capture) -> None:
    capture.undo_stroke()
    capture.redo_stroke()
    assert capture.ink() is None
