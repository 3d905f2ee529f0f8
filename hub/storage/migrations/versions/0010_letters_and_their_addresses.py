"""What a hand-over was addressed to, and whether its letter was taken and printed."""

from alembic import op

from hub.storage.migrations import columns

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLE = "message_dispatch"


def upgrade() -> None:
    """Add the columns; of what was handed over before they are not known."""
    op.add_column(TABLE, columns.binary("address_sha256", 32, null=True))
    op.add_column(TABLE, columns.time("taken_us", null=True))
    op.add_column(TABLE, columns.time("printed_us", null=True))


def downgrade() -> None:
    """Take the columns away."""
    for name in ("printed_us", "taken_us", "address_sha256"):
        op.drop_column(TABLE, name)
