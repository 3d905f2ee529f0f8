"""An office in a temporary folder, with one enrolled unit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hub.office import Office
from hub.settings import Folders, Settings, Trust
from hub.settings import Office as OfficeSettings
from hub.writer.commit import Outcome, commit_batch
from hub.writer.examine import Incoming
from intake.event.keys import PublicKey, ReaderKey
from intake.event.keyset import KeySet, read_keyset
from intake.office.environment import Environment
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

    def take(self, *envelopes: bytes, device: str | None = None) -> tuple[Outcome, ...]:
        """Judge and commit one batch, as the writer does."""
        incoming = [
            Incoming(device or self.unit.device, data, self.office.clock()) for data in envelopes
        ]
        batch = [(item, self.office.examiner.examine(item)) for item in incoming]
        return commit_batch(self.office.journal, self.office.receipts, batch)


def demo_settings(folder: Path) -> Settings:
    settings = Settings(
        office=OfficeSettings(OFFICE, "千代田区", Environment.DEMO),
        state=Folders(folder / "state"),
        trust=Trust(folder / "trust"),
    )
    return replace(settings, web=replace(settings.web, secure_cookies=False, port=0))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    town = Town(tmp_path / "trust")
    unit = town.enrol("unit-01")
    recovery = ReaderKey.generate()
    office = Office.create(demo_settings(tmp_path), recovery.public)
    office.directory.refresh()
    yield Desk(office, town, unit, recovery)
    office.close()
