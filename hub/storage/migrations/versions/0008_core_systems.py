"""Tokens of core systems, and what each of them handed in."""

import sqlalchemy as sa
from alembic import op

from hub.storage.migrations import columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "system_token",
        columns.counter("number", autoincrement=True),
        columns.text("system", 64),
        columns.binary("token_sha256", 32),
        columns.text("scopes", 256),
        columns.time("created_us"),
        columns.text("created_by", 64),
        columns.time("expires_us", null=True),
        columns.time("revoked_us", null=True),
        columns.time("used_us", null=True),
        sa.PrimaryKeyConstraint("number", name="pk_system_token"),
    )
    op.create_index("ix_system_token_system", "system_token", ["system"])
    _messages()
    op.create_table(
        "system_batch",
        columns.counter("batch"),
        columns.text("system", 64),
        columns.binary("key_sha256", 32),
        columns.binary("given_sha256", 32),
        columns.time("received_us"),
        sa.PrimaryKeyConstraint("batch", name="pk_system_batch"),
        columns.refers("system_batch", "batch", "document_batch.number"),
        sa.UniqueConstraint("system", "key_sha256", name="uq_system_batch_key_sha256"),
    )


def downgrade() -> None:
    """Take the tables away."""
    for table in ("system_batch", "system_message", "system_token"):
        op.drop_table(table)


def _messages() -> None:
    op.create_table(
        "system_message",
        columns.counter("number", autoincrement=True),
        columns.text("system", 64),
        columns.counter("message"),
        columns.text("reference", 128, null=True),
        columns.binary("given_sha256", 32),
        columns.time("received_us"),
        sa.PrimaryKeyConstraint("number", name="pk_system_message"),
        columns.refers("system_message", "message", "message.number"),
        sa.UniqueConstraint("system", "message", name="uq_system_message_message"),
        sa.UniqueConstraint("system", "reference", name="uq_system_message_reference"),
    )
    op.create_index("ix_system_message_message", "system_message", ["message"])
