"""Threads come and go; the children that wait for documents stay."""

import threading
from typing import NoReturn

import pytest

from hub.messages.sandbox.confinement import Confinement
from hub.messages.sandbox.pool import Pool
from tests.hub.messages.samples import NOTICES

pytestmark = pytest.mark.system


def test_a_child_outlives_the_thread_whose_document_it_followed() -> None:
    data = (NOTICES / "bat-01-mail-merge.pdf").read_bytes()
    with Pool(1) as pool:
        found: list[bytes | None] = []

        def cut_one() -> None:
            found.append(pool.cut(data, [[0]])[0])

        for _ in range(3):
            asked = threading.Thread(target=cut_one)
            asked.start()
            asked.join()
            picture = threading.Thread(target=pool.picture, args=(data, 0))
            picture.start()
            picture.join()
            assert found[-1] is not None
            assert pool.cut(data, [[1]])[0] is not None


def test_a_child_that_died_while_it_waited_is_replaced() -> None:
    data = (NOTICES / "lo-01-table.pdf").read_bytes()
    with Pool(1) as pool:
        waiting = pool._waiting.get()
        waiting.process.kill()
        waiting.process.wait()
        pool._waiting.put(waiting)
        assert pool.read(data).error is None


def test_a_pool_closes_while_others_still_wait_for_their_turn() -> None:
    data = (NOTICES / "lo-01-table.pdf").read_bytes()
    pool = Pool(1, kind=Confinement.LIMITS)  # where every child serves one document
    asked = [threading.Thread(target=pool.read, args=(data,), daemon=True) for _ in range(3)]
    closing = threading.Thread(target=pool.close, daemon=True)
    for thread in (*asked, closing):
        thread.start()
    for thread in (closing, *asked):
        thread.join(20)
        assert not thread.is_alive()


def test_a_child_that_cannot_be_started_leaves_its_place_to_a_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_line: object) -> NoReturn:
        raise BlockingIOError("no process can be started now")

    data = (NOTICES / "lo-01-table.pdf").read_bytes()
    with Pool(1, kind=Confinement.LIMITS) as pool:
        with monkeypatch.context() as patch:
            patch.setattr("hub.messages.sandbox.pool.start", refuse)
            for _ in range(2):
                with pytest.raises(BlockingIOError):
                    pool.read(data)
        assert pool.read(data).error is None
