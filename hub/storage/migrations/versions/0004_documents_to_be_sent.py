"""Documents to be sent, and the outside numbers of residents."""

import sqlalchemy as sa
from alembic import op

from hub.storage.migrations import columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = (
    "document_batch",
    "document_file",
    "document_page",
    "document_finding",
    "document_act",
    "resident_number",
)


def upgrade() -> None:
    """Make the tables."""
    _batch()
    _content()
    _act()
    op.create_table(
        "resident_number",
        columns.text("atena_no", 64),
        columns.text("resident_id", 64),
        columns.time("set_us"),
        columns.text("set_by", 64),
        sa.PrimaryKeyConstraint("atena_no", name="pk_resident_number"),
        columns.unique("resident_number", "resident_id"),
    )


def downgrade() -> None:
    """Take the tables away, referring ones first."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _batch() -> None:
    op.create_table(
        "document_batch",
        columns.counter("number", autoincrement=True),
        columns.text("name"),
        columns.text("template", 64, null=True),
        columns.text("state", 64),
        columns.text("problem", 64, null=True),
        columns.text("problem_rows"),
        columns.time("created_us"),
        columns.text("created_by", 64),
        columns.text("list_name"),
        columns.binary("list_sha256", 32, null=True),
        columns.binary("list_content", null=True),
        columns.integer("attempts"),
        columns.integer("pages_read"),
        columns.integer("pages_total"),
        columns.integer("ready"),
        columns.integer("held"),
        columns.integer("handed"),
        sa.PrimaryKeyConstraint("number", name="pk_document_batch"),
    )
    op.create_index("ix_document_batch_state", "document_batch", ["state"])


def _content() -> None:
    op.create_table(
        "document_file",
        columns.counter("batch"),
        columns.integer("position"),
        columns.text("file_name"),
        columns.binary("sha256", 32),
        columns.binary("content", null=True),
        columns.integer("pages"),
        columns.text("error", 64, null=True),
        columns.text("warnings"),
        sa.PrimaryKeyConstraint("batch", "position", name="pk_document_file"),
        columns.refers("document_file", "batch", "document_batch.number"),
    )
    op.create_table(
        "document_page",
        columns.counter("batch"),
        columns.integer("position"),
        columns.integer("page"),
        columns.binary("content"),
        sa.PrimaryKeyConstraint("batch", "position", "page", name="pk_document_page"),
    )
    op.create_table(
        "document_finding",
        columns.counter("batch"),
        columns.integer("number"),
        columns.binary("content"),
        columns.time("handed_us", null=True),
        sa.PrimaryKeyConstraint("batch", "number", name="pk_document_finding"),
        columns.refers("document_finding", "batch", "document_batch.number"),
    )


def _act() -> None:
    op.create_table(
        "document_act",
        columns.counter("batch"),
        columns.integer("number"),
        columns.text("action", 64),
        columns.integer("item", null=True),
        columns.text("pages"),
        columns.text("code"),
        columns.text("actor", 64),
        columns.time("time_us"),
        columns.counter("log_index"),
        columns.binary("content", null=True),
        columns.text("undone_by", 64, null=True),
        columns.time("undone_us", null=True),
        sa.PrimaryKeyConstraint("batch", "number", name="pk_document_act"),
        columns.refers("document_act", "batch", "document_batch.number"),
    )
