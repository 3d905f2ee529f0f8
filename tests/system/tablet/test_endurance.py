import time
from collections.abc import Callable

import pytest

from tests.system.tablet.running_bench import Bench, failed, opened, pen, samples

pytestmark = [pytest.mark.system, pytest.mark.soak, pytest.mark.timeout(600)]


def test_no_report_of_100_seconds_at_250_hz_is_lost(bench: Callable[..., Bench]):
    running = bench("evdev:")
    running.until(opened)
    count = 25_000
    began = time.monotonic()
    for start in range(0, count, 250):
        frames = [pen(x=start + i, y=i) for i in range(250)]
        assert running.order(op="events", frames=frames, rate=250)["reports"] == 250
    assert time.monotonic() - began > 95
    running.order(op="unplug")
    read = samples(running.until(failed))
    assert [sample["x"] for sample in read[:count]] == list(range(count))
    assert not any(sample["dropped_before"] for sample in read[:count])


def test_100_times_unplugged_and_plugged_in_again(bench: Callable[..., Bench]):
    running = bench("evdev:/dev/input/event0", "--reopen")
    running.until(opened)
    for round_ in range(100):
        running.order(op="events", frames=[pen(x=500 + round_, y=600)])
        began = time.monotonic()
        running.order(op="unplug")
        read = samples(running.until(failed))
        assert time.monotonic() - began < 1
        assert [sample["x"] for sample in read] == [500 + round_] * 2
        assert read[-1]["dropped_before"]
        running.order(op="plug")
        running.until(opened)
