"""A full disk, at unit or hub: said plainly, nothing accepted lost, and freed space drains."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.system.faults.office import RealOffice
from tests.system.faults.processes import until
from tests.system.faults.proof import check_everything, drained, journalled
from tests.system.faults.visit import serving, visiting

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
OUTBOX = """
[outbox]
ballast_mib = 0.3
reserve_mib = 0.5
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str, str], Path]]:
    """Mounts file systems of a given size in the test's folder."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    mounted: list[Path] = []

    def mount(name: str, size: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if subprocess.run(words, check=False, capture_output=True).returncode != 0:
            pytest.skip("this machine does not let us mount a tmpfs")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(folder: Path) -> Path:
    """A file that takes every free byte."""
    plug = folder / "plug"
    with plug.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return plug


async def test_the_clerk_is_told_and_what_was_accepted_drains_from_a_full_disk(
    office: RealOffice, small_disk: Callable[[str, str], Path]
) -> None:
    unit = office.unit()
    disk = small_disk("unit-01/state", "8m")
    unit.configure(OUTBOX)
    office.start()
    unit.start()
    unit.file(1)
    drained(unit)
    office.hub.kill()
    unit.file(3)
    unit.process.stop()
    unit.start_program()
    async with visiting(unit) as visit:
        await visit.log_in()
        await visit.to_signature()
        await visit.write()
        plug = fill_up(disk)
        status, answer = await visit.file()
        assert (status, answer["error"]["code"]) == (507, "disk_full")
        assert "受け付けた届出は保存されています" in answer["error"]["message_ja"]
        assert "call the operator" in answer["error"]["message_en"].lower()
        assert (await visit.resident.view())["state"] == "sign", "the session is still there"
        assert len(unit.rows()) == 4

        os.kill(serving(unit.process.pid), signal.SIGKILL)  # and started again on the full disk
        office.start_hub()
        drained(unit)  # with the ballast; the disk is still full
        assert {row["state"] for row in unit.rows()} == {"journalled"}
        until(lambda: serving(unit.process.pid), "the unit is back")
        await visit.open_again()
        assert (await visit.resident.view())["state"] == "sign", "the session is still there"
        assert (await visit.file())[0] == 507

        plug.unlink()
        status, answer = await visit.file()
        assert status == 200, answer
        drained(unit)
        assert len(journalled(office)) == 5
        assert (await visit.clerk.view())["unit"]["room"]
    unit.process.stop()
    assert office.desk().operator()["quarantine"] == []
    assert unit.verify()["ok"]


def test_a_full_hub_promises_nothing_and_recovers(
    tmp_path: Path, free_port: Callable[[], int], small_disk: Callable[[str, str], Path]
) -> None:
    disk = small_disk("small", "12m")
    office = RealOffice(tmp_path, free_port(), disk / "state")
    try:
        unit = office.unit()
        office.start()
        unit.start()
        unit.file(2)
        drained(unit)
        plug = fill_up(disk)
        size = len(journalled(office))
        unit.file(40)
        until(lambda: not office.healthy(), "the hub says so")
        time.sleep(1.0)
        stored = len(journalled(office))
        assert unit.waiting() >= 42 - stored > 0, "no receipt for what is not committed"
        assert size <= stored < 42
        office.hub.kill()
        office.start_hub()  # on the full disk
        assert len(journalled(office)) == stored
        plug.unlink()
        drained(unit)
        assert check_everything(office, unit) == 42
        assert office.healthy()
    finally:
        office.close()
