"""A unit on a disk that fills up: it says so, loses nothing accepted, and goes on with space."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from edge.errors import OutboxFullError
from edge.outbox import Outbox as Rows
from edge.outbox import RowState
from edge.settings import Outbox, UnitFolders
from edge.unit_process import UnitProcess
from tests.edge.a_unit import KEY, settings_for, until
from tests.system.edge.test_link import FAST, Scene, file_one, told

pytestmark = pytest.mark.system
RESERVE = Outbox(ballast_mib=0.3, reserve_mib=0.3)


@pytest.fixture
async def scene(tmp_path: Path, free_port: Callable[[], int]) -> AsyncGenerator[Scene]:
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    disk = tmp_path / "disk"
    await asyncio.to_thread(disk.mkdir)
    mounted = await asyncio.to_thread(
        subprocess.run,
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount a tmpfs")
    found = Scene(tmp_path, free_port())
    found.broker.start()
    found.hub.start()
    yield found
    found.hub.stop()
    found.broker.kill()
    subprocess.run(["umount", "--lazy", str(disk)], check=True)  # noqa: ASYNC221 - at the end


@contextlib.asynccontextmanager
async def unit(scene: Scene) -> AsyncGenerator[UnitProcess]:
    folders = UnitFolders(scene.folder / "identity", scene.folder / "disk" / "state")
    settings = replace(settings_for(scene.folder, broker=FAST, outbox=RESERVE), unit=folders)
    process = UnitProcess(settings, KEY)
    running = asyncio.create_task(process.link.run())
    try:
        yield process
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        process.close()


def plug(scene: Scene) -> Path:
    """Take all the space that is left."""
    path = scene.folder / "disk" / "plug"
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    return path


async def test_what_was_accepted_is_delivered_from_a_full_disk(scene: Scene) -> None:
    async with unit(scene) as process:
        outbox = process.counter.outbox
        await told(process)
        scene.broker.kill()
        await until(lambda: not process.link.status.connected)
        identities = [file_one(process) for _ in range(20)]
        taken = await asyncio.to_thread(plug, scene)
        with pytest.raises(OutboxFullError, match="call the operator"):
            file_one(process)
        with pytest.raises(OutboxFullError, match="safe"):
            outbox.demand_room()
        scene.broker.start()
        await until(lambda: outbox.waiting() == (), 30)
        assert len(outbox.rows(RowState.JOURNALLED)) == 20
        assert sorted(scene.office.log.leaves) == sorted(identities)
        taken.unlink()
        assert outbox.room().enough
        assert outbox.room().ballast, "laid again"
        identities.append(file_one(process))
        await until(lambda: outbox.waiting() == (), 30)
        assert outbox.check() == "ok"
        assert sorted(scene.office.log.leaves) == sorted(identities)


async def test_control_without_ballast_receipts_cannot_be_recorded(scene: Scene) -> None:
    folders = UnitFolders(scene.folder / "identity", scene.folder / "disk" / "state")
    bare = Outbox(ballast_mib=0.0, reserve_mib=0.0)
    settings = replace(settings_for(scene.folder, broker=FAST, outbox=bare), unit=folders)
    process = UnitProcess(settings, KEY)
    process.counter.office.words.take_keys(scene.office.keys())
    identities = [file_one(process) for _ in range(20)]
    await asyncio.to_thread(plug, scene)
    outbox = process.counter.outbox
    with pytest.raises(Exception, match="full"):
        close_all(outbox, identities)
    process.close()


def close_all(outbox: Rows, identities: list[bytes]) -> None:
    for identity in identities:
        outbox.close(identity, RowState.JOURNALLED, b"r" * 600, 1, None)
