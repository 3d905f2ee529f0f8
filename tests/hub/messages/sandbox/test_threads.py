"""Threads come and go; the children that wait for documents stay."""

import threading

import pytest

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
