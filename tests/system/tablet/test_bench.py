import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.system.tablet.running_bench import (
    PATIENCE_S,
    READER,
    ROOT,
    Bench,
    failed,
    opened,
    pen,
    samples,
)

pytestmark = pytest.mark.system


def test_a_card_bench_works_inside_the_bench(bench: Callable[..., Bench]):
    with tempfile.TemporaryDirectory() as short:
        card = [sys.executable, "-m", "drivers.card_reader.bench", "--control", f"{short}/c", "--"]
        running = bench(command=[*card, sys.executable, str(READER), "evdev:"])
        running.until(opened)
        running.order(op="events", frames=[pen(x=200 + i, y=300) for i in range(50)])
        running.order(op="unplug")
        read = samples(running.until(failed))
    assert [sample["x"] for sample in read[:50]] == [200 + i for i in range(50)]


def test_the_bench_works_inside_a_card_bench():
    with tempfile.TemporaryDirectory() as short:
        modules = ["drivers.card_reader.bench", "drivers.tablet.simulated_tablet"]
        words: list[str] = []
        for module in modules:
            words += [sys.executable, "-m", module, "--control", f"{short}/{module[8]}", "--"]
        look = (
            "from drivers.tablet import open_tablet; print(open_tablet('evdev:').description.name)"
        )
        seen = subprocess.run(
            [*words, sys.executable, "-c", look],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": short},
            stdout=subprocess.PIPE,
            text=True,
            timeout=60,
            check=True,
        )
        assert seen.stdout.strip() == "Madoguchi simulated pen display"
        assert list(Path(short).iterdir()) == []


def test_discovery_finds_the_tablet_and_misses_it_once_unplugged(bench: Callable[..., Bench]):
    look = (
        "from drivers.discovery import *; import sys; report(discover(), sys.stdout, as_json=True)"
    )
    waiting = (
        f"{look}; from pathlib import Path; import time\n"
        "while Path('/dev/input/event0').exists(): time.sleep(0.02)\n"
        f"{look}"
    )
    running = bench(command=[sys.executable, "-u", "-c", waiting])
    (before,) = running.until(lambda _: True)
    assert before["devices"][0]["address"] == "evdev:/dev/input/event0"
    assert before["devices"][0]["name"] == "Madoguchi simulated pen display"
    running.order(op="unplug")
    (after,) = running.until(lambda _: True)
    assert after["findings"][0]["code"] == "tablet_none"


def test_the_node_is_not_there_without_the_bench():
    """Control: what the tests above see is the bench's tablet, not one of this machine."""
    look = "from drivers.tablet.plugged import pens; print([p.name for p in pens()])"
    seen = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, check=True)
    assert b"Madoguchi" not in seen.stdout


def test_orders_that_make_no_sense_are_answered_and_harm_nothing(bench: Callable[..., Bench]):
    running = bench("evdev:")
    running.until(opened)
    with running.connect() as connection, connection.makefile("rw") as file:
        for line in ("nonsense", "[]", '{"op": "fly"}', '{"op": "write"}', '{"op": "events"}'):
            file.write(line + "\n")
            file.flush()
            assert json.loads(file.readline())["code"] == "order_error"
    assert running.order(op="write", strokes=[[["a", 1]]])["code"] == "order_error"
    assert running.order(op="write", strokes=[[[1]]])["code"] == "order_error"
    assert running.order(op="events", frames=[[[3, 0, 2**40]]])["code"] == "order_error"
    assert running.order(op="write", strokes=[[[1, 1]]], box=[1, 0, 0, 1])["code"] == "order_error"
    assert running.order(op="status")["readers"] == 1


def test_the_status_of_the_command_is_passed_on(bench: Callable[..., Bench]):
    assert bench(command=["sh", "-c", "exit 7"]).process.wait(PATIENCE_S) == 7
    assert bench(command=["sh", "-c", "kill -9 $$"]).process.wait(PATIENCE_S) == 137
    assert bench(command=["/no/such/command"]).process.wait(PATIENCE_S) == 2


def test_signals_reach_the_command(bench: Callable[..., Bench]):
    trap = "trap 'exit 9' TERM; echo {}; while :; do sleep 0.05; done"
    running = bench(command=["sh", "-c", trap])
    running.until(lambda _: True)
    assert running.end() == 9


def test_what_the_command_left_running_is_ended_with_it(bench: Callable[..., Bench]):
    running = bench(command=["sh", "-c", "sleep 300 >/dev/null & echo $!; exit 0"])
    pid = running.lines.get(timeout=PATIENCE_S)
    assert running.process.wait(PATIENCE_S) == 0
    assert not Path(f"/proc/{pid}").exists()


def test_the_bench_dies_with_its_parent(tmp_path: Path):
    with tempfile.TemporaryDirectory() as short:
        control = Path(short) / "c.sock"
        parent = subprocess.Popen(
            [
                *("sh", "-c", '"$@" & wait', "sh", sys.executable, "-m"),
                *("drivers.tablet.simulated_tablet", "--control", str(control), "--"),
                *("sh", "-c", f"echo $$ > {tmp_path}/pid; exec sleep 300"),
            ],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": short, "PYTHONPATH": str(ROOT)},
        )
        pid_file = tmp_path / "pid"
        wait_for(lambda: pid_file.exists() and pid_file.read_text().strip() != "")
        parent.send_signal(signal.SIGKILL)
        parent.wait(PATIENCE_S)
        pid = pid_file.read_text().strip()
        wait_for(lambda: not Path(f"/proc/{pid}").exists() and list(Path(short).iterdir()) == [])


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
