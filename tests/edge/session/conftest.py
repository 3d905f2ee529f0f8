"""A running unit of an office, its clerk logged in."""

import datetime as dt
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from drivers.card_reader.simulated_card import demo_pki
from tests.edge.a_unit import RunningUnit, make_office, running, settings_for


@pytest.fixture
async def unit(tmp_path: Path) -> AsyncGenerator[RunningUnit]:
    async with running(settings_for(tmp_path), make_office(tmp_path)) as found:
        await found.log_in()
        yield found


@pytest.fixture(scope="session")
def demo_cards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one authority of virtual cards; its keys take seconds."""
    folder = tmp_path_factory.mktemp("cards")
    demo_pki.open_pki(folder, dt.datetime.now(dt.UTC))
    return folder
