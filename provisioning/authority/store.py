"""The authority's memory in SQLite: a change is one transaction, synced before its answer."""

import datetime as dt
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from intake.event.keys import PublicKey
from intake.office.environment import Environment
from provisioning.authority.one_time_token import OneTimeToken
from provisioning.errors import AuthorityStateError


@dataclass(frozen=True)
class Office:
    """What a unit is told about its office."""

    office: str
    anchor_pem: str
    broker_host: str
    broker_port: int


@dataclass(frozen=True)
class Device:
    """A unit: its id, its place in reception numbers, and whom it belongs to."""

    device: str
    device_code: str
    office: str
    environment: Environment
    status: str = "active"


@dataclass(frozen=True)
class TokenRecord:
    """What the authority remembers of a one-time token."""

    token_id: str
    secret_sha256: bytes
    device: Device
    replaces: bool
    expires: dt.datetime
    used_for_keys: bytes | None


@dataclass(frozen=True)
class CertificateRecord:
    """An issued certificate and what became of it."""

    certificate: x509.Certificate
    use: str
    kid: str
    status: str
    revoked_at: dt.datetime | None
    reason: str | None


def serial_text(certificate: x509.Certificate) -> str:
    """The serial number as this database and the directory write it."""
    return f"{certificate.serial_number:x}"


