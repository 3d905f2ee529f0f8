import json
import os
import signal
import sys
import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from drivers.tablet import handwriting
from tests.system.tablet.running_bench import READER, ROOT, Bench, failed, opened, pen, samples

RECORDINGS = ROOT / "tests/recordings/evemu"
pytestmark = pytest.mark.system


def test_every_one_of_300_frames_arrives_in_order_through_a_grab(bench: Callable[..., Bench]):
    running = bench("evdev:")
    running.until(opened)
    frames = [pen(x=200 + i, y=300 + i) for i in range(300)]
    # At the pace of a pen: like the kernel, the bench drops what a reader too slow leaves no room
    # for, and like a cable, unplugging takes what nobody has read yet.
    assert running.order(op="events", frames=frames, rate=150)["reports"] == 300
    lines = running.until(lambda line: "sample" in line and line["sample"]["x"] == 499)
    running.order(op="unplug")
    read = samples(lines + running.until(failed))
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
    answer = running.order(op="write", strokes=strokes, speed=4, box=[0.1, 0.1, 0.3, 0.4])
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


def test_a_tablet_missed_for_many_tries_is_found_again(bench: Callable[..., Bench]):
    """The preloaded library ends a process after 50 failed openings below /dev: we look first."""
    running = bench("evdev:/dev/input/event0", "--reopen")
    running.until(opened)
    running.order(op="unplug")
    running.until(failed)
    time.sleep(60 * 0.05 + 1)
    running.order(op="plug")
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
