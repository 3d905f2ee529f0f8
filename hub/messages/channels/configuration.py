"""`[channels.*]` and `[delivery]` of hub.toml. Secrets are files that are only named here."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Mynaportal:
    """The box in the style of Mynaportal; without a URL there is none."""

    url: str = ""
    token_file: Path | None = None
    ca_file: Path | None = None
    timeout_seconds: float = 10.0
    per_second: float = 0.0
    check_address: str = ""


@dataclass(frozen=True)
class Email:
    """E-mail by one SMTP server; without a host there is none. security: tls, starttls or none."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    ca_file: Path | None = None
    user: str = ""
    password_file: Path | None = None
    sender: str = ""
    attach: bool = False
    link: str = ""
    bounces: Path | None = None
    timeout_seconds: float = 20.0
    per_second: float = 0.0
    check_address: str = ""


@dataclass(frozen=True)
class Webhook:
    """A gateway for SMS or LINE that is called by a signed webhook; without a URL there is none."""

    url: str = ""
    secret_file: Path | None = None
    ca_file: Path | None = None
    link: str = ""
    timeout_seconds: float = 10.0
    per_second: float = 0.0
    check_address: str = ""


@dataclass(frozen=True)
class Drop:
    """Signed files for a gateway, in a folder or by SFTP; without both there is none."""

    folder: Path | None = None
    sftp_host: str = ""
    sftp_port: int = 22
    sftp_user: str = ""
    sftp_key_file: Path | None = None
    sftp_known_hosts: Path | None = None
    sftp_folder: str = "."
    timeout_seconds: float = 60.0
    per_second: float = 0.0


@dataclass(frozen=True)
class Letter:
    """Letters to be printed, as PDF in a folder for each batch; without a folder there are none."""

    folder: Path | None = None
    window: str = "naga3"
    most_pages: int = 10
    per_second: float = 0.0


@dataclass(frozen=True)
class Channels:
    """Every channel that an office may have."""

    mynaportal: Mynaportal = field(default_factory=Mynaportal)
    email: Email = field(default_factory=Email)
    sms: Webhook = field(default_factory=Webhook)
    line: Webhook = field(default_factory=Webhook)
    drop: Drop = field(default_factory=Drop)
    letter: Letter = field(default_factory=Letter)


@dataclass(frozen=True)
class DeliveryTimes:
    """When is tried again, and when unread messages are reminded of and go on.

    retry_seconds: after a temporary failure. The days are counted since a channel took a message.
    """

    retry_seconds: float = 300.0
    first_reminder_days: float = 3.0
    second_reminder_days: float = 7.0
    next_channel_days: float = 10.0
    poll_seconds: float = 5.0
