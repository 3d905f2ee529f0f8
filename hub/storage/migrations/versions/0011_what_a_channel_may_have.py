"""Whether a channel may have what nobody saw it take, and which hand-overs are letters."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLE = "message_dispatch"
IN_DOUBT = """
UPDATE message_dispatch SET doubt = 'open'
WHERE state IN ('due', 'calling', 'unknown', 'failed') AND EXISTS (
    SELECT 1 FROM message_attempt
    WHERE message_attempt.dispatch = message_dispatch.number
    AND message_attempt.outcome = 'unknown'
)
"""


def upgrade() -> None:
    """Add the columns. An unknown outcome that nothing settled is in doubt, whatever came after."""
    op.add_column(TABLE, sa.Column("doubt", sa.String(64), nullable=False, server_default=""))
    op.add_column(
        TABLE, sa.Column("paper", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(IN_DOUBT)
    op.execute("UPDATE message_dispatch SET paper = TRUE WHERE channel = 'letter'")


def downgrade() -> None:
    """Take the columns away."""
    for name in ("paper", "doubt"):
        op.drop_column(TABLE, name)
