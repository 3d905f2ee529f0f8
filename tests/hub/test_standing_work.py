"""Standing work goes on after every kind of trouble, and ends when it is told to."""

import queue
import threading

import pytest

from hub.errors import StorageError
from hub.standing_work import StandingWork


def test_it_goes_on_after_trouble_of_both_kinds(caplog: pytest.LogCaptureFixture):
    pieces: queue.SimpleQueue[object] = queue.SimpleQueue()
    for piece in (1, StorageError("山田"), ValueError("broken"), 1, 0):
        pieces.put(piece)
    done = threading.Event()

    def work() -> object:
        if pieces.empty():
            done.set()
            return 0
        piece = pieces.get()
        if isinstance(piece, Exception):
            raise piece
        return piece

    standing = StandingWork("pieces", work, after_trouble_s=0.01, tick_s=0.01)
    standing.start()
    assert done.wait(10)
    standing.stop()
    assert "pieces waits: StorageError" in caplog.text
    assert "山田" not in caplog.text
    assert "ValueError" in caplog.text


def test_it_ends_in_the_middle_of_a_pause():
    began = threading.Event()

    def trouble() -> object:
        began.set()
        raise StorageError("full")

    standing = StandingWork("trouble", trouble, after_trouble_s=600.0)
    standing.start()
    assert began.wait(10)
    standing.stop()
    assert not any(thread.name == "trouble" for thread in threading.enumerate())


def test_what_was_never_started_is_stopped_too():
    StandingWork("nothing", lambda: 0, after_trouble_s=1.0).stop()
