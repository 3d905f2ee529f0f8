"""Power cuts, replayed from what SQLite asked of the disk: nothing that was promised is gone.

The outbox promises when `file` returns (the number may be shown), the hub's log when a batch is
committed (its receipts may be sent). The controls relax `synchronous` and must lose.
"""

import ctypes
import hashlib
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import event

from edge.errors import EdgeError
from edge.outbox import Outbox, RowState
from hub.log.verify import verify_log
from hub.office import Office
from tests.edge.outbox.filing import KID, compose
from tests.hub.conftest import RECOVERY, Desk, demo_settings
from tests.hub.counter_unit import Town, move_in
from tests.system.faults.disk_recorder import Recorder, recording, system_library

pytestmark = pytest.mark.system
SECONDS_IMAGES, SOAK_IMAGES = 400, 40_000
BATCHES, EACH = 8, 3
DAY = "2026-11-23"


@pytest.fixture
def library() -> ctypes.CDLL:
    found = system_library()
    if found is None:
        pytest.skip("this Python brings its own SQLite, which cannot be watched")
    return found


@pytest.fixture
def images() -> Iterator[Path]:
    """A folder in memory: what lies there has had its power cut already."""
    memory = Path("/dev/shm")  # noqa: S108 - the kernel's own tmpfs, if it is there
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def file_and_close(library: ctypes.CDLL, folder: Path, synchronous: str = "FULL") -> Recorder:
    """A unit's outbox from its first moment: forty rows filed, half closed, some dropped."""
    with recording(library, folder) as recorder:
        outbox = Outbox(folder)
        outbox._db.execute(f"PRAGMA synchronous = {synchronous}")
        for number in range(40):
            row = outbox.file(KID, DAY, number, lambda place: compose(place, 3000))
            recorder.promise(row.identity)
            if number % 2:
                outbox.close(row.identity, RowState.JOURNALLED, b"r" * 700, number, None)
            if number == 30:
                outbox.forget(before_us=10)
        outbox.close_files()
    assert len(recorder.steps) > 200
    return recorder


def outbox_after(image: Path) -> set[object]:
    """What the unit finds when it starts again; raises when the file is not whole."""
    outbox = Outbox(image)
    try:
        assert outbox.check() == "ok"
        rows = outbox.rows(limit=1000)
        for row in rows:
            data = outbox.envelope(row.identity)
            assert data is None or hashlib.sha256(data).digest() == row.digest
            assert row.kept or row.state is RowState.JOURNALLED
        ordered = sorted(rows, key=lambda row: row.sequence)
        assert [row.sequence for row in ordered] == list(range(1, len(rows) + 1))
        return {row.identity for row in rows}
    finally:
        outbox.close_files()


def verdicts(
    recorder: Recorder, folder: Path, count: int, find: Callable[[Path], set[object]]
) -> tuple[int, int]:
    """Rebuild `count` images; how many could not be read, and how many lost a promise."""
    unreadable = lost = 0
    for number, (cut, files) in enumerate(recorder.images(count, seed=7)):
        image = folder / str(number)
        image.mkdir()
        for name, content in files.items():
            (image / Path(name).name).write_bytes(content)
        try:
            lost += not find(image) >= set(recorder.promised(cut))
        except (sqlite3.Error, AssertionError, EdgeError) as error:
            unreadable += 1
            sys.stderr.write(f"cut {cut}: {error!r}\n")
        shutil.rmtree(image)
    sys.stderr.write(f"{unreadable} unreadable, {lost} lost of {count}\n")
    return unreadable, lost


def test_outbox_keeps_every_number_it_gave(
    library: ctypes.CDLL, tmp_path: Path, images: Path
) -> None:
    outbox_survives(library, tmp_path, images, SECONDS_IMAGES)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_outbox_keeps_every_number_it_gave_in_many_images(
    library: ctypes.CDLL, tmp_path: Path, images: Path
) -> None:
    outbox_survives(library, tmp_path, images, SOAK_IMAGES)


def outbox_survives(library: ctypes.CDLL, folder: Path, images: Path, count: int) -> None:
    recorder = file_and_close(library, folder)
    assert verdicts(recorder, images, count, outbox_after) == (0, 0)


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_control_an_outbox_that_does_not_sync_loses(
    library: ctypes.CDLL, tmp_path: Path, images: Path, synchronous: str
) -> None:
    recorder = file_and_close(library, tmp_path, synchronous)
    unreadable, lost = verdicts(recorder, images, SECONDS_IMAGES // 2, outbox_after)
    assert unreadable + lost > SECONDS_IMAGES // 20


def journal(library: ctypes.CDLL, folder: Path, synchronous: str = "FULL") -> Recorder:
    """An office's log: batches judged and committed as the intake writer does."""
    settings = demo_settings(folder)
    town = Town(folder / "trust")
    unit = town.enrol("unit-01")
    Office.create(settings, RECOVERY.public).close()
    with recording(library, settings.state.folder) as recorder:
        office = Office.open(settings)
        _relax(office, synchronous)
        desk = Desk(office, town, unit, RECOVERY)
        office.directory.refresh()
        keyset = desk.keyset
        for _ in range(BATCHES):
            filed = [unit.file(keyset, move_in()) for _ in range(EACH)]
            outcomes = desk.take(*(one.data for one in filed))
            assert all(outcome.journalled for outcome in outcomes)
            for one in filed:
                recorder.promise(one.identity)
        office.close()
    return recorder


def _relax(office: Office, synchronous: str) -> None:
    engine = office.database._engine

    def pragma(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA synchronous = {synchronous}")

    event.listen(engine, "connect", pragma)
    engine.dispose()


def log_after(image: Path) -> set[object]:
    """What the hub's database holds after the cut: whole, and covered by its newest checkpoint."""
    with closing(sqlite3.connect(image / "hub.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        leaves = {row[0] for row in database.execute("SELECT identity FROM log_entry")}
        events = {row[0] for row in database.execute("SELECT identity FROM intake_event")}
        parts = {row[0] for row in database.execute("SELECT identity FROM intake_part")}
        assert events <= leaves
        assert parts == events
        (size,) = database.execute("SELECT max(size) FROM checkpoint").fetchone()
        assert size == len(leaves)
        return set(events)


def test_log_keeps_every_event_it_receipted(
    library: ctypes.CDLL, tmp_path: Path, images: Path
) -> None:
    log_survives(library, tmp_path, images, SECONDS_IMAGES)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_log_keeps_every_event_it_receipted_in_many_images(
    library: ctypes.CDLL, tmp_path: Path, images: Path
) -> None:
    log_survives(library, tmp_path, images, SOAK_IMAGES)


def log_survives(library: ctypes.CDLL, folder: Path, images: Path, count: int) -> None:
    recorder = journal(library, folder)
    assert verdicts(recorder, images, count, log_after) == (0, 0)
    state = demo_settings(folder).state.folder
    for cut, files in recorder.images(5, seed=11):  # and a few in full, proofs and all
        for name, content in files.items():
            Path(name).write_bytes(content)
        (state / "hub.sqlite3-shm").unlink(missing_ok=True)
        office = Office.open(demo_settings(folder))
        report = verify_log(office)
        office.close()
        assert report.ok, (cut, report.problems)


def test_control_a_log_that_does_not_sync_loses(
    library: ctypes.CDLL, tmp_path: Path, images: Path
) -> None:
    recorder = journal(library, tmp_path, "NORMAL")
    unreadable, lost = verdicts(recorder, images, SECONDS_IMAGES // 2, log_after)
    assert unreadable + lost > SECONDS_IMAGES // 20
