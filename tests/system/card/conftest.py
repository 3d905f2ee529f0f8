"""Starts card benches for the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.card.running_bench import Bench


@pytest.fixture(scope="session")
def card_authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One demo authority for all benches, made by the first: its keys take seconds."""
    return tmp_path_factory.mktemp("card_authority")


@pytest.fixture
def bench(tmp_path: Path, card_authority: Path) -> Iterator[Bench]:
    running = Bench(tmp_path, card_authority)
    yield running
    running.close()
