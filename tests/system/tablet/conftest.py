"""Starts benches for the tests and sees that nothing of them is left."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.system.tablet.running_bench import READER, Bench


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    """Start benches; at the end nothing of them may be left."""
    started: list[Bench] = []
    with tempfile.TemporaryDirectory() as folder:

        def start(
            *arguments: str, command: list[str] | None = None, options: tuple[str, ...] = ()
        ) -> Bench:
            place = Path(folder) / str(len(started))
            place.mkdir()
            words = command or [sys.executable, str(READER), *(arguments or ("evdev:",))]
            started.append(Bench(place, words, list(options)))
            return started[-1]

        yield start
        for one in started:
            one.end()
            assert not one.socket.exists()
            assert list(one.temporary.iterdir()) == []
