"""The first schema: the log, the office, the register."""

import sqlalchemy as sa
from alembic import op

from hub.storage.migrations import columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "account",
    "alarm",
    "checkpoint",
    "device",
    "device_key",
    "epoch",
    "filing",
    "household",
    "log_entry",
    "log_node",
    "publication",
    "quarantined",
    "account_role",
    "intake_event",
    "resident",
    "web_session",
    "address_history",
    "intake_part",
    "register_change",
    "resident_character",
)


def upgrade() -> None:
    """Make every table."""
    _log()
    _office()
    _register()


def downgrade() -> None:
    """Take every table away, referring ones first."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _log() -> None:
    op.create_table(
        "checkpoint",
        columns.integer("epoch"),
        columns.counter("size"),
        columns.binary("root", 32),
        columns.time("time_us"),
        columns.binary("signed"),
        sa.PrimaryKeyConstraint("epoch", "size", name="pk_checkpoint"),
    )
    op.create_table(
        "epoch",
        columns.integer("number"),
        columns.time("started_us"),
        columns.counter("first_size"),
        columns.text("reason", 64),
        sa.PrimaryKeyConstraint("number", name="pk_epoch"),
    )
    op.create_table(
        "log_entry",
        columns.counter("index"),
        columns.text("kind", 64),
        columns.binary("identity", 32),
        columns.time("recorded_us"),
        columns.text("actor", 64),
        columns.binary("payload", null=True),
        sa.PrimaryKeyConstraint("index", name="pk_log_entry"),
        columns.unique("log_entry", "identity"),
    )
    op.create_index("ix_log_entry_kind", "log_entry", ["kind"])
    op.create_table(
        "log_node",
        columns.integer("level"),
        columns.counter("position"),
        columns.binary("hash", 32),
        sa.PrimaryKeyConstraint("level", "position", name="pk_log_node"),
    )
    op.create_table(
        "quarantined",
        columns.counter("number", autoincrement=True),
        columns.time("received_us"),
        columns.text("topic_device", 64),
        columns.text("reason", 64),
        columns.binary("envelope_sha256", 32),
        columns.binary("envelope"),
        columns.binary("identity", 32, null=True),
        columns.text("device", 64, null=True),
        columns.binary("kid", 16, null=True),
        columns.counter("sequence", null=True),
        columns.text("reception_number", 64, null=True),
        columns.text("state", 64),
        columns.text("decided_by", 64, null=True),
        columns.time("decided_us", null=True),
        columns.text("decision_reason", null=True),
        sa.PrimaryKeyConstraint("number", name="pk_quarantined"),
        columns.unique("quarantined", "envelope_sha256", "topic_device"),
    )
    op.create_index("ix_quarantined_identity", "quarantined", ["identity"])
    op.create_index("ix_quarantined_state", "quarantined", ["state"])
    op.create_table(
        "intake_event",
        columns.binary("identity", 32),
        columns.counter("log_index"),
        columns.binary("kid", 16),
        columns.counter("sequence"),
        columns.integer("duplicate"),
        columns.text("device", 64),
        columns.text("kind", 64),
        columns.text("event_id", 64),
        columns.text("notification_id", 64),
        columns.text("reception_number", 64),
        columns.integer("revision"),
        columns.text("procedure", 64),
        columns.text("staff_id", 64),
        columns.binary("previous", 32, null=True),
        columns.time("wall_time_us"),
        columns.time("received_us"),
        columns.integer("envelope_version"),
        columns.binary("sealed"),
        sa.PrimaryKeyConstraint("identity", name="pk_intake_event"),
        columns.refers("intake_event", "log_index", "log_entry.index"),
        columns.unique("intake_event", "log_index"),
        columns.unique("intake_event", "kid", "sequence", "duplicate"),
    )
    op.create_index("ix_intake_event_device", "intake_event", ["device"])
    op.create_index("ix_intake_event_notification_id", "intake_event", ["notification_id"])
    op.create_index("ix_intake_event_reception_number", "intake_event", ["reception_number"])
    op.create_table(
        "intake_part",
        columns.binary("identity", 32),
        columns.text("name", 64),
        columns.binary("sealed"),
        sa.PrimaryKeyConstraint("identity", "name", name="pk_intake_part"),
        columns.refers("intake_part", "identity", "intake_event.identity"),
    )


def _office() -> None:
    op.create_table(
        "account",
        columns.text("login", 64),
        columns.text("staff_id", 64),
        columns.text("name"),
        columns.text("password_hash"),
        columns.text("pin_verifier", null=True),
        columns.flag("disabled"),
        columns.integer("failures"),
        columns.time("locked_until_us"),
        columns.time("created_us"),
        sa.PrimaryKeyConstraint("login", name="pk_account"),
        columns.unique("account", "staff_id"),
    )
    op.create_table(
        "alarm",
        columns.counter("number", autoincrement=True),
        columns.text("kind", 64),
        columns.text("subject", 64),
        columns.time("first_us"),
        columns.time("last_us"),
        columns.integer("count"),
        columns.text("seen_by", 64, null=True),
        columns.time("seen_us", null=True),
        sa.PrimaryKeyConstraint("number", name="pk_alarm"),
    )
    op.create_index("ix_alarm_kind", "alarm", ["kind"])
    op.create_table(
        "device",
        columns.text("device", 64),
        columns.text("device_code", 16, null=True),
        columns.text("status", 64),
        columns.binary("encryption_certificate", null=True),
        columns.text("connection", 64, null=True),
        columns.text("boot_id", 64, null=True),
        columns.time("seen_us", null=True),
        columns.text("health", null=True),
        columns.time("health_us", null=True),
        sa.PrimaryKeyConstraint("device", name="pk_device"),
    )
    op.create_table(
        "device_key",
        columns.binary("kid", 16),
        columns.text("device", 64),
        columns.text("environment", 64),
        columns.binary("certificate"),
        columns.time("not_before_us"),
        columns.time("not_after_us"),
        columns.text("status", 64),
        sa.PrimaryKeyConstraint("kid", name="pk_device_key"),
    )
    op.create_index("ix_device_key_device", "device_key", ["device"])
    op.create_table(
        "filing",
        columns.text("notification_id", 64),
        columns.text("reception_number", 64),
        columns.text("procedure", 64),
        columns.text("device", 64),
        columns.binary("identity", 32),
        columns.integer("revision"),
        columns.text("state", 64),
        columns.text("taken_by", 64),
        columns.time("first_received_us"),
        columns.time("updated_us"),
        columns.text("decided_by", 64, null=True),
        columns.time("decided_us", null=True),
        columns.binary("decided_identity", 32, null=True),
        columns.text("reason", null=True),
        columns.text("owner", 64, null=True),
        columns.text("due_on", 10, null=True),
        columns.counter("decision_index", null=True),
        sa.PrimaryKeyConstraint("notification_id", name="pk_filing"),
    )
    op.create_index("ix_filing_first_received_us", "filing", ["first_received_us"])
    op.create_index("ix_filing_reception_number", "filing", ["reception_number"])
    op.create_index("ix_filing_state", "filing", ["state"])
    op.create_table(
        "publication",
        columns.text("kind", 64),
        columns.counter("version"),
        columns.binary("content_sha256", 32),
        columns.binary("message"),
        columns.time("issued_us"),
        columns.time("expires_us"),
        sa.PrimaryKeyConstraint("kind", name="pk_publication"),
    )
    op.create_table(
        "account_role",
        columns.text("login", 64),
        columns.text("role", 64),
        sa.PrimaryKeyConstraint("login", "role", name="pk_account_role"),
        columns.refers("account_role", "login", "account.login"),
    )
    op.create_table(
        "web_session",
        columns.binary("token_sha256", 32),
        columns.text("login", 64),
        columns.text("csrf_token", 64),
        columns.time("created_us"),
        columns.time("seen_us"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_web_session"),
        columns.refers("web_session", "login", "account.login"),
    )
    op.create_index("ix_web_session_login", "web_session", ["login"])


def _register() -> None:
    op.create_table(
        "household",
        columns.text("household_id", 64),
        columns.text("head_id", 64, null=True),
        columns.text("lg_code", 64),
        columns.text("prefecture_city"),
        columns.text("town"),
        columns.text("lot"),
        columns.text("building"),
        sa.PrimaryKeyConstraint("household_id", name="pk_household"),
    )
    op.create_table(
        "resident",
        columns.text("resident_id", 64),
        columns.text("household_id", 64),
        columns.text("status", 64),
        columns.flag("protected"),
        columns.text("name_plain"),
        columns.text("kana"),
        columns.text("birth_date", 32),
        columns.text("sex"),
        columns.text("relationship"),
        columns.text("registered_domicile"),
        columns.text("domicile_head"),
        columns.text("resident_code", 16),
        columns.text("nationality"),
        columns.text("became_resident_on", 10),
        columns.text("moved_on", 10),
        columns.text("notified_on", 10),
        columns.text("previous_address"),
        columns.text("moved_out_on", 10),
        columns.text("moved_out_to"),
        columns.text("notification_id", 64),
        columns.counter("last_index"),
        sa.PrimaryKeyConstraint("resident_id", name="pk_resident"),
        columns.refers("resident", "household_id", "household.household_id"),
    )
    op.create_index("ix_resident_birth_date", "resident", ["birth_date"])
    op.create_index("ix_resident_household_id", "resident", ["household_id"])
    op.create_index("ix_resident_kana", "resident", ["kana"])
    op.create_index("ix_resident_name_plain", "resident", ["name_plain"])
    op.create_index("ix_resident_notification_id", "resident", ["notification_id"])
    op.create_index("ix_resident_resident_code", "resident", ["resident_code"])
    op.create_table(
        "address_history",
        columns.text("resident_id", 64),
        columns.counter("log_index"),
        columns.text("address"),
        columns.text("since", 10),
        columns.text("until", 10),
        columns.text("procedure", 64),
        columns.text("household_id", 64),
        sa.PrimaryKeyConstraint("resident_id", "log_index", name="pk_address_history"),
        columns.refers("address_history", "resident_id", "resident.resident_id"),
    )
    op.create_table(
        "register_change",
        columns.text("resident_id", 64),
        columns.counter("log_index"),
        columns.text("procedure", 64),
        columns.text("actor", 64),
        columns.counter("recorded_us"),
        sa.PrimaryKeyConstraint("resident_id", "log_index", name="pk_register_change"),
        columns.refers("register_change", "resident_id", "resident.resident_id"),
    )
    op.create_table(
        "resident_character",
        columns.text("resident_id", 64),
        columns.integer("position"),
        columns.text("repertoire", 64),
        columns.text("character_id", 64),
        columns.text("text"),
        sa.PrimaryKeyConstraint("resident_id", "position", name="pk_resident_character"),
        columns.refers("resident_character", "resident_id", "resident.resident_id"),
    )
