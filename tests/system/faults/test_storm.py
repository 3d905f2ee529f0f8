"""kill -9 of unit, hub and broker while filing: nothing that was shown is lost or doubled."""

import random
import sys
import time

import pytest

from tests.system.faults.office import RealOffice
from tests.system.faults.processes import RealProcess, until
from tests.system.faults.proof import check_everything, drained, journalled

HUB, BROKER = 2, 3
VICTIMS = (
    ([0], 7),
    ([1], 7),
    ([BROKER], 5),
    ([HUB], 2),
    ([0, HUB], 1),
    ([HUB, BROKER], 1),
    ([0, 1, HUB, BROKER], 1),
)
"""What is killed together, and how often: the hub needs seconds to start, the others less."""


@pytest.mark.system
@pytest.mark.timeout(300)
def test_storm_of_seconds(office: RealOffice) -> None:
    assert storm(office, seconds=14, seed=20261123, rate=25, patience_s=60) >= 10


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_storm_of_a_thousand_kills(office: RealOffice) -> None:
    assert storm(office, seconds=1200, seed=1, rate=8, patience_s=900) >= 1000


def storm(office: RealOffice, *, seconds: float, seed: int, rate: int, patience_s: float) -> int:
    """File at two units while everything is killed in an order of the seed; how many kills."""
    chance = random.Random(seed)  # noqa: S311 - an order that can be repeated, no secret
    units = [office.unit("unit-01"), office.unit("unit-02")]
    office.start()
    for unit in units:
        unit.start("--rate", str(rate))
        until(lambda unit=unit: unit.shown(), "the first number is shown")
    processes = [*(unit.process for unit in units), office.hub, office.broker]
    kills, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(chance.uniform(0.2, 1.4))
        victims = chance.choices([some for some, _ in VICTIMS], [often for _, often in VICTIMS])[0]
        kills += kill_and_start([processes[number] for number in victims])
    for unit in units:
        unit.config.with_name("stop").touch()
    assert len(journalled(office)) > 0, "nothing got through the storm while it blew"
    drained(*units, seconds=patience_s)
    count = check_everything(office, *units)
    assert count > kills, "the storm left no time for filing"
    sys.stderr.write(f"{kills} kills, {count} events\n")
    return kills


def kill_and_start(chosen: list[RealProcess]) -> int:
    for process in chosen:
        process.kill()
    for process in chosen:
        process.start()
    return len(chosen)
