"""A hub in a process of its own, and a token for a core system."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.accounts import systems
from hub.accounts.systems import Scope
from hub.office import Office
from hub.settings import load
from intake.event.keys import ReaderKey
from tests.hub.counter_unit import Town
from tests.system.hub.conftest import HubProcess, free_port


@dataclass(frozen=True)
class Api:
    """Where the API is, and a token that may do everything."""

    url: str
    token: str
    folder: Path


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    tmp_path = tmp_path_factory.mktemp("api")
    Town(tmp_path / "trust").broker_and_hub()
    hub = HubProcess(tmp_path, free_port())
    hub.write_config()
    with hub.config.open("a") as config:
        config.write("[api]\nrequests_per_minute = 100000\n")
    office = Office.create(load(hub.config), ReaderKey.generate().public)
    token = systems.add(office.journal, "tax", tuple(Scope), None, "test")
    office.close()
    ready = hub.start()
    try:
        yield Api(f"{ready['web']}/api/v1", token, tmp_path)
    finally:
        hub.stop()
