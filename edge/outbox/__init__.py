"""The outbox: what was accepted at the counter, on disk until the office has signed for it."""

from edge.outbox.ballast import Ballast, Room
from edge.outbox.row import Composed, Place, Row, RowState, Summary
from edge.outbox.store import Outbox

__all__ = ["Ballast", "Composed", "Outbox", "Place", "Room", "Row", "RowState", "Summary"]
