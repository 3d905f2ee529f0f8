"""The office's own notice templates, and those in the making."""

import sqlalchemy as sa
from alembic import op

from hub.storage.migrations import columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "document_template",
        columns.text("name", 64),
        columns.integer("version"),
        columns.text("state", 64),
        columns.text("kind"),
        columns.text("toml"),
        columns.binary("toml_sha256", 32),
        columns.text("actor", 64),
        columns.time("changed_us"),
        columns.counter("log_index"),
        sa.PrimaryKeyConstraint("name", "version", name="pk_document_template"),
    )
    op.create_table(
        "template_draft",
        columns.text("number", 64),
        columns.text("login", 64),
        columns.time("created_us"),
        columns.text("name", 64),
        columns.text("toml"),
        columns.text("file_name"),
        columns.binary("document"),
        columns.binary("reading"),
        sa.PrimaryKeyConstraint("number", name="pk_template_draft"),
    )
    op.create_table(
        "template_trial",
        columns.text("draft", 64),
        columns.integer("position"),
        columns.text("file_name"),
        columns.binary("reading"),
        sa.PrimaryKeyConstraint("draft", "position", name="pk_template_trial"),
        columns.refers("template_trial", "draft", "template_draft.number"),
    )


def downgrade() -> None:
    """Take the tables away, referring ones first."""
    for table in ("template_trial", "template_draft", "document_template"):
        op.drop_table(table)
