"""At the broker a client has the name in its certificate, whatever it calls itself."""

from dataclasses import replace

import pytest

from tests.hub.counter_unit import OFFICE, CounterUnit, move_in
from tests.system.hub.conftest import Counter, Wire, until

pytestmark = pytest.mark.system


def test_no_unit_puts_hub_or_neighbour_off_the_line_by_taking_their_name(counter: Counter):
    unit, rogue = counter.town.enrol("unit-01"), counter.town.enrol("unit-99")
    counter.hub.start()
    wire = counter.wire(unit)
    keyset = counter.key_set(wire)
    for taken in (f"hub-{OFFICE}", unit.device):
        connected = _call_itself(counter, rogue, taken)
        until(lambda c=connected: c.client.is_connected() or c.refused)
        event = unit.file(keyset, move_in())
        before = len(wire.receipts)
        wire.send(event.data)
        until(lambda b=before: len(wire.receipts) > b)
        assert wire.client.is_connected()
        connected.stop()
    assert "the connection to the broker ended" not in (counter.folder / "hub.log").read_text()


def _call_itself(counter: Counter, rogue: CounterUnit, taken: str) -> Wire:
    """A connection with the rogue's own certificate under another client's name."""
    return counter.wire(replace(rogue, device=taken))
