import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from drivers.tablet import event_codes as code
from drivers.tablet import handwriting

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[3]
READER = Path(__file__).parent / "pen_reader.py"
RECORDINGS = ROOT / "tests/recordings/evemu"
PATIENCE_S = 15.0
Line = dict[str, Any]


class Bench:
    """One running bench, what its command prints, and its control socket."""

    def __init__(self, folder: Path, command: list[str], options: list[str]) -> None:
        self.socket = folder / "control.sock"
        self.temporary = folder / "tmp"
        self.temporary.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "drivers.tablet.simulated_tablet"),
                *("--control", str(self.socket), *options, "--", *command),
            ],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines: queue.Queue[Line] = queue.Queue()
        self._pump = threading.Thread(target=self._read)
        self._pump.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def order(self, **words: object) -> Line:
        with self.connect() as connection, connection.makefile("rw") as file:
            file.write(json.dumps(words) + "\n")
            file.flush()
            return json.loads(file.readline())

    def connect(self) -> socket.socket:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(PATIENCE_S)
            try:
                connection.connect(str(self.socket))
            except OSError:
                connection.close()
                assert time.monotonic() < deadline
                time.sleep(0.02)
            else:
                return connection

    def until(self, wanted: Callable[[Line], bool]) -> list[Line]:
        """Give the lines up to the first that is wanted."""
        lines: list[Line] = []
        while not lines or not wanted(lines[-1]):
            lines.append(self.lines.get(timeout=PATIENCE_S))
        return lines

    def end(self) -> int:
        self.process.terminate()
        status = self.process.wait(PATIENCE_S)
        self._pump.join(PATIENCE_S)
        assert self.process.stdout
        self.process.stdout.close()
        return status


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    """Start benches; at the end nothing of them may be left."""
    started: list[Bench] = []
    with tempfile.TemporaryDirectory() as folder:

        def start(
            *arguments: str, command: list[str] | None = None, options: tuple[str, ...] = ()
        ) -> Bench:
            place = Path(folder) / str(len(started))
            place.mkdir()
            words = command or [sys.executable, str(READER), *(arguments or ("evdev:",))]
            started.append(Bench(place, words, list(options)))
            return started[-1]

        yield start
        for one in started:
            one.end()
            assert not one.socket.exists()
            assert list(one.temporary.iterdir()) == []


def samples(lines: list[Line]) -> list[Line]:
    return [line["sample"] for line in lines if "sample" in line]


def opened(line: Line) -> bool:
    return "opened" in line


def failed(line: Line) -> bool:
    return "error" in line


def pen(*, x: int, y: int, near: int = 1, touch: int = 1) -> list[list[int]]:
    return [
        [code.EV_KEY, code.BTN_TOOL_PEN, near],
        [code.EV_ABS, code.ABS_X, x],
        [code.EV_ABS, code.ABS_Y, y],
        [code.EV_ABS, code.ABS_PRESSURE, 500 * touch],
        [code.EV_KEY, code.BTN_TOUCH, touch],
    ]


def test_every_one_of_300_frames_arrives_in_order_through_a_grab(bench: Callable[..., Bench]):
    running = bench("evdev:")
    running.until(opened)
    frames = [pen(x=200 + i, y=300 + i) for i in range(300)]
    assert running.order(op="events", frames=frames)["reports"] == 300
    running.order(op="unplug")
    read = samples(running.until(failed))
    assert [sample["x"] for sample in read[:300]] == [200 + i for i in range(300)]
    assert not any(sample["dropped_before"] for sample in read[:300])
    assert len(read) == 301


