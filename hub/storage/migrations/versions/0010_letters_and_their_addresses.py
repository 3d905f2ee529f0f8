"""What a hand-over was addressed to, and whether its letter was taken and printed."""

from alembic import op

from hub.storage.migrations import columns

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLE = "message_dispatch"


def upgrade() -> None:
    """Add the columns. Letters that are out count as taken: a person says that they are printed."""
    op.add_column(TABLE, columns.binary("address_sha256", 32, null=True))
    op.add_column(TABLE, columns.time("taken_us", null=True))
    op.add_column(TABLE, columns.time("printed_us", null=True))
    op.execute(
        "UPDATE message_dispatch SET taken_us = 1 WHERE channel = 'letter' AND state = 'handed'"
    )


def downgrade() -> None:
    """Take the columns away."""
    for name in ("printed_us", "taken_us", "address_sha256"):
        op.drop_column(TABLE, name)
