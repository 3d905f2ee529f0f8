"""The outbox: one chain, one transaction, and rows that only a receipt closes."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge.errors import OutboxError, OutboxFullError
from edge.outbox import Composed, Outbox, Place, RowState

KID = b"k" * 16
DAY = "2026-11-23"


def compose(place: Place) -> Composed:
    body = b"%d|" % place.sequence + (place.previous or b"-")
    return Composed(
        hashlib.sha256(body).digest(),
        body,
        f"event-{body.hex()}",
        "notification",
        f"R-{place.day_counter}",
        "filed",
        1,
    )


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox")


def test_sequence_chain_and_counter_go_on_over_a_restart(tmp_path: Path) -> None:
    first = Outbox(tmp_path)
    one = first.file(KID, DAY, 1, compose)
    first.close_files()
    second = Outbox(tmp_path)
    two = second.file(KID, DAY, 2, compose)
    assert (one.sequence, one.previous, one.reception_number) == (1, None, "R-1")
    assert (two.sequence, two.previous, two.reception_number) == (2, one.identity, "R-2")


def test_each_day_counts_from_one_and_each_key_has_its_chain(outbox: Outbox) -> None:
    outbox.file(KID, DAY, 1, compose)
    next_day = outbox.file(KID, "2026-11-24", 2, compose)
    assert (next_day.sequence, next_day.reception_number) == (2, "R-1")

    def other(place: Place) -> Composed:
        made = compose(place)
        return Composed(b"o" * 32, made.envelope, "other", "n", "R", "filed", 1)

    assert outbox.file(b"other key", "2026-11-24", 3, other).sequence == 1


def test_composing_that_fails_takes_no_place(outbox: Outbox) -> None:
    def broken(_place: Place) -> Composed:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        outbox.file(KID, DAY, 1, broken)
    assert outbox.file(KID, DAY, 1, compose).sequence == 1


def test_bytes_come_back_unchanged(outbox: Outbox) -> None:
    row = outbox.file(KID, DAY, 1, compose)
    assert outbox.envelope(row.identity) == b"1|-"
    assert outbox.envelope(b"unknown") is None


def test_a_receipt_closes_its_row_and_no_other(outbox: Outbox) -> None:
    one, two = (outbox.file(KID, DAY, n, compose) for n in (1, 2))
    assert not outbox.close(b"another identity", RowState.JOURNALLED, b"r", 9, None)
    assert outbox.close(one.identity, RowState.JOURNALLED, b"r", 9, None)
    assert outbox.waiting() == (two.identity,)
    assert outbox.receipt(one.identity) == b"r"


def test_quarantine_stays_visible_and_may_become_journalled_never_back(outbox: Outbox) -> None:
    row = outbox.file(KID, DAY, 1, compose)
    outbox.close(row.identity, RowState.QUARANTINED, b"q", 9, "unknown_key")
    assert outbox.rows(RowState.QUARANTINED)[0].reason == "unknown_key"
    assert outbox.close(row.identity, RowState.JOURNALLED, b"j", 10, None)
    assert not outbox.close(row.identity, RowState.QUARANTINED, b"q", 11, "conflict")
    assert outbox.rows()[0].state is RowState.JOURNALLED


def test_only_journalled_bytes_are_forgotten_after_their_time(outbox: Outbox) -> None:
    kept, young, old = (outbox.file(KID, DAY, n, compose) for n in (1, 2, 3))
    outbox.close(kept.identity, RowState.QUARANTINED, b"q", 10, "conflict")
    outbox.close(young.identity, RowState.JOURNALLED, b"j", 200, None)
    outbox.close(old.identity, RowState.JOURNALLED, b"j", 10, None)
    assert outbox.forget(before_us=100) == 1
    assert [outbox.envelope(r.identity) is None for r in (kept, young, old)] == [False, False, True]
    assert outbox.reopen(since_us=0) == 2
    assert outbox.waiting() == (kept.identity, young.identity)


def test_a_reserve_that_is_not_there_refuses_the_new_and_keeps_the_old(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    row = outbox.file(KID, DAY, 1, compose)
    outbox.close_files()
    greedy = Outbox(tmp_path, reserve_bytes=1 << 60)
    with pytest.raises(OutboxFullError, match="safe"):
        greedy.demand_room()
    with pytest.raises(OutboxFullError, match="operator"):
        greedy.file(KID, DAY, 2, compose)
    assert greedy.waiting() == (row.identity,)
    assert greedy.close(row.identity, RowState.JOURNALLED, b"j", 3, None)


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    Outbox(tmp_path).close_files()
    with closing(sqlite3.connect(tmp_path / "outbox.sqlite3")) as database, database:
        database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(OutboxError, match="newer version"):
        Outbox(tmp_path)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "outbox.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(OutboxError, match="cannot be opened"):
        Outbox(tmp_path)


def test_every_commit_is_synced(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    assert outbox.check() == "ok"
    settings = [
        outbox._db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "wal_autocheckpoint")
    ]
    assert settings == ["wal", 2, 20]
    assert isinstance(outbox._db, sqlite3.Connection)
