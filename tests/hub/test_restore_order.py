"""A power cut in the middle of a restore never leaves a hub that goes on in the old epoch."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from hub.backup.content import back_up, restore
from tests.hub.conftest import Desk, demo_settings
from tests.hub.test_keys_and_backup import PASSPHRASE


def test_the_new_epoch_has_begun_before_there_is_a_hub(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "backup.bin"
    back_up(desk.office, target, PASSPHRASE, "test")
    elsewhere = replace(demo_settings(tmp_path / "new"), trust=desk.office.settings.trust)
    state = elsewhere.state.folder
    found: list[tuple[int, bool]] = []
    rename = Path.rename

    def watched(source: Path, place: Path) -> Path:
        moved = rename(source, place)
        if place == state / "hub.sqlite3":
            with closing(sqlite3.connect(place)) as database, database:
                (epochs,) = database.execute("SELECT max(epoch) FROM checkpoint").fetchone()
            database.close()
            found.append((epochs, (state / "keys" / "ring.json").exists()))
        return moved

    monkeypatch.setattr(Path, "rename", watched)
    assert restore(elsewhere, target, PASSPHRASE, "test") == 2
    assert found == [(2, True)]
    assert (state / "hub.sqlite3").stat().st_mode & 0o077 == 0
