"""An office with a batch of twelve people that was read: eleven are ready or were made so."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.accounts.staff import StaffMember
from hub.messages.batches.reader import BatchReader
from hub.messages.batches.taking import Given, GivenFile, take
from hub.office import Office
from intake.office.roster import Role
from tests.hub.conftest import RECOVERY, Desk, demo_settings, staff
from tests.hub.counter_unit import Town
from tests.hub.messages.samples import NOTICES, manifest

AUTHOR = StaffMember("author", "author", "作成者", frozenset({Role.AUTHOR}))


def people() -> bytes:
    messages = manifest()["bat-01-mail-merge"]["expect"]["messages"]
    rows = [
        {"atena_no": one["fields"]["atena_no"], "name": one["fields"]["name"]} for one in messages
    ]
    return json.dumps(rows).encode()


@pytest.fixture(scope="session")
def read_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of an office whose batch 1 was read."""
    folder = tmp_path_factory.mktemp("sending")
    settings = demo_settings(folder)
    Town(folder / "trust")
    Office.create(settings, RECOVERY.public).close()
    office = Office.open(settings)
    document = (NOTICES / "bat-01-mail-merge.pdf").read_bytes()
    files = (GivenFile("batch.pdf", document),)
    take(office, AUTHOR, Given(files, GivenFile("list.json", people())))
    assert BatchReader(office).run_once()
    office.close()
    return folder / "state"


@pytest.fixture
def desk(tmp_path: Path, read_office: Path) -> Iterator[Desk]:
    town = Town(tmp_path / "trust")
    unit = town.enrol("unit-01")
    shutil.copytree(read_office, tmp_path / "state")
    office = Office.open(demo_settings(tmp_path))
    office.directory.refresh()
    found = Desk(office, town, unit, RECOVERY)
    staff(found, "author", Role.AUTHOR, Role.SENDER)
    yield found
    office.close()


@pytest.fixture
def sender(desk: Desk) -> StaffMember:
    return staff(desk, "sender", Role.SENDER)


@pytest.fixture
def second(desk: Desk) -> StaffMember:
    return staff(desk, "second", Role.SENDER)
