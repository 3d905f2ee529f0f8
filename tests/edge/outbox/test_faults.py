"""The outbox under kill -9 and on a full disk."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.errors import OutboxFullError
from edge.outbox import Composed, Outbox, Place, RowState

pytestmark = pytest.mark.system  # real servers or slow hashes: seconds, apart from the fast part

WRITER = Path(__file__).with_name("filing.py")
ROOT = Path(__file__).parents[3]
KID = b"k" * 16


def kill_a_writer(folder: Path, after: float) -> dict[int, str]:
    """What a writer process said it had accepted before kill -9."""
    process = subprocess.Popen(
        [sys.executable, str(WRITER), str(folder)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    lines = [line.split() for line in (first + rest).decode().split("\n")[:-1]]
    return {int(sequence): identity for sequence, identity in lines}


def test_kill_nine_in_a_loop_loses_nothing_and_keeps_the_chain(tmp_path: Path) -> None:
    accepted: dict[int, str] = {}
    for turn in range(8):
        accepted |= kill_a_writer(tmp_path, 0.02 + 0.013 * turn)
    outbox = Outbox(tmp_path)
    rows = sorted(outbox.rows(limit=1_000_000), key=lambda row: row.sequence)
    assert outbox.check() == "ok"
    assert len(accepted) >= 8
    assert {row.sequence: row.identity.hex() for row in rows}.items() >= accepted.items()
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    assert [row.previous for row in rows] == [None, *(row.identity for row in rows[:-1])]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(options, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine does not let us mount a tmpfs")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def big(place: Place) -> Composed:
    identity = place.sequence.to_bytes(32, "big")
    body = os.urandom(20_000)
    return Composed(identity, body, f"e{place.sequence}", "n", "R", "filed", 1)


def fill(outbox: Outbox) -> int:
    for count in range(1000):
        try:
            outbox.file(KID, "2026-11-23", count, big)
        except OutboxFullError:
            return count
    pytest.fail("the disk never filled")


def drain(outbox: Outbox) -> None:
    for identity in outbox.waiting():
        assert outbox.close(identity, RowState.JOURNALLED, b"r" * 600, 1, None)


def test_a_full_disk_is_told_loses_nothing_and_drains(small_disk: Path) -> None:
    outbox = Outbox(small_disk, ballast_bytes=300 << 10, reserve_bytes=0)
    count = fill(outbox)
    assert len(outbox.waiting()) == count > 20
    assert outbox.check() == "ok"
    drain(outbox)
    assert outbox.waiting() == ()
    outbox.forget(before_us=2)
    assert outbox.file(KID, "2026-11-23", 1, big).sequence == count + 1
    outbox.close_files()


def test_control_without_ballast_a_full_disk_cannot_drain(small_disk: Path) -> None:
    outbox = Outbox(small_disk, ballast_bytes=0, reserve_bytes=0)
    fill(outbox)
    with (small_disk / "plug").open("wb", buffering=0) as plug, contextlib.suppress(OSError):
        while True:
            plug.write(b"x" * 4096)
    with pytest.raises(Exception, match="full"):
        drain(outbox)
    outbox.close_files()


def test_the_reserve_refuses_before_the_disk_is_full(small_disk: Path) -> None:
    outbox = Outbox(small_disk, ballast_bytes=300 << 10, reserve_bytes=500 << 10)
    fill(outbox)
    assert outbox.room().free_bytes > 300 << 10
    assert not outbox.room().enough
    drain(outbox)
    assert outbox.room().ballast, "the ballast was not needed"
    outbox.close_files()
