"""The post office of the tests of delivery."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.messages.delivery.engine import DeliveryEngine
from hub.storage.database import Database
from tests.hub.conftest import Desk
from tests.hub.messages.delivery.post import COURIER, DATABASE, PAPER, TRAITS, Obeying, Post
from tests.hub.messages.delivery.window import Window


@pytest.fixture
def channels() -> dict[str, Obeying]:
    return {name: Obeying(name, traits) for name, traits in TRAITS.items()}


@pytest.fixture
def box(channels: dict[str, Obeying]) -> Obeying:
    return channels["box"]


@pytest.fixture
def mail(channels: dict[str, Obeying]) -> Obeying:
    return channels["mail"]


@pytest.fixture
def texts(channels: dict[str, Obeying]) -> Obeying:
    return channels["texts"]


@pytest.fixture
def courier(channels: dict[str, Obeying]) -> Obeying:
    return channels["courier"]


@pytest.fixture
def paper(channels: dict[str, Obeying]) -> Obeying:
    return channels["paper"]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table; copied, because making one takes time."""
    path = tmp_path_factory.mktemp("delivery") / DATABASE
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture
def post(tmp_path: Path, empty_database: Path, channels: dict[str, Obeying]) -> Iterator[Post]:
    shutil.copy(empty_database, tmp_path / DATABASE)
    made = Post(tmp_path, *channels.values())
    yield made
    made.close()


@pytest.fixture
def window(desk: Desk) -> Iterator[Window]:
    courier, paper = Obeying("courier", COURIER), Obeying("paper", PAPER)
    office = desk.office
    engine = DeliveryEngine(
        office.database, [courier, paper], office.clock, folder=office.settings.state.folder
    )
    engine.begin()
    yield Window(desk, courier, paper, engine)
    engine.stop()
