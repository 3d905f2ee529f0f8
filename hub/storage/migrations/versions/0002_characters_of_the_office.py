"""The office's own characters."""

import sqlalchemy as sa
from alembic import op

from hub.storage.migrations import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "office_glyph",
        columns.text("code", 64),
        columns.text("state", 64),
        columns.integer("revision"),
        columns.binary("outline"),
        columns.integer("strokes"),
        columns.text("readings"),
        columns.integer("radical", null=True),
        columns.text("base", 2, null=True),
        columns.text("fallback", 2, null=True),
        columns.text("note"),
        columns.time("changed_us"),
        sa.PrimaryKeyConstraint("code", name="pk_office_glyph"),
    )
    op.create_table(
        "office_glyph_change",
        columns.text("code", 64),
        columns.integer("revision"),
        columns.text("action", 64),
        columns.text("actor", 64),
        columns.time("changed_us"),
        columns.counter("log_index"),
        columns.binary("outline"),
        columns.text("reason"),
        columns.text("file_name", null=True),
        columns.binary("file_sha256", 32, null=True),
        columns.binary("original", null=True),
        sa.PrimaryKeyConstraint("code", "revision", name="pk_office_glyph_change"),
        columns.refers("office_glyph_change", "code", "office_glyph.code"),
    )
    op.create_table(
        "office_glyph_upload",
        columns.text("number", 64),
        columns.text("login", 64),
        columns.time("created_us"),
        columns.text("replaces", 64, null=True),
        columns.text("file_name"),
        columns.binary("file_sha256", 32),
        columns.binary("original", null=True),
        columns.binary("choices"),
        sa.PrimaryKeyConstraint("number", name="pk_office_glyph_upload"),
    )
    op.create_table(
        "office_setting",
        columns.text("name", 64),
        columns.text("value"),
        columns.text("changed_by", 64),
        columns.time("changed_us"),
        sa.PrimaryKeyConstraint("name", name="pk_office_setting"),
    )


def downgrade() -> None:
    """Take the tables away, referring ones first."""
    for table in ("office_setting", "office_glyph_upload", "office_glyph_change", "office_glyph"):
        op.drop_table(table)
