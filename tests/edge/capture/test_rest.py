"""The capture says when the pen rests, so that candidates are looked for then and only then."""

from pathlib import Path

from intake.ink import PenSample
from tests.edge.capture.test_capture import ScriptedTablet, followed, make, stroke

HOVER = PenSample(900, 3, 3, 0)


async def test_rest_is_told_once_for_each_stroke_and_never_within_one(tmp_path: Path) -> None:
    capture = make(tmp_path)
    capture.open_drawing()
    seen: list[int] = []
    capture.on_rest = lambda: seen.append(len(capture._samples))
    await followed(capture, ScriptedTablet([HOVER, *stroke(20)[:-1]]))
    assert seen == []
    await followed(capture, ScriptedTablet([stroke(20)[-1], HOVER, HOVER]))
    assert len(seen) == 1
    await followed(capture, ScriptedTablet(stroke(20, 1000)))
    assert len(seen) == 2
    capture.close_drawing()


async def test_strokes_taken_away_and_put_back_are_told_too(tmp_path: Path) -> None:
    capture = make(tmp_path)
    capture.open_drawing()
    await followed(capture, ScriptedTablet([*stroke(5), *stroke(5, 100)]))
    seen: list[int] = []
    capture.on_rest = lambda: seen.append(
        0 if (ink := capture.ink()) is None else len(ink.strokes())
    )
    capture.undo_stroke()
    capture.undo_stroke()
    capture.redo_stroke()
    assert seen == [1, 0, 1]
    capture.close_drawing()


async def test_a_drawing_is_opened_again_and_its_strokes_can_be_taken_back(tmp_path: Path) -> None:
    capture = make(tmp_path)
    capture.open_drawing()
    await followed(capture, ScriptedTablet([*stroke(5), *stroke(5, 100)]))
    ink = capture.close_drawing()
    assert ink is not None
    capture.reopen_drawing(ink)
    assert capture.ink() == ink
    capture.undo_stroke()
    again = capture.ink()
    assert again is not None
    assert len(again.strokes()) == 1
    capture.reopen_drawing(None)
    assert capture.ink() is None
    await followed(capture, ScriptedTablet(stroke(5)))
    assert capture.ink() is not None
    capture.close_drawing()
