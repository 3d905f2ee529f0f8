"""What staff said of answers from the precedents, kept for evaluation."""

import sqlalchemy as sa
from alembic import op

from hub.storage.migrations import columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "precedent_verdict",
        columns.counter("number", autoincrement=True),
        columns.text("login", 64),
        columns.time("given_us"),
        columns.text("law_id", 64),
        columns.text("num", 64),
        columns.integer("place"),
        columns.flag("helped"),
        columns.text("as_of", 10),
        columns.integer("generation"),
        columns.text("question", null=True),
        columns.counter("log_index"),
        sa.PrimaryKeyConstraint("number", name="pk_precedent_verdict"),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("precedent_verdict")
