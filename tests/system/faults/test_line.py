"""The line itself: two threads on one connection must never write into each other's packets."""

import pytest

from tests.system.faults.office import RealOffice
from tests.system.faults.processes import until
from tests.system.faults.proof import check_everything, drained

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
COUNT = 300


def test_a_busy_line_is_never_cut(office: RealOffice) -> None:
    """Events go up from the event loop while receipts are acknowledged by the network thread."""
    unit = office.unit()
    office.start()
    unit.start()
    until(unit.told, "the unit has keys")
    unit.file(COUNT)
    drained(unit)
    said = unit.process.log.read_text()
    assert (said.count('"connected"'), said.count('"disconnected"')) == (1, 0)
    assert "rotocol error" not in office.broker.log.read_text()
    assert check_everything(office, unit) == COUNT
