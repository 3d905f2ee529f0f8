"""What the hub keeps is readable by the hub alone, also in a folder that others may enter."""

import os
from pathlib import Path

from hub.office import Office
from intake.event.keys import ReaderKey
from tests.hub.conftest import demo_settings


def test_database_and_keys_are_the_hubs_alone(tmp_path: Path):
    settings = demo_settings(tmp_path)
    settings.state.folder.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        office = Office.create(settings, ReaderKey.generate().public)
        with office.database.reading() as session:  # so that the journal beside it is there
            session.connection()
            files = [path for path in settings.state.folder.rglob("*") if path.is_file()]
            modes = {path.name: path.stat().st_mode & 0o777 for path in files}
        office.close()
    finally:
        os.umask(before)
    assert {"hub.sqlite3", "hub.sqlite3-wal", "ring.json"} <= modes.keys()
    assert {mode for name, mode in modes.items() if not name.endswith(".pub")} == {0o600}
