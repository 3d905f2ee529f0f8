"""Broker lost, hub lost, both: filing goes on, the backlog drains, a row filed now goes first."""

import time

import pytest

from tests.system.faults.office import RealOffice, RealUnit
from tests.system.faults.processes import until
from tests.system.faults.proof import check_everything, drained, journalled

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
AWAY_S = 5.5
WINDOW, BACKLOG = 20, 80  # most of the backlog still waits when the new row comes


def file_while_away(unit: RealUnit, count: int) -> list[str]:
    """File over the whole outage; the identities."""
    before = unit.shown().keys()
    began = time.monotonic()
    unit.file(count)
    time.sleep(max(0.0, AWAY_S - (time.monotonic() - began)))
    return [identity for number, identity in unit.shown().items() if number not in before]


def test_each_outage_delays_and_loses_nothing(office: RealOffice) -> None:
    unit = office.unit()
    unit.configure(broker=f"window = {WINDOW}")
    office.start()
    unit.start()
    until(unit.told, "the unit has keys")

    office.broker.kill()
    file_while_away(unit, 10)
    assert unit.waiting() == 10
    office.start_broker()
    drained(unit)

    office.hub.kill()
    file_while_away(unit, 10)
    assert unit.waiting() == 10, "the broker took them, and that closes nothing"
    office.start_hub()
    drained(unit)

    office.hub.kill()
    office.broker.kill()
    backlog = file_while_away(unit, BACKLOG)
    connections = unit.process.log.read_text().count('"connected"')
    office.start_broker()
    until(
        lambda: unit.process.log.read_text().count('"connected"') > connections,
        "the unit is connected again",
    )
    unit.file(1)
    newest = list(unit.shown().values())[-1]
    office.start_hub()
    drained(unit)
    places = {identity: event.index for identity, event in journalled(office).items()}
    overtaken = sum(places[identity] > places[newest] for identity in backlog)
    assert overtaken >= BACKLOG // 2, "the row filed now waited behind the backlog"
    assert check_everything(office, unit) == 20 + BACKLOG + 1
