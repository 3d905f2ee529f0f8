import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from tests.system.card.running_bench import BENCH, ROOT, Bench, bench_environment

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


def start(folder: Path, *command: str, options: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*BENCH, "--control", str(folder / "control"), *options, "--", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=bench_environment(),
    )


def running_with(marker: str) -> list[str]:
    """Command lines of all processes that mention the marker, this test's own excepted."""
    found: list[str] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if marker in line:
                found.append(line)
    return found


def wait_until_gone(marker: str) -> list[str]:
    deadline = time.monotonic() + 15
    while (left := running_with(marker)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def machine_mounts() -> str:
    return Path("/proc/self/mounts").read_text()


def test_the_commands_exit_status_is_passed_on(tmp_path: Path):
    before = machine_mounts()
    process = start(tmp_path, "sh", "-c", "echo out; echo err >&2; exit 7")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 7
    assert (out, err) == ("out\n", "err\n")
    assert list(tmp_path.iterdir()) == []
    assert machine_mounts() == before


def test_a_command_ended_by_a_signal_gives_128_and_its_number(tmp_path: Path):
    process = start(tmp_path, "sh", "-c", "kill -9 $$")
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGKILL


def test_a_command_that_does_not_exist_is_a_usage_error(tmp_path: Path):
    process = start(tmp_path, "no-such-command-here")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "no-such-command-here" in err


@pytest.mark.parametrize("environment", ["production", "somewhere"])
def test_it_refuses_to_start_outside_demo_and_training(tmp_path: Path, environment: str):
    process = start(tmp_path, "true", options=("--environment", environment))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "demo and training" in err


def test_a_signal_reaches_the_command_which_ends_in_its_own_way(tmp_path: Path):
    process = start(
        tmp_path, "sh", "-c", "trap 'echo caught; exit 3' TERM; echo up; sleep 60 & wait"
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.terminate()
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (3, "caught\n")


def test_nothing_outlives_a_killed_bench(tmp_path: Path):
    marker = uuid.uuid4().hex
    sleeper = f"exec -a {marker} sleep 300"
    process = start(tmp_path, "bash", "-c", f"({sleeper}) & ({sleeper}) & echo up; wait")
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    assert len(running_with(marker)) >= 2
    process.kill()
    process.communicate(timeout=60)
    assert wait_until_gone(marker) == []
    assert running_with(str(tmp_path)) == []


def test_it_dies_with_its_parent(tmp_path: Path):
    marker = uuid.uuid4().hex
    bench = [*BENCH, "--control", str(tmp_path / "control"), "--", "sh", "-c"]
    words = [*bench, f"echo up; exec sleep 300 # {marker}"]
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess; subprocess.run({words!r})"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=bench_environment(),
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "up\n"
    parent.kill()
    parent.communicate(timeout=60)
    assert wait_until_gone(str(tmp_path)) == []


def test_two_benches_side_by_side_do_not_see_each_other(tmp_path: Path):
    places = [tmp_path / name for name in ("one", "two")]
    for place in places:
        place.mkdir()
    first, second = (Bench(place) for place in places)
    try:
        first.insert("head_of_household")
        assert second.order("status")["reader"] == "empty"
        second.insert("blocked")
        assert first.do("read")["code"] == "ok"
        assert second.do("read")["code"] == "pin_blocked"
        first.order("kill_pcscd")
        assert second.do("read")["code"] == "pin_blocked"
    finally:
        assert first.close() == 0
        assert second.close() == 0


def test_a_wrong_order_is_answered_and_changes_nothing(bench: Bench):
    assert bench.order("dance")["code"] == "order_error"
    assert bench.order("insert", persona="nobody")["ok"] is False
    assert bench.order("remove_after", commands=-1)["ok"] is False
    assert bench.order("fault", name="slow_ms")["ok"] is False
    assert bench.order("status")["reader"] == "empty"


def test_it_nests_inside_the_tablet_bench(tmp_path: Path):
    look = (
        "import os, evdev; from smartcard import scard; "
        "h, c = scard.SCardEstablishContext(0); "
        "print(len(evdev.list_devices()), len(scard.SCardListReaders(c, [])[1]))"
    )
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "drivers.tablet.simulated_tablet"),
            *("--control", str(tmp_path / "pen"), "--"),
            *(*BENCH, "--control", str(tmp_path / "card"), "--", sys.executable, "-c", look),
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=bench_environment(),
    )
    out, _ = process.communicate(timeout=60)
    devices, slots = map(int, out.split())
    assert process.returncode == 0
    assert devices >= 1
    assert slots == 2


def test_it_works_where_the_machine_never_had_a_pcscd(tmp_path: Path):
    bare = ["bwrap", "--dev-bind", "/", "/", "--tmpfs", "/run", "--dir", "/run/kept"]
    look = "opensc-tool -l && ls /run"
    done = subprocess.run(
        [*bare, *BENCH, "--control", str(tmp_path / "control"), "--", "sh", "-c", look],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=bench_environment(),
    )
    assert done.returncode == 0, done.stderr
    assert "Madoguchi virtual reader 00 00" in done.stdout
    assert {"kept", "pcscd"} <= set(done.stdout.split())


AS_NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
UNPRIVILEGED = """
cd /
folder=$(mktemp -d)
/usr/bin/python3 -m drivers.card_reader.bench --control "$folder/control" -- \\
  sh -c "opensc-tool -l; id -un"
status=$?
rmdir "$folder"
exit $status
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_it_works_for_a_user_without_rights():
    """With the system's Python, because a root-owned environment may be closed to others."""
    packages = [path for path in sys.path if path.endswith("site-packages")]
    path = os.pathsep.join([str(ROOT), *packages])
    environment = bench_environment() | {"PYTHONPATH": path}
    probe = [*AS_NOBODY, "/usr/bin/python3", "-c", "import drivers, smartcard.scard"]
    if subprocess.run(probe, env=environment, capture_output=True, check=False).returncode:
        pytest.skip("another user cannot read this checkout, or the system's Python differs")
    done = subprocess.run(
        [*AS_NOBODY, "sh", "-c", UNPRIVILEGED],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert "Madoguchi virtual reader 00 00" in done.stdout
    assert "nobody" in done.stdout
