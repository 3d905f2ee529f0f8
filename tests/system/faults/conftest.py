"""An office in real processes for every test of this folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.system.faults.office import RealOffice


@pytest.fixture
def office(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[RealOffice]:
    found = RealOffice(tmp_path, free_port())
    yield found
    found.close()


@pytest.fixture(autouse=True)
def a_broker_is_here() -> None:
    assert shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin"), (
        "mosquitto is missing: run `./setup test`"
    )
