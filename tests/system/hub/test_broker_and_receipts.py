"""A real broker with mutual TLS between unit and hub."""

import pytest

from intake.event.receipt import ReceiptStatus, verify_receipt
from tests.hub.counter_unit import move_in
from tests.system.hub.conftest import Counter, until

pytestmark = pytest.mark.system


def test_event_over_the_wire_gets_a_receipt(counter: Counter):
    unit = counter.town.enrol("unit-01")
    counter.hub.start()
    wire = counter.wire(unit)
    keyset = counter.key_set(wire)
    event = unit.file(keyset, move_in())
    wire.send(event.data)
    until(lambda: wire.receipts)
    receipt = verify_receipt(wire.receipts[0], keyset, event.identity)
    assert receipt.status is ReceiptStatus.JOURNALLED
