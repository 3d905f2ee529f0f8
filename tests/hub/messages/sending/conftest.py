"""An office with a batch of twelve people that was read: eleven are ready or were made so."""

import hashlib
import json
import secrets
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hub.accounts.staff import StaffMember
from hub.messages.batches.reader import BatchReader
from hub.messages.batches.taking import Given, GivenFile, take
from hub.messages.channels.configuration import Letter
from hub.messages.sending.making import make_due
from hub.messages.sending.orders import Wanted, ask
from hub.office import Office
from hub.storage.tables import WebSession
from hub.web.security import SESSION_COOKIE
from intake.office.roster import Role
from tests.hub.browser import Browser, Pages
from tests.hub.conftest import RECOVERY, Desk, Opened, demo_settings, staff
from tests.hub.counter_unit import Town
from tests.hub.messages.samples import NOTICES, manifest

AUTHOR = StaffMember("author", "author", "作成者", frozenset({Role.AUTHOR}))


def people() -> bytes:
    messages = manifest()["bat-01-mail-merge"]["expect"]["messages"]
    rows = [
        {"atena_no": one["fields"]["atena_no"], "name": one["fields"]["name"]} for one in messages
    ]
    return json.dumps(rows).encode()


def given(office: Office) -> int:
    """The twelve people's document as a batch that was read."""
    document = (NOTICES / "bat-01-mail-merge.pdf").read_bytes()
    files = (GivenFile("batch.pdf", document),)
    number = take(office, AUTHOR, Given(files, GivenFile("list.json", people())))
    assert BatchReader(office).run_once()
    return number


@pytest.fixture(scope="session")
def read_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of an office whose batch 1 was read."""
    folder = tmp_path_factory.mktemp("sending")
    settings = demo_settings(folder)
    Town(folder / "trust")
    Office.create(settings, RECOVERY.public).close()
    office = Office.open(settings)
    given(office)
    office.close()
    return folder / "state"


@pytest.fixture(scope="session")
def sent_office(tmp_path_factory: pytest.TempPathFactory, read_office: Path) -> Path:
    """The same after a sender sent the batch and its messages were made."""
    folder = tmp_path_factory.mktemp("sent")
    with desk_at(folder, read_office) as found:
        ask(found.office, staff(found, "s1", Role.SENDER), 1, Wanted())
        make_due(found.office)
    return folder / "state"


@contextmanager
def desk_at(folder: Path, state: Path) -> Generator[Desk]:
    """A desk over a copy of a state folder."""
    town = Town(folder / "trust")
    unit = town.enrol("unit-01")
    shutil.copytree(state, folder / "state")
    office = Office.open(demo_settings(folder))
    office.directory.refresh()
    yield Desk(office, town, unit, RECOVERY)
    office.close()


@pytest.fixture
def desk(tmp_path: Path, read_office: Path) -> Iterator[Desk]:
    with desk_at(tmp_path, read_office) as found:
        staff(found, "author", Role.AUTHOR, Role.SENDER)
        yield found


@contextmanager
def served(desk: Desk) -> Generator[Opened]:
    """The pages, with four eyes above three people and a channel to be registered."""
    settings = desk.office.settings
    small = replace(settings, sending=replace(settings.sending, four_eyes_over=3))
    email = replace(small.channels.email, host="localhost")
    letters = desk.office.settings.state.folder.parent / "letters"
    letters.mkdir()
    channels = replace(small.channels, email=email, letter=Letter(letters))
    office = replace(desk.office, settings=replace(small, channels=channels))
    pages = Pages(office)
    yield Opened(replace(desk, office=office), pages)
    pages.stop()


@pytest.fixture
def unsent(desk: Desk) -> Iterator[Opened]:
    with served(desk) as found:
        yield found


@pytest.fixture
def opened(tmp_path: Path, sent_office: Path) -> Iterator[Opened]:
    with desk_at(tmp_path, sent_office) as desk, served(desk) as found:
        yield found


def logged_in(opened: Opened, login: str) -> Browser:
    """A browser with a session that was made without the slow password."""
    office, token = opened.desk.office, secrets.token_urlsafe(16)
    now = office.clock()
    with office.database.writing() as session:
        session.add(
            WebSession(
                token_sha256=hashlib.sha256(token.encode()).digest(),
                login=login,
                csrf_token="of this test",
                created_us=now,
                seen_us=now,
            )
        )
    found = Browser(opened.pages.port, {SESSION_COOKIE: token})
    found.csrf_token = "of this test"
    return found


@pytest.fixture
def sender(desk: Desk) -> StaffMember:
    return staff(desk, "sender", Role.SENDER)


@pytest.fixture
def second(desk: Desk) -> StaffMember:
    return staff(desk, "second", Role.SENDER)
