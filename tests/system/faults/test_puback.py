"""A PUBACK is not delivery: the hub dies between PUBACK and commit, by construction.

The hub is frozen, so that it cannot commit; the unit files, the broker acknowledges, the hub is
killed. Who closes rows on PUBACK has lost them, every time. Who waits for receipts has not.
"""

import pytest

from tests.system.faults.office import RealOffice, RealUnit
from tests.system.faults.processes import until
from tests.system.faults.proof import check_everything, drained, lost

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
ROUNDS, EACH = 2, 3


def die_between_puback_and_commit(office: RealOffice, unit: RealUnit) -> None:
    office.hub.freeze()
    unit.file(EACH)
    if "--close-on-puback" in unit.process.command:
        until(lambda: unit.waiting() == 0, "the broker acknowledged everything")
    else:
        until(lambda: acknowledged(unit) >= EACH, "the broker acknowledged everything")
    office.hub.kill()
    office.start_hub()


def acknowledged(unit: RealUnit) -> int:
    return sum("acknowledged" in line for line in unit.lines())


def test_control_that_closes_rows_on_puback_loses_some_every_time(office: RealOffice) -> None:
    unit = office.unit()
    office.start()
    unit.start("--close-on-puback")
    until(unit.told, "the unit has keys")
    for number in range(1, ROUNDS + 1):
        die_between_puback_and_commit(office, unit)
        unit.file(1)
        until(lambda: unit.waiting() == 0, "nothing is left to be sent")
        assert len(lost(office, unit)) >= EACH * number


def test_a_unit_that_waits_for_receipts_loses_nothing_in_the_same_run(office: RealOffice) -> None:
    unit = office.unit()
    office.start()
    unit.start()
    until(unit.told, "the unit has keys")
    for _ in range(ROUNDS):
        die_between_puback_and_commit(office, unit)
    drained(unit)
    assert check_everything(office, unit) == ROUNDS * EACH
