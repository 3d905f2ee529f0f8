"""The authority as its operator runs it: a process that may be killed at any moment."""

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from provisioning.authority.folder import AuthorityFolder
from provisioning.authority.one_time_token import OneTimeToken
from provisioning.enrol import Identity, enrol
from provisioning.errors import AuthorityUnreachableError
from tests.provisioning.trial_authority import OFFICE, TrialAuthority

pytestmark = pytest.mark.system

PROVISION = [sys.executable, "-c", "from provisioning.command_line import main; exit(main())"]


@contextlib.contextmanager
def serving(authority: TrialAuthority, port: int) -> Generator[subprocess.Popen[str]]:
    command = ["authority", "serve", "--state", str(authority.folder.path), "--port", str(port)]
    with subprocess.Popen(
        PROVISION + command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["url"] == f"https://127.0.0.1:{port}"
        try:
            yield process
        finally:
            process.kill()


async def killed_after(process: subprocess.Popen[str], seconds: float) -> None:
    await asyncio.sleep(seconds)
    process.send_signal(signal.SIGKILL)


async def killed_when_issued(process: subprocess.Popen[str], authority: TrialAuthority) -> None:
    def wait_and_kill() -> None:
        while issued(authority) == 0:
            pass
        process.send_signal(signal.SIGKILL)

    await asyncio.to_thread(wait_and_kill)


def issued(authority: TrialAuthority) -> int:
    with authority.folder.store.transaction() as transaction:
        return len(transaction.certificates("unit-01"))


@pytest.mark.parametrize("seconds", [0.01, 0.02, 0.03, 0.05])
async def test_killed_while_enrolling_the_retry_gives_one_unit(
    authority: TrialAuthority, tmp_path: Path, free_port: Callable[[], int], seconds: float
) -> None:
    port, token = free_port(), authority.token()
    url = f"https://127.0.0.1:{port}"
    with serving(authority, port) as process:
        killer = asyncio.create_task(killed_after(process, seconds))
        with contextlib.suppress(AuthorityUnreachableError):
            await enrol(url, token, tmp_path / "unit")
        await killer
    assert issued(authority) in {0, 3}
    identity = Identity(tmp_path / "unit")
    with serving(authority, port):
        if not identity.path.exists():
            await enrol(url, token, tmp_path / "unit")
    assert issued(authority) == 3
    assert (identity.path / "office.toml").exists()


async def test_killed_between_issuing_and_answering_the_retry_gets_the_same_certificates(
    authority: TrialAuthority, tmp_path: Path, free_port: Callable[[], int]
) -> None:
    """Killed the moment another connection sees the commit; the answer may be out or not."""
    port, token = free_port(), authority.token()
    url = f"https://127.0.0.1:{port}"
    with serving(authority, port) as process:
        attempt = asyncio.create_task(enrol(url, token, tmp_path / "unit"))
        await killed_when_issued(process, authority)
        with contextlib.suppress(AuthorityUnreachableError):
            await attempt
    assert issued(authority) == 3
    with serving(authority, port):
        if not Identity(tmp_path / "unit").path.exists():
            await enrol(url, token, tmp_path / "unit")
    assert issued(authority) == 3


def run(*command: str | Path, line: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROVISION, *map(str, command)],
        input=line,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_an_operators_day_by_command(tmp_path: Path, free_port: Callable[[], int]) -> None:
    state, root = tmp_path / "ca", tmp_path / "stick" / "root.key"
    secret_file = tmp_path / "stick" / "passphrase"
    made = run(
        "authority", "init", "--state", state, "--root-key", root, "--passphrase-file", secret_file
    )
    assert made.returncode == 0, made.stderr
    passphrase = secret_file.read_text().strip()
    assert passphrase not in made.stdout + made.stderr
    assert secret_file.stat().st_mode & 0o777 == 0o600
    root.unlink()
    trial = TrialAuthority.make(tmp_path / "other")
    with trial.folder.store.transaction() as transaction:
        office = transaction.office(OFFICE)
    assert office is not None
    anchor = tmp_path / "office_anchor.pub"
    anchor.write_text(office.anchor_pem)
    told = ("--office", OFFICE, "--anchor", anchor, "--broker-host", "127.0.0.1")
    assert run("authority", "office", "--state", state, *told).returncode == 0
    order = ("--office", OFFICE, "--environment", "demo")
    token = run("authority", "token", "--state", state, "--device", "unit-01", *order)
    assert OneTimeToken.parse(token.stdout)
    folder = TrialAuthority(AuthorityFolder(state), root, trial.now)
    port = free_port()
    with serving(folder, port) as process:
        url = f"https://127.0.0.1:{port}"
        enrolled = run("enrol", "--url", url, "--into", tmp_path / "unit", line=token.stdout)
        assert enrolled.returncode == 0, enrolled.stderr
        again = run("enrol", "--url", url, "--into", tmp_path / "thief", line=token.stdout)
        assert again.returncode == 4
        assert "used already" in again.stderr
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=10)
    assert process.returncode == 0
    secret = token.stdout.split(".")[3]
    assert secret not in log + again.stderr + enrolled.stderr
    assert {json.loads(line)["message"] for line in log.splitlines()} == {"enrolled", "refused"}
    assert run("authority", "revoke", "--state", state, "unit-01").returncode == 0
    listed = run("authority", "devices", "--state", state, "--office", OFFICE)
    assert [entry["status"] for entry in json.loads(listed.stdout)] == ["revoked"]
    assert run("authority", "devices", "--state", tmp_path, "--office", OFFICE).returncode == 2
