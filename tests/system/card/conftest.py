"""Starts card benches for the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.card.running_bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    running = Bench(tmp_path)
    yield running
    running.close()
