"""`make demo`, `make demo ONCE=1` and what they leave behind, as a user would call them."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import uuid
from collections.abc import Generator
from pathlib import Path

import pytest

from provisioning.demo.places import Places

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

DEMO = [sys.executable, "-m", "provisioning.demo"]
MARK = "MADOGUCHI_DEMO_TEST"
PERSONAL = (
    *("髙橋", "𠮷", "健一", "みなと", "タカハシ", "MJ032129", "見本荘", "港町"),
    *("123456789018", "1984-05-17", "000-1234-5678", "BEGIN PRIVATE", "BEGIN EC"),
)
KEYS = {
    "ok",
    "environment",
    "device",
    "sequence",
    "event_id",
    "notification_id",
    "reception_number",
    "envelope_sha256",
    "receipt_verified",
    "receipt_status",
    "card",
    "candidates",
    "message",
    "register",
    "seconds",
}


class Ground:
    """What was there before a demo, and what of it is there after."""

    def __init__(self, temporary: Path) -> None:
        self.mark = uuid.uuid4().hex
        self.environment = os.environ | {MARK: self.mark, "TMPDIR": str(temporary)}
        self._temporary = temporary
        self._broker_folders: set[Path] = set()

    def processes(self) -> list[str]:
        """Command lines of living processes that descend from the demo, by their environment."""
        found: list[str] = []
        wanted = f"{MARK}={self.mark}".encode()
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if wanted in (entry / "environ").read_bytes():
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found

    def look_around(self) -> None:
        """While a demo runs: remember the folder that lies outside its own."""
        (state,) = self._temporary.glob("madoguchi-demo-*")
        self._broker_folders.add(Places(state).broker_runtime)
        if os.geteuid() == 0:
            assert Places(state).broker_runtime.exists(), "the control: it is where we look"

    def check_clean(self, within: float = 15.0) -> None:
        deadline = time.monotonic() + within
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert self.processes() == []
        mounts = Path("/proc/self/mounts").read_text()
        assert "pcscd" not in mounts
        assert str(self._temporary) not in mounts
        assert list(self._temporary.iterdir()) == []
        assert not any(folder.exists() for folder in self._broker_folders)


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def listening() -> set[int]:
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A"}


def run_once(ground: Ground, *options: str) -> dict[str, object]:
    done = subprocess.run(
        [*DEMO, "--once", *options],
        env=ground.environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, (result, done.stderr[-3000:])
    ground.check_clean()
    return result


def check_result(result: dict[str, object]) -> None:
    assert set(result) >= KEYS
    assert result["ok"] is True
    assert (result["environment"], result["device"]) == ("demo", "unit-01")
    assert result["sequence"] == 1
    assert result["receipt_verified"] is True
    assert result["receipt_status"] == "journalled"
    assert result["card"] == {"outcome": "ok"}
    assert isinstance(result["candidates"], int)
    assert result["candidates"] >= 1
    assert re.fullmatch(r"[0-9a-f]{64}", str(result["envelope_sha256"]))
    register = result["register"]
    assert isinstance(register, list)
    assert len(register) == 3
    drawn = [
        character
        for resident in register
        for character in resident["name"]
        if character["id"] == "MJ032129"
    ]
    assert drawn == [{"repertoire": "mj", "id": "MJ032129", "text": "𠮷"}]
    assert sorted(resident["household_role"] for resident in register)[1:] == ["head", "wife"]
    assert {"resident_id", "name", "kana", "address", "household_role", "moved_on"} <= set(
        register[0]
    )
    assert all("見本荘206号" in resident["address"] for resident in register)
    seconds = result["seconds"]
    assert isinstance(seconds, dict)
    assert seconds["total"] < 60


def test_one_notification_from_pen_to_register(ground: Ground, tmp_path: Path) -> None:
    state = tmp_path.with_name(f"{tmp_path.name}-state")
    result = run_once(ground, "--state", str(state))
    check_result(result)
    said = "".join(path.read_text() for path in (state / "logs").iterdir())
    assert str(result["event_id"]) in said, "the control: the logs were read"
    for personal in PERSONAL:
        assert personal not in said


def test_what_was_accepted_during_an_outage_arrives(ground: Ground) -> None:
    result = run_once(ground, "--outage")
    check_result(result)
    assert float(str(result["outage_seconds"])) > 0
    assert float(str(result["delivered_after_seconds"])) > 0


def test_a_machine_without_a_broker_gives_a_reason_and_leaves_nothing(ground: Ground) -> None:
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run(
        [*DEMO, "--once"],
        env=ground.environment | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode != 0
    assert result["ok"] is False
    assert result["reason"].startswith("broker ")
    assert "mosquitto" in result["reason"]
    assert "Next step" in result["reason"]
    ground.check_clean()


@contextlib.contextmanager
def opened(ground: Ground) -> Generator[tuple[subprocess.Popen[str], str]]:
    """A demo for a person, with what it printed when it was open."""
    with subprocess.Popen(
        DEMO, env=ground.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process, _until_open(process)
        finally:
            process.kill()


def _until_open(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    printed = ""
    while "Ctrl-C" not in printed:
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        printed += line
    return printed


def fetched(page: str) -> str:
    """The page behind an address, after at most three redirections."""
    jar = ""
    for _ in range(4):
        parts = urllib.parse.urlsplit(page)
        assert parts.hostname is not None
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        with contextlib.closing(connection):
            target = parts._replace(scheme="", netloc="").geturl()
            connection.request("GET", target, headers={"Cookie": jar})
            answer = connection.getresponse()
            body = answer.read().decode()
        jar = answer.headers.get("Set-Cookie", jar).partition(";")[0]
        if answer.status not in {302, 303, 307}:
            assert answer.status == 200, (page, answer.status)
            return body
        page = urllib.parse.urljoin(page, answer.headers["Location"])
    raise AssertionError(page)


def addresses(printed: str) -> list[str]:
    return re.findall(r"http://\S+", printed)


def test_with_a_person_every_page_answers_and_ctrl_c_ends_everything(ground: Ground) -> None:
    with contextlib.ExitStack() as held:
        blocker = held.enter_context(socket.socket())
        with contextlib.suppress(OSError):
            blocker.bind(("127.0.0.1", 8100))
        process, printed = held.enter_context(opened(ground))
        ground.look_around()
        pages = addresses(printed)
        assert len(pages) == 5
        assert ":8100/" not in pages[0], "the usual port was taken"
        for page in pages:
            assert "<html" in fetched(page)
            assert urllib.parse.urlsplit(page).port in listening()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 0
    ground.check_clean()
    assert not listening() & {urllib.parse.urlsplit(page).port for page in pages}


@pytest.mark.parametrize("which", ["outer", "inner"])
def test_killed_without_a_word_it_still_leaves_nothing(ground: Ground, which: str) -> None:
    with opened(ground) as (process, _):
        ground.look_around()
        assert any("mosquitto" in line for line in ground.processes()), "the control"
        pid = process.pid
        if which == "inner":
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            (pid,) = map(int, children)
        os.kill(pid, signal.SIGKILL)
        ground.check_clean(30)
