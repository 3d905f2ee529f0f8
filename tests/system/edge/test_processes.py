"""The unit as processes: supervisor and child, killed and restarted, with drafts that survive."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from drivers.tablet import handwriting
from edge.outbox import Outbox
from tests.edge.a_unit import Client, Pen
from tests.edge.enrolment import PIN, STAFF, Authority, OfficeDouble, enrol
from tests.edge.forms import FORM
from tests.system.edge.broker import Mosquitto, OfficeOnBroker, wait_for
from tests.system.living import alive

pytestmark = pytest.mark.system
ROOT = Path(__file__).parents[3]
CONFIG = """\
[unit]
identity = "identity"
state = "state"
[resident]
port = {resident}
[clerk]
port = {clerk}
[broker]
resend_seconds = 0.3
[outbox]
ballast_mib = 0.1
reserve_mib = 0.1
"""


class Processes:
    """Supervisor and unit, and who talks to them."""

    def __init__(self, folder: Path, ports: tuple[int, int, int]) -> None:
        self.folder = folder
        authority = Authority()
        self.office = OfficeDouble()
        enrol(folder / "identity", authority, self.office, ports[0])
        self.broker = Mosquitto(folder / "broker", authority, ports[0])
        self.hub = OfficeOnBroker(folder / "broker", authority, self.office, ports[0])
        (folder / "unit.toml").write_text(CONFIG.format(resident=ports[1], clerk=ports[2]))
        self.log = (folder / "unit.log").open("w+")
        self.supervisor: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.supervisor = subprocess.Popen(
            [sys.executable, "-m", "edge", "run", "--config", str(self.folder / "unit.toml")],
            cwd=ROOT,
            stderr=self.log,
        )
        self.wait_until_serving(1)

    def wait_until_serving(self, times: int) -> None:
        wait_for(lambda: len(self.records("serving")) >= times, f"serving {times}", 40)

    def records(self, message: str) -> list[dict[str, Any]]:
        lines = (self.folder / "unit.log").read_text().splitlines()
        found = [json.loads(line) for line in lines if line.startswith("{")]
        return [line for line in found if line["message"] == message]

    def child(self) -> int:
        return int(self.records("child started")[-1]["pid"])

    def stop(self) -> int:
        assert self.supervisor is not None
        self.supervisor.terminate()
        code = self.supervisor.wait(20)
        self.supervisor = None
        return code

    async def open(self, page: str, session: aiohttp.ClientSession) -> Client:
        address = json.loads((self.folder / "state" / "pages.json").read_text())[page]
        async with session.get(address) as answer:
            assert answer.status == 200
        base = address.partition("/?")[0]
        async with session.get(f"{base}/state") as answer:
            return Client(session, base, (await answer.json())["csrf"])


@pytest.fixture
async def unit(tmp_path: Path, free_port: Callable[[], int]) -> AsyncGenerator[Processes]:
    found = Processes(tmp_path, (free_port(), free_port(), free_port()))
    found.broker.start()
    found.hub.start()
    found.start()
    yield found
    if found.supervisor is not None:
        found.stop()
    found.hub.stop()
    found.broker.kill()
    found.log.close()


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as found:
        yield found


async def log_in(clerk: Client) -> None:
    for _ in range(200):
        if (await clerk.view())["unit"]["roster_version"]:
            break
        await asyncio.sleep(0.05)
    await clerk.do("login", staff_id=STAFF, pin=PIN)


async def to_signing(clerk: Client, resident: Client) -> None:
    await clerk.do("start", procedure="move_in")
    await clerk.do("show_documents", method="one_document", documents=["driving_licence"])
    await clerk.do("add_person")
    await clerk.do("fill", values=FORM)
    await clerk.do("to_review")
    await clerk.do("to_resident")
    await resident.do("confirm")


async def sign(resident: Client) -> None:
    async with resident.session.ws_connect(f"{resident.base}/socket") as socket:
        pen = Pen(socket)
        await pen.announce()
        await pen.write(handwriting.load("signature").strokes)
        for _ in range(200):
            if (await resident.view())["drawing"]["touched"]:
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)


async def test_outage_and_kill_lose_nothing(
    unit: Processes, session: aiohttp.ClientSession
) -> None:
    clerk, resident = await unit.open("clerk", session), await unit.open("resident", session)
    await log_in(clerk)
    unit.broker.kill()
    await to_signing(clerk, resident)
    await sign(resident)
    os.kill(unit.child(), signal.SIGKILL)  # the draft, signature ink included, must survive
    await asyncio.to_thread(unit.wait_until_serving, 2)
    assert (await resident.view())["state"] == "sign"
    assert (await resident.view())["drawing"]["touched"]
    await log_in(clerk)
    filed = (await resident.do("file"))["view"]["filed"]
    assert filed["receipt"] == "waiting"
    os.kill(unit.child(), signal.SIGKILL)
    await asyncio.to_thread(unit.wait_until_serving, 3)
    after = (await resident.view())["filed"]
    assert after["reception_number"] == filed["reception_number"]
    unit.broker.start()
    await asyncio.to_thread(wait_for, lambda: len(unit.office.log.leaves) == 1, "journalled")
    assert unit.office.log.leaves[0].hex() == filed["identity"]
    for _ in range(200):
        if (await resident.view())["filed"]["receipt"] == "journalled":
            break
        await asyncio.sleep(0.05)
    assert (await resident.view())["filed"]["receipt"] == "journalled"


async def test_the_child_ends_with_its_supervisor_however_that_ends(unit: Processes) -> None:
    child = unit.child()
    assert unit.supervisor is not None
    unit.supervisor.kill()
    unit.supervisor.wait()
    unit.supervisor = None
    await asyncio.to_thread(wait_for, lambda: not alive(child), "child gone")


async def test_a_kill_in_the_middle_of_filing_files_once(
    unit: Processes, session: aiohttp.ClientSession
) -> None:
    clerk, resident = await unit.open("clerk", session), await unit.open("resident", session)
    await log_in(clerk)
    await to_signing(clerk, resident)
    await sign(resident)
    filing = asyncio.create_task(resident.act("file"))
    outbox_file = unit.folder / "state" / "outbox"
    await asyncio.sleep(0.02)
    os.kill(unit.child(), signal.SIGKILL)
    await asyncio.gather(filing, return_exceptions=True)
    await asyncio.to_thread(unit.wait_until_serving, 2)
    await log_in(clerk)
    view = await resident.view()
    if view["state"] == "sign":
        await resident.do("file")
    filed = (await resident.view())["filed"]
    await asyncio.to_thread(wait_for, lambda: len(unit.office.log.leaves) == 1, "journalled")
    unit.stop()
    outbox = Outbox(outbox_file)
    assert [row.identity.hex() for row in outbox.rows()] == [filed["identity"]]
    outbox.close_files()


async def test_a_wrong_configuration_is_told_once_and_not_restarted(unit: Processes) -> None:
    unit.stop()
    (unit.folder / "identity" / "office_anchor.pub").unlink()
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "edge", "run", "--config", str(unit.folder / "unit.toml")],
        cwd=ROOT,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert b"madoguchi-provision enrol" in done.stderr


async def test_stopped_in_order_with_exit_code_zero(unit: Processes) -> None:
    assert await asyncio.to_thread(unit.stop) == 0
    lines = (unit.folder / "unit.log").read_text().splitlines()
    assert [line for line in lines if not line.startswith(("{", "INFO:"))] == []
