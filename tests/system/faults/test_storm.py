"""kill -9 of unit, hub and broker while filing: nothing that was shown is lost or doubled."""

import random
import time

import pytest

from tests.system.faults.office import RealOffice, RealUnit
from tests.system.faults.processes import until
from tests.system.faults.proof import check_everything, drained

RATE = "25"


@pytest.mark.system
def test_storm_of_seconds(office: RealOffice) -> None:
    kills = storm(office, seconds=14, seed=20261123)
    assert kills >= 10


def storm(office: RealOffice, *, seconds: float, seed: int, at_least: int = 0) -> int:
    """File at two units while everything is killed in an order of the seed; how many kills."""
    chance = random.Random(seed)  # noqa: S311 - an order that can be repeated, no secret
    units = [office.unit("unit-01"), office.unit("unit-02")]
    office.start()
    for unit in units:
        unit.start("--rate", RATE)
        until(lambda unit=unit: unit.shown(), "the first number is shown")
    kills, end = 0, time.monotonic() + seconds
    while time.monotonic() < end or kills < at_least:
        time.sleep(chance.uniform(0.2, 1.4))
        victims = chance.choices(
            [[0], [1], [2], [3], [0, 2], [2, 3], [0, 1, 2, 3]], [5, 5, 4, 4, 2, 1, 1]
        )[0]
        kills += kill_and_start(office, units, victims)
    for unit in units:
        unit.config.with_name("stop").touch()
    until(lambda: office.serving is not None and office.hub.alive, "the hub is back")
    drained(*units)
    count = check_everything(office, *units)
    assert count > kills, "the storm left no time for filing"
    return kills


def kill_and_start(office: RealOffice, units: list[RealUnit], victims: list[int]) -> int:
    processes = [*(unit.process for unit in units), office.hub, office.broker]
    chosen = [processes[number] for number in victims]
    for process in chosen:
        process.kill()
    for process in chosen:
        process.start()
    return len(chosen)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_storm_of_a_thousand_kills(office: RealOffice) -> None:
    assert storm(office, seconds=20 * 60, seed=1, at_least=1000) >= 1000