class Store:
    """The database of one authority; `transaction()` gives the only way to change it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def create(self) -> None:
        """Make an empty database (0600)."""
        self._path.touch(mode=0o600, exist_ok=False)
        schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
        connection = sqlite3.connect(self._path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(schema)
        connection.close()

    @contextmanager
    def transaction(self) -> Generator["Transaction"]:
        """One write transaction: committed and synced on leaving, undone by an error."""
        if not self._path.exists():
            raise AuthorityStateError("this folder holds no authority: run `authority init` first")
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=10)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("BEGIN IMMEDIATE")
            yield Transaction(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.close()


class Transaction:
    """The statements of the authority, valid inside `Store.transaction()`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put_office(self, office: Office) -> None:
        """Add an office or replace what its units are told."""
        self._connection.execute(
            "INSERT INTO office VALUES (?, ?, ?, ?) ON CONFLICT (office) DO UPDATE SET "
            "anchor_pem = excluded.anchor_pem, broker_host = excluded.broker_host, "
            "broker_port = excluded.broker_port",
            (office.office, office.anchor_pem, office.broker_host, office.broker_port),
        )

    def office(self, code: str) -> Office | None:
        """The office with this LG code."""
        row = self._connection.execute("SELECT * FROM office WHERE office = ?", (code,)).fetchone()
        return None if row is None else Office(*row)

    def add_token(self, record: TokenRecord) -> None:
        """Remember a token that was just printed."""
        device = record.device
        self._connection.execute(
            "INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
            (
                record.token_id,
                record.secret_sha256,
                device.device,
                device.device_code,
                device.office,
                device.environment.value,
                int(record.replaces),
                record.expires.isoformat(),
            ),
        )

    def token(self, token: OneTimeToken) -> TokenRecord | None:
        """The record under this token's id; the caller compares the secret."""
        row = self._connection.execute(
            "SELECT token_id, secret_sha256, device, device_code, office, environment, replaces, "
            "expires, used_for_keys FROM token WHERE token_id = ?",
            (token.token_id,),
        ).fetchone()
        if row is None:
            return None
        device = Device(row[2], row[3], row[4], Environment(row[5]))
        expires = dt.datetime.fromisoformat(row[7])
        return TokenRecord(row[0], row[1], device, bool(row[6]), expires, row[8])

    def burn_token(self, token_id: str, keys: bytes, now: dt.datetime) -> None:
        """Mark a token as used by the unit with these keys."""
        self._connection.execute(
            "UPDATE token SET used_at = ?, used_for_keys = ? WHERE token_id = ?",
            (now.isoformat(), keys, token_id),
        )

    def taken_codes(self, office: str) -> set[str]:
        """Device codes of an office that are in use or promised by a token."""
        rows = self._connection.execute(
            "SELECT device_code FROM device WHERE office = ?1 "
            "UNION SELECT device_code FROM token WHERE office = ?1",
            (office,),
        )
        return {row[0] for row in rows}

    def device(self, name: str) -> Device | None:
        """The unit with this id."""
        row = self._connection.execute(
            "SELECT device, device_code, office, environment, status FROM device WHERE device = ?",
            (name,),
        ).fetchone()
        return None if row is None else _device(row)

    def devices(self, office: str) -> list[Device]:
        """All units of an office, revoked ones too, in the order of their ids."""
        rows = self._connection.execute(
            "SELECT device, device_code, office, environment, status FROM device "
            "WHERE office = ? ORDER BY device",
            (office,),
        )
        return [_device(row) for row in rows]

    def put_device(self, device: Device) -> None:
        """Add a unit, or set the status of one that is there."""
        self._connection.execute(
            "INSERT INTO device VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (device) DO UPDATE SET status = excluded.status",
            (
                device.device,
                device.device_code,
                device.office,
                device.environment.value,
                device.status,
            ),
        )
        self._changed()

    def add_certificate(
        self,
        certificate: x509.Certificate,
        use: str,
        device: str | None = None,
        enrolled_keys: bytes | None = None,
    ) -> None:
        """Remember an issued certificate (sqlite3.IntegrityError: a unit's key has one already)."""
        self._connection.execute(
            "INSERT INTO certificate VALUES (?, ?, ?, ?, ?, 'active', NULL, NULL, ?)",
            (
                serial_text(certificate),
                device,
                use,
                certificate.public_bytes(Encoding.PEM).decode(),
                _kid(certificate),
                enrolled_keys,
            ),
        )
        self._changed()

    def key_is_known(self, certificate: x509.Certificate) -> bool:
        """Whether the key of this certificate was certified before."""
        row = self._connection.execute(
            "SELECT 1 FROM certificate WHERE kid = ?", (_kid(certificate),)
        ).fetchone()
        return row is not None

    def certificates(self, device: str) -> list[CertificateRecord]:
        """Every certificate a unit ever had, oldest first."""
        rows = self._connection.execute(
            f"{_CERTIFICATE} WHERE device = ? ORDER BY rowid", (device,)
        )
        return [_certificate_record(row) for row in rows]

    def certificates_for_keys(self, device: str, keys: bytes) -> dict[str, x509.Certificate]:
        """What was issued to a unit for exactly these three keys, by use."""
        rows = self._connection.execute(
            f"{_CERTIFICATE} WHERE device = ? AND enrolled_keys = ?", (device, keys)
        )
        return {row[1]: x509.load_pem_x509_certificate(row[0].encode()) for row in rows}

    def revoked(self) -> list[CertificateRecord]:
        """Every revoked certificate, for the list."""
        rows = self._connection.execute(f"{_CERTIFICATE} WHERE status = 'revoked' ORDER BY rowid")
        return [_certificate_record(row) for row in rows]

    def retire(self, device: str) -> None:
        """Turn a unit's active certificates into retired ones."""
        self._connection.execute(
            "UPDATE certificate SET status = 'retired' WHERE device = ? AND status = 'active'",
            (device,),
        )
        self._changed()

    def revoke(self, device: str, reason: x509.ReasonFlags, now: dt.datetime) -> None:
        """Revoke every certificate of a unit that is not yet revoked."""
        self._connection.execute(
            "UPDATE certificate SET status = 'revoked', revoked_at = ?, reason = ? "
            "WHERE device = ? AND status <> 'revoked'",
            (now.isoformat(), reason.value, device),
        )
        self._changed()

    def latest_list(self) -> tuple[int, str, dt.datetime] | None:
        """The newest revocation list: number, PEM, when made."""
        row = self._connection.execute(
            "SELECT number, pem, made FROM revocation_list ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return None if row is None else (row[0], row[1], dt.datetime.fromisoformat(row[2]))

    def add_list(self, number: int, pem: str, now: dt.datetime) -> None:
        """Remember a new revocation list."""
        self._connection.execute(
            "INSERT INTO revocation_list VALUES (?, ?, ?)", (number, pem, now.isoformat())
        )

    def directory_version(self) -> int:
        """Grows with every change that the device directory shows."""
        return int(self._connection.execute("SELECT version FROM directory").fetchone()[0])

    def _changed(self) -> None:
        self._connection.execute("UPDATE directory SET version = version + 1")


def _kid(certificate: x509.Certificate) -> str:
    return PublicKey.from_certificate(certificate).kid.hex()


_CERTIFICATE = "SELECT pem, use, kid, status, revoked_at, reason FROM certificate"


def _device(row: tuple[str, str, str, str, str]) -> Device:
    name, code, office, environment, status = row
    return Device(name, code, office, Environment(environment), status)


def _certificate_record(
    row: tuple[str, str, str, str, str | None, str | None],
) -> CertificateRecord:
    pem, use, kid, status, revoked_at, reason = row
    since = None if revoked_at is None else dt.datetime.fromisoformat(revoked_at)
    certificate = x509.load_pem_x509_certificate(pem.encode())
    return CertificateRecord(certificate, use, kid, status, since, reason)
