"""A running unit of an office, its clerk logged in."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.edge.a_unit import RunningUnit, make_office, running, settings_for


@pytest.fixture
async def unit(tmp_path: Path) -> AsyncGenerator[RunningUnit]:
    async with running(settings_for(tmp_path), make_office(tmp_path)) as found:
        await found.log_in()
        yield found
