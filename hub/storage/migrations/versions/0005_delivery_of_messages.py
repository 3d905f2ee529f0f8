"""Messages on their way to residents: work list, attempts, residents' channels, ledger."""

import sqlalchemy as sa
from alembic import op

from hub.storage.migrations import columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _message()
    _content()
    _dispatch()
    _attempt()
    _event()
    _ledger()
    _recipient()
    _registration()
    _suppression()
    _channel()


def downgrade() -> None:
    """Take the tables away."""
    for table in (
        "message_channel",
        "message_suppression",
        "message_registration",
        "message_recipient",
        "message_ledger",
        "message_event",
        "message_attempt",
        "message_dispatch",
        "message_content",
        "message",
    ):
        op.drop_table(table)


def _message() -> None:
    op.create_table(
        "message",
        columns.counter("number", autoincrement=True),
        columns.binary("key_sha256", 32),
        *[columns.text(name, 64) for name in ("message_id", "issuer", "kind", "atena_no")],
        columns.text("document_number", 128, null=True),
        columns.binary("text_sha256", 32),
        columns.text("title"),
        columns.flag("legal"),
        columns.text("batch", 64, null=True),
        columns.time("not_before_us", null=True),
        columns.text("accepted_by", 64),
        columns.time("accepted_us"),
        *[columns.text(name, 64) for name in ("state", "reason", "channel")],
        columns.integer("step"),
        columns.time("due_us", null=True),
        columns.time("due_set_us"),
        columns.text("address_released_by", 64, null=True),
        columns.time("handed_us", null=True),
        columns.time("delivered_us", null=True),
        columns.time("read_us", null=True),
        columns.time("changed_us"),
        sa.PrimaryKeyConstraint("number", name="pk_message"),
        columns.unique("message", "key_sha256"),
        columns.unique("message", "message_id"),
    )
    for column in ("atena_no", "batch", "state", "due_us"):
        op.create_index(f"ix_message_{column}", "message", [column])


def _content() -> None:
    op.create_table(
        "message_content",
        columns.counter("message"),
        columns.binary("content"),
        columns.refers("message_content", "message", "message.number"),
        sa.PrimaryKeyConstraint("message", name="pk_message_content"),
    )


def _dispatch() -> None:
    op.create_table(
        "message_dispatch",
        columns.counter("number", autoincrement=True),
        columns.counter("message"),
        *[columns.text(name, 64) for name in ("channel", "purpose", "key", "state")],
        columns.integer("tries"),
        columns.time("due_us", null=True),
        columns.time("due_set_us"),
        columns.text("reference", 256),
        columns.text("reason", 64),
        columns.time("created_us"),
        columns.time("changed_us"),
        columns.refers("message_dispatch", "message", "message.number"),
        sa.PrimaryKeyConstraint("number", name="pk_message_dispatch"),
        columns.unique("message_dispatch", "message", "channel", "purpose"),
        columns.unique("message_dispatch", "key"),
    )
    for column in ("state", "reference"):
        op.create_index(f"ix_message_dispatch_{column}", "message_dispatch", [column])
    op.create_index("ix_message_dispatch_channel_due", "message_dispatch", ["channel", "due_us"])


def _attempt() -> None:
    op.create_table(
        "message_attempt",
        columns.counter("number", autoincrement=True),
        columns.counter("dispatch"),
        columns.integer("ordinal"),
        columns.time("started_us"),
        columns.time("finished_us", null=True),
        columns.text("outcome", 64),
        columns.text("reason", 64),
        columns.refers("message_attempt", "dispatch", "message_dispatch.number"),
        sa.PrimaryKeyConstraint("number", name="pk_message_attempt"),
        columns.unique("message_attempt", "dispatch", "ordinal"),
    )
    op.create_index("ix_message_attempt_outcome", "message_attempt", ["outcome"])


def _event() -> None:
    op.create_table(
        "message_event",
        columns.counter("number", autoincrement=True),
        columns.counter("message"),
        columns.time("time_us"),
        *[columns.text(name, 64) for name in ("what", "channel", "actor")],
        columns.text("detail"),
        columns.refers("message_event", "message", "message.number"),
        sa.PrimaryKeyConstraint("number", name="pk_message_event"),
    )
    op.create_index("ix_message_event_message", "message_event", ["message"])


def _ledger() -> None:
    op.create_table(
        "message_ledger",
        columns.counter("number", autoincrement=True),
        columns.counter("message"),
        columns.text("batch", 64, null=True),
        *[columns.text(name, 64) for name in ("channel", "what")],
        *[columns.integer(name) for name in ("pages", "postage_yen", "print_yen")],
        columns.text("tariff", 64),
        columns.time("time_us"),
        columns.refers("message_ledger", "message", "message.number"),
        sa.PrimaryKeyConstraint("number", name="pk_message_ledger"),
        columns.unique("message_ledger", "message", "channel", "what"),
    )
    op.create_index("ix_message_ledger_batch", "message_ledger", ["batch"])


def _recipient() -> None:
    op.create_table(
        "message_recipient",
        columns.text("atena_no", 64),
        *[columns.text(name) for name in ("name", "address")],
        columns.flag("protected"),
        columns.text("language", 64),
        columns.flag("large_print"),
        columns.integer("quiet_from", null=True),
        columns.integer("quiet_until", null=True),
        columns.text("changed_by", 64),
        columns.time("changed_us"),
        sa.PrimaryKeyConstraint("atena_no", name="pk_message_recipient"),
    )


def _registration() -> None:
    op.create_table(
        "message_registration",
        *[columns.text(name, 64) for name in ("atena_no", "channel")],
        columns.text("address"),
        columns.integer("rank"),
        columns.flag("opted_in"),
        columns.text("released_by", 64, null=True),
        columns.text("changed_by", 64),
        columns.time("changed_us"),
        sa.PrimaryKeyConstraint("atena_no", "channel", name="pk_message_registration"),
    )


def _suppression() -> None:
    op.create_table(
        "message_suppression",
        columns.text("channel", 64),
        columns.binary("address_sha256", 32),
        columns.text("reason", 64),
        columns.time("since_us"),
        sa.PrimaryKeyConstraint("channel", "address_sha256", name="pk_message_suppression"),
    )


def _channel() -> None:
    op.create_table(
        "message_channel",
        columns.text("channel", 64),
        columns.integer("failures"),
        columns.time("paused_until_us", null=True),
        columns.time("due_set_us"),
        columns.text("paused_by", 64),
        columns.text("reason", 64),
        columns.text("cursor", 256),
        columns.time("changed_us"),
        sa.PrimaryKeyConstraint("channel", name="pk_message_channel"),
    )
