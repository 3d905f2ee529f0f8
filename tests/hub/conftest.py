"""An office in a temporary folder, with one enrolled unit."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hub.accounts.passwords import hash_password
from hub.accounts.staff import StaffMember
from hub.office import Office
from hub.settings import Folders, Settings, Trust
from hub.settings import Office as OfficeSettings
from hub.storage.tables import Account, AccountRole
from hub.writer.commit import Outcome, commit_batch
from hub.writer.examine import Incoming
from hub.writer.quarantine import QUARANTINE_BYTES
from intake.event.keys import PublicKey, ReaderKey
from intake.event.keyset import KeySet, read_keyset
from intake.office.environment import Environment
from intake.office.roster import Role
from tests.hub.browser import Browser, Pages
from tests.hub.counter_unit import OFFICE, CounterUnit, Town


@dataclass
class Desk:
    """An office, its authority and one unit."""

    office: Office
    town: Town
    unit: CounterUnit
    recovery: ReaderKey

    @property
    def keyset(self) -> KeySet:
        pem = (self.office.settings.state.folder / "keys" / "office_anchor.pub").read_bytes()
        return read_keyset(self.office.publications.key_set(), PublicKey.from_pem(pem))

    def take(
        self,
        *envelopes: bytes,
        device: str | None = None,
        quarantine_bytes: int = QUARANTINE_BYTES,
    ) -> tuple[Outcome, ...]:
        """Judge and commit one batch, as the writer does."""
        incoming = [
            Incoming(device or self.unit.device, data, self.office.clock()) for data in envelopes
        ]
        batch = [(item, self.office.examiner.examine(item)) for item in incoming]
        return commit_batch(self.office.journal, self.office.receipts, batch, quarantine_bytes)


def demo_settings(folder: Path) -> Settings:
    settings = Settings(
        office=OfficeSettings(OFFICE, "千代田区", Environment.DEMO),
        state=Folders(folder / "state"),
        trust=Trust(folder / "trust"),
    )
    return replace(settings, web=replace(settings.web, secure_cookies=False, port=0))


RECOVERY = ReaderKey.generate()


@pytest.fixture(scope="session")
def new_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of an office that was just made; copied, because making one takes time."""
    folder = tmp_path_factory.mktemp("office")
    Office.create(demo_settings(folder), RECOVERY.public).close()
    return folder / "state"


@pytest.fixture
def desk(tmp_path: Path, new_office: Path) -> Iterator[Desk]:
    town = Town(tmp_path / "trust")
    unit = town.enrol("unit-01")
    shutil.copytree(new_office, tmp_path / "state")
    office = Office.open(demo_settings(tmp_path))
    office.directory.refresh()
    yield Desk(office, town, unit, RECOVERY)
    office.close()


PASSWORD = "correct horse battery"


PASSWORD_HASH = hash_password(PASSWORD)
"""Made once: a password hash is slow on purpose. test_command_line makes an account in full."""


def staff(desk: Desk, login: str, *roles: Role) -> StaffMember:
    """Make an account whose staff id is its login."""
    name = f"職員{login}"
    with desk.office.database.writing() as session:
        session.add(
            Account(
                login=login,
                staff_id=login,
                name=name,
                password_hash=PASSWORD_HASH,
                created_us=desk.office.clock(),
            )
        )
        session.flush()
        session.add_all(AccountRole(login=login, role=role.value) for role in roles)
    return StaffMember(login, login, name, frozenset(roles))


@dataclass
class Opened:
    """The staff pages over an office."""

    desk: Desk
    pages: Pages

    def browser(self, login: str | None = None) -> Browser:
        browser = Browser(self.pages.port)
        if login is not None:
            assert browser.log_in(login, PASSWORD).status == 200
        return browser


@pytest.fixture
def opened(desk: Desk) -> Iterator[Opened]:
    pages = Pages(desk.office)
    yield Opened(desk, pages)
    pages.stop()
