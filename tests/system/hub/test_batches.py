"""kill -9 while batches are taken in and read: what was accepted is there, whole, and is read."""

import hashlib
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hub.messages.batches import current, store
from hub.messages.batches.reader import BatchReader
from hub.messages.batches.settling import ItemState
from hub.office import Office
from tests.hub.conftest import RECOVERY, demo_settings
from tests.hub.messages.addressing.letters import letters
from tests.hub.messages.batches.rooms import people
from tests.hub.messages.pdf_maker import made

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]
ROOT = Path(__file__).parents[3]
KILLS = 2


def test_killed_while_reading_nothing_that_was_accepted_is_lost(tmp_path: Path) -> None:
    Office.create(demo_settings(tmp_path), RECOVERY.public).close()
    sample = letters(45, 7, share=0)
    document = made(sample.pages)
    (tmp_path / "d.pdf").write_bytes(document)
    (tmp_path / "l.csv").write_bytes(people([(p.atena_no, p.name) for p in sample.listed]))
    promised = [number for n in range(KILLS) for number in killed(tmp_path, n)]
    office = Office.open(demo_settings(tmp_path))
    try:
        with office.database.reading() as session:
            held = {number: store.one(session, number).state for number in promised}
            for number in promised:
                kept = store.content(session, number, 1)
                assert hashlib.sha256(kept).digest() == hashlib.sha256(document).digest()
        assert set(held.values()) & {"waiting", "reading"}  # it was killed in the middle
        reader = BatchReader(office)
        while reader.run_once():
            pass
        with office.database.reading() as session:
            for number in promised:
                items = current.items(session, store.one(session, number))
                pages = sorted(page for item in items for page in item.pages)
                assert pages == list(range(1, len(sample.pages) + 1))
                assert all(item.state is ItemState.READY for item in items)
    finally:
        office.close()


def killed(folder: Path, round_: int) -> list[int]:
    """Batches that a process said it had accepted before it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.system.hub.taking_process", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        found = [int(process.stdout.readline()) for _ in range(2)]
        time.sleep(random.Random(round_).uniform(0.2, 1.2))  # noqa: S311 a reproducible moment
        process.send_signal(signal.SIGKILL)
        found += [int(line) for line in process.stdout.read().split()]
    process.wait()
    return found
