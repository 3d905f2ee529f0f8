"""Orders to send batches, and messages about decisions on notifications."""

import sqlalchemy as sa
from alembic import op

from hub.storage.migrations import columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _order()
    _decision()


def downgrade() -> None:
    """Take the tables away, referring ones first."""
    for table in ("decision_message", "sending_item", "sending_order"):
        op.drop_table(table)


def _order() -> None:
    op.create_table(
        "sending_order",
        columns.counter("number", autoincrement=True),
        columns.counter("batch"),
        columns.text("state", 64),
        columns.integer("people"),
        columns.flag("legal"),
        columns.time("not_before_us", null=True),
        columns.text("asked_by", 64),
        columns.time("asked_us"),
        columns.text("decided_by", 64, null=True),
        columns.time("decided_us", null=True),
        columns.integer("made"),
        columns.integer("problems"),
        columns.time("changed_us"),
        sa.PrimaryKeyConstraint("number", name="pk_sending_order"),
    )
    op.create_index("ix_sending_order_batch", "sending_order", ["batch"])
    op.create_index("ix_sending_order_state", "sending_order", ["state"])
    op.create_table(
        "sending_item",
        columns.counter("order"),
        columns.integer("item"),
        columns.text("fingerprint", 64),
        columns.counter("message", null=True),
        columns.text("problem", 64),
        sa.PrimaryKeyConstraint("order", "item", name="pk_sending_item"),
        columns.refers("sending_item", "order", "sending_order.number"),
    )
    op.create_index("ix_sending_item_message", "sending_item", ["message"])


def _decision() -> None:
    op.create_table(
        "decision_message",
        columns.counter("number", autoincrement=True),
        columns.text("notification_id", 64),
        columns.counter("log_index"),
        columns.text("action", 64),
        columns.binary("identity", 32),
        columns.text("resident_id", 64, null=True),
        columns.text("reason"),
        columns.text("due_on", 10, null=True),
        columns.flag("protected"),
        columns.text("state", 64),
        columns.text("problem", 64),
        columns.integer("attempts"),
        columns.counter("message", null=True),
        columns.time("created_us"),
        columns.time("changed_us"),
        sa.PrimaryKeyConstraint("number", name="pk_decision_message"),
        columns.unique("decision_message", "log_index"),
    )
    for column in ("notification_id", "state", "message"):
        op.create_index(f"ix_decision_message_{column}", "decision_message", [column])
