"""A receipt says exactly what the log holds, and only after it holds it."""

import pytest

from intake.errors import ConflictError
from intake.event.receipt import ReceiptStatus, verify_receipt
from tests.hub.conftest import Desk
from tests.hub.counter_unit import move_in


def test_event_is_journalled_with_a_receipt_that_a_unit_believes(desk: Desk):
    event = desk.unit.file(desk.keyset, move_in())
    (outcome,) = desk.take(event.data)
    receipt = verify_receipt(outcome.receipt, desk.keyset, event.identity)
    assert receipt.status is ReceiptStatus.JOURNALLED
    assert outcome.new
    with pytest.raises(ConflictError):
        verify_receipt(outcome.receipt, desk.keyset, b"\x00" * 32)