def test_reports_are_stamped_with_the_time_of_writing(bench: Callable[..., Bench]):
    running = bench("evdev:")
    running.until(opened)
    running.order(op="events", frames=[pen(x=300, y=300)] * 20)
    running.order(op="unplug")
    ages = sorted(line["age_us"] for line in running.until(failed) if "age_us" in line)
    assert ages[0] >= 0
    assert ages[len(ages) // 2] < 200_000


def test_the_description_is_that_of_the_device(bench: Callable[..., Bench]):
    (line,) = bench("evdev:/dev/input/event0").until(opened)
    assert line["opened"]["x"] == {"minimum": 200, "maximum": 21896, "resolution": 100}
    assert line["opened"]["tool_id"] == "4d47:0001"


def test_coordinates_outside_the_range_come_through(bench: Callable[..., Bench]):
    running = bench("evdev:4d47:0001")
    running.until(opened)
    running.order(op="events", frames=[pen(x=22000, y=-5), pen(x=0, y=0)])
    running.order(op="unplug")
    read = samples(running.until(failed))
    assert [(sample["x"], sample["y"]) for sample in read[:2]] == [(22000, -5), (0, 0)]


def test_a_written_character_arrives_stroke_by_stroke(bench: Callable[..., Bench]):
    running = bench("evdev:")
    running.until(opened)
    strokes = handwriting.load("𠮷").strokes
    answer = running.order(op="write", strokes=strokes, speed=8, box=[0.1, 0.1, 0.3, 0.4])
    running.order(op="unplug")
    read = samples(running.until(failed))
    assert answer["ok"]
    assert answer["reports"] == len(read)
    downs = sum(now["contact"] and not before["contact"] for before, now in pairwise(read))
    assert downs == 6
    assert all(2300 < sample["x"] < 6800 for sample in read)


def test_unplugging_in_a_stroke_is_noticed_and_closes_it(bench: Callable[..., Bench]):
    running = bench("evdev:")
    running.until(opened)
    with running.connect() as writing, writing.makefile("rw") as file:
        file.write(json.dumps({"op": "write", "strokes": [[[0, 0], [1000, 1000]]]}) + "\n")
        file.flush()
        running.until(lambda line: "sample" in line and line["sample"]["contact"])
        began = time.monotonic()
        running.order(op="unplug")
        lines = running.until(failed)
        assert time.monotonic() - began < 1
        assert json.loads(file.readline())["code"] == "device_lost"
    last = samples(lines)[-1]
    assert (last["contact"], last["in_range"], last["dropped_before"]) == (False, False, True)
    assert lines[-1]["error"] == "device_lost"
    assert lines[-1]["exit_code"] == 3
    assert "plug it in again" in lines[-1]["message"]


def test_a_tablet_plugged_in_again_writes_on_under_the_same_name(bench: Callable[..., Bench]):
    running = bench("evdev:/dev/input/event0", "--reopen")
    running.until(opened)
    for round_ in range(5):
        running.order(op="events", frames=[pen(x=500 + round_, y=600)])
        assert running.order(op="unplug")["plugged"] is False
        assert [s["x"] for s in samples(running.until(failed))] == [500 + round_] * 2
        assert running.order(op="plug")["plugged"] is True
        running.until(opened)


def test_a_reader_that_was_killed_is_followed_by_one_that_sees_only_what_is_new(
    bench: Callable[..., Bench],
):
    twice = 'for turn in 1 2; do "$0" "$@" & echo "{\\"pid\\": $!}"; wait; sleep 1; done'
    running = bench(command=["sh", "-c", twice, sys.executable, str(READER), "evdev:"])
    pid = next(line["pid"] for line in running.until(opened) if "pid" in line)
    running.order(op="events", frames=[pen(x=300, y=300)])
    running.until(lambda line: "sample" in line)
    with running.connect() as writing, writing.makefile("rw") as file:
        frames = [pen(x=1000, y=i) for i in range(100)]
        file.write(json.dumps({"op": "events", "frames": frames}) + "\n")
        file.flush()
        running.until(lambda line: "sample" in line)
        os.kill(pid, signal.SIGKILL)
        assert json.loads(file.readline())["reports"] == 100
    running.until(opened)
    running.order(op="events", frames=[pen(x=2000, y=300)] * 3)
    running.order(op="unplug")
    assert {sample["x"] for sample in samples(running.until(failed))} == {2000}


def test_a_slow_reader_is_told_what_it_missed(bench: Callable[..., Bench]):
    running = bench("evdev:", "--sleep")
    running.until(opened)
    running.order(op="events", frames=[pen(x=200 + i % 9000, y=i) for i in range(2000)])
    running.order(op="events", frames=[pen(x=9999, y=2000)] * 3)
    lines = running.until(lambda line: "sample" in line and line["sample"]["x"] == 9999)
    read = samples(lines)
    gaps = [b for a, b in pairwise(read) if b["y"] != a["y"] + 1]
    assert gaps
    assert all(sample["dropped_before"] for sample in gaps)


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


def test_dropped_reports_are_marked_and_the_others_are_not(bench: Callable[..., Bench]):
    running = bench("evdev:")
    running.until(opened)
    running.order(op="events", frames=[pen(x=300, y=300)])
    running.order(op="drop")
    running.order(op="events", frames=[pen(x=301, y=300), pen(x=302, y=300)])
    running.order(op="unplug")
    read = samples(running.until(failed))[:-1]
    marks = [(sample["x"], sample["dropped_before"]) for sample in read]
    assert marks == [(300, False), (301, True), (302, False)]


def test_a_real_tablet_described_by_umockdev_is_opened_as_itself(bench: Callable[..., Bench]):
    described = RECORDINGS / "wacom_dth2242_pen.umockdev"
    running = bench(
        "evdev:056a:0059",
        options=("--device", str(described), "--ioctl", str(described.with_suffix(".ioctl"))),
    )
    (line,) = running.until(opened)
    assert line["opened"]["name"] == "Wacom DTH2242 Pen"
    assert line["opened"]["x"]["maximum"] == 95840
    assert running.order(op="write", strokes=[[[0, 0], [900, 900]]], speed=10)["ok"]


def test_discovery_finds_the_tablet_and_misses_it_once_unplugged(bench: Callable[..., Bench]):
    look = (
        "from drivers.discovery import *; import sys; report(discover(), sys.stdout, as_json=True)"
    )
    waiting = (
        f"{look}; from pathlib import Path; import time\n"
        "while Path('/dev/input/event0').exists(): time.sleep(0.02)\n"
        f"{look}"
    )
    running = bench(command=[sys.executable, "-c", waiting])
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
