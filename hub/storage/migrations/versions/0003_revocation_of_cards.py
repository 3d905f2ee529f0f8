"""What the hub learnt about the revocation of residents' certificates."""

import sqlalchemy as sa
from alembic import op

from hub.storage.migrations import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "card_revocation",
        columns.binary("identity", 32),
        columns.text("purpose", 64),
        columns.text("notification_id", 64),
        columns.text("state", 64),
        columns.text("reason", 64),
        columns.integer("attempts"),
        columns.time("asked_us"),
        columns.time("next_us", null=True),
        columns.time("holds_until_us", null=True),
        columns.time("revoked_us", null=True),
        sa.PrimaryKeyConstraint("identity", "purpose", name="pk_card_revocation"),
    )
    for column in ("notification_id", "next_us"):
        op.create_index(f"ix_card_revocation_{column}", "card_revocation", [column])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("card_revocation")
