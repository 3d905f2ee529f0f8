"""The outbox looked at from outside the running unit: list, verify, status. Opens it read-only."""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from edge.errors import OutboxError
from edge.office.kept_words import KeptWords
from edge.outbox.ballast import Ballast
from edge.settings import Settings
from edge.unit import Unit
from edge.unit import load as load_unit
from intake.errors import IntakeError
from intake.event import envelope as envelopes
from intake.event import seal
from intake.event.envelope import Envelope
from intake.event.keyset import KeySet, read_keyset
from intake.event.receipt import verify_receipt

Json = dict[str, object]
MIB = 1 << 20


def listed(settings: Settings, state: str | None) -> list[Json]:
    """Rows as plain values, newest first; `state` chooses one state."""
    query = (
        "SELECT sequence, hex(identity) AS identity, event_id, notification_id, "
        "reception_number, kind, revision, filed_us, state, reason FROM event "
        "WHERE ?1 IS NULL OR state = ?1 ORDER BY row DESC"
    )
    with _opened(settings) as database:
        return [dict(row) for row in database.execute(query, (state,))]


def verified(settings: Settings) -> Json:
    """Check file, chain, every seal that is kept and every receipt.

    `problems` names each failure by sequence.
    """
    unit = load_unit(settings.unit.identity, settings.broker.addresses)
    keys = KeptWords(settings.unit.state / "office").get("keys")
    keyset = None if keys is None else read_keyset(keys, unit.office_anchor)
    with _opened(settings) as database:
        file = str(database.execute("PRAGMA integrity_check").fetchone()[0])
        rows = database.execute(
            "SELECT event.*, CAST(bytes AS BLOB) AS bytes "
            "FROM event LEFT JOIN envelope USING (row) ORDER BY row"
        ).fetchall()
    problems = [] if file == "ok" else [f"database: {file}"]
    problems += _chain(rows)
    for row in rows:
        problems += _row_problems(row, unit, keyset)
    receipts = sum(row["receipt"] is not None for row in rows)
    return {"ok": not problems, "rows": len(rows), "receipts": receipts, "problems": problems}


def state_of(settings: Settings) -> Json:
    """What can be said from the state folder, whether the unit runs or not."""
    with _opened(settings) as database:
        counts = dict(database.execute("SELECT state, count(*) FROM event GROUP BY state"))
        oldest = database.execute(
            "SELECT min(filed_us) FROM event WHERE state = 'waiting'"
        ).fetchone()[0]
    kept = KeptWords(settings.unit.state / "office")
    room = Ballast(
        settings.unit.state / "outbox" / "ballast",
        int(settings.outbox.ballast_mib * MIB),
        int(settings.outbox.reserve_mib * MIB),
    ).room()
    alarm = kept.get("alarm")
    return {
        "waiting": counts.get("waiting", 0),
        "journalled": counts.get("journalled", 0),
        "quarantined": counts.get("quarantined", 0),
        "oldest_waiting_us": oldest,
        "free_bytes": room.free_bytes,
        "room": room.enough,
        "ballast": room.ballast,
        "alarm": alarm.decode() if alarm else None,
    }


@contextmanager
def _opened(settings: Settings) -> Generator[sqlite3.Connection]:
    """The outbox for reading; OutboxError when it is not there or no outbox."""
    path: Path = settings.unit.state / "outbox" / "outbox.sqlite3"
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            yield database
    except sqlite3.Error as error:
        raise OutboxError(f"{path}: cannot be read ({error}); has the unit run yet?") from error


def _chain(rows: list[sqlite3.Row]) -> Iterator[str]:
    last: dict[bytes, tuple[int, bytes | None]] = {}
    for row in rows:
        sequence, identity = last.get(row["kid"], (0, None))
        if row["sequence"] != sequence + 1 or row["previous"] != identity:
            yield f"sequence {row['sequence']}: does not follow its predecessor"
        last[row["kid"]] = (row["sequence"], row["identity"])


def _row_problems(row: sqlite3.Row, unit: Unit, keyset: KeySet | None) -> Iterator[str]:
    name = f"sequence {row['sequence']}"
    if row["bytes"] is not None:
        try:
            envelope = envelopes.decode(row["bytes"])
            assert isinstance(envelope, Envelope)
            sealed = seal.read_sealed(envelope.sealed)
            if sealed.kid == unit.signing.kid:
                seal.verify(sealed, unit.signing.public)
            envelopes.check_parts(sealed.manifest, envelope.parts)
            if sealed.identity != row["identity"]:
                yield f"{name}: the bytes are not those of its identity"
        except IntakeError as error:
            yield f"{name}: {error}"
    if row["receipt"] is not None and keyset is not None:
        try:
            verify_receipt(row["receipt"], keyset, row["identity"], digest=row["digest"])
        except IntakeError as error:
            yield f"{name}: its receipt does not verify ({error})"
