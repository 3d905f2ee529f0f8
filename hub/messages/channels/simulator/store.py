"""What the simulator has taken, in a file of its own: it survives when the hub is killed."""

import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

TABLES: Final = """
create table if not exists item (
  number integer primary key autoincrement, key text not null, place text not null,
  kind text not null, purpose text not null, title text not null, legal integer not null,
  language text not null, large integer not null, content blob not null, message_id text not null,
  taken_us integer not null, read_us integer, calls integer not null default 1
);
create unique index if not exists item_key on item (key) where kind <> 'keyless';
create index if not exists item_place on item (kind, place);
create table if not exists report (
  number integer primary key autoincrement, key text not null, kind text not null,
  reason text not null, suppress integer not null, time_us integer not null
);
"""


@dataclass(frozen=True)
class Item:
    """Something that was handed over. calls: how often, under the same key."""

    number: int
    key: str
    place: str
    kind: str
    purpose: str
    title: str
    legal: bool
    language: str
    large: bool
    content: bytes
    message_id: str
    taken_us: int
    read_us: int | None
    calls: int

    @property
    def reference(self) -> str:
        """The simulator's own name for it."""
        return f"S{self.number:08d}"


class Store:
    """One file; every method is one transaction and may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.execute("pragma journal_mode=wal")
        self._connection.execute("pragma synchronous=normal")
        self._connection.executescript(TABLES)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def take(self, kind: str, given: dict[str, Any], content: bytes, *, keyless: bool) -> Item:
        """Keep something, or count up what is kept under this key; `keyless` keeps it anew."""
        place = str(given["place"])
        with self._lock, self._connection as connection:
            if not keyless:
                known = connection.execute(
                    "update item set calls = calls + 1 where key = ? returning *", (given["key"],)
                ).fetchone()
                if known is not None:
                    return _item(known)
            row = connection.execute(
                "insert into item (key, place, kind, purpose, title, legal, language, large,"
                " content, message_id, taken_us) values (?,?,?,?,?,?,?,?,?,?,?) returning *",
                (
                    given["key"],
                    place,
                    "keyless" if keyless else kind,
                    str(given.get("purpose", "")),
                    str(given.get("title", "")),
                    bool(given.get("legal", False)),
                    str(given.get("language", "ja")),
                    bool(given.get("large_print", False)),
                    content,
                    str(given.get("message_id", "")),
                    _now_us(),
                ),
            ).fetchone()
        return _item(row)

    def report(self, key: str, kind: str, reason: str = "", *, suppress: bool = False) -> None:
        """Say something about a hand-over to whoever asks for reports."""
        with self._lock, self._connection as connection:
            connection.execute(
                "insert into report (key, kind, reason, suppress, time_us) values (?,?,?,?,?)",
                (key, kind, reason, suppress, _now_us()),
            )

    def reports(self, after: int, most: int) -> list[tuple[int, dict[str, Any]]]:
        """Reports after the number `after`, oldest first, each with its number."""
        with self._lock:
            rows = self._connection.execute(
                "select number, key, kind, reason, suppress, time_us from report"
                " where number > ? order by number limit ?",
                (after, most),
            ).fetchall()
        names = ("key", "kind", "reason", "suppress", "time_us")
        found: list[tuple[int, dict[str, Any]]] = [
            (int(row[0]), dict(zip(names, row[1:], strict=True))) for row in rows
        ]
        for _, one in found:
            one["suppress"] = bool(one["suppress"])
        return found

    def read(self, number: int) -> None:
        """The resident opened it; reported the first time."""
        with self._lock, self._connection as connection:
            row = connection.execute(
                "update item set read_us = ? where number = ? and read_us is null returning key",
                (_now_us(), number),
            ).fetchone()
        if row is not None:
            self.report(str(row[0]), "read")

    def items(self, kind: str = "", place: str = "") -> list[Item]:
        """What was taken, newest first: all, of one kind, or in one place."""
        with self._lock:
            rows = self._connection.execute(
                "select * from item where (? = '' or kind = ?) and (? = '' or place = ?)"
                " order by number desc",
                (kind, kind, place, place),
            ).fetchall()
        return [_item(row) for row in rows]

    def item(self, number: int) -> Item | None:
        """One item by its number."""
        with self._lock:
            row = self._connection.execute(
                "select * from item where number = ?", (number,)
            ).fetchone()
        return None if row is None else _item(row)

    def places(self) -> list[tuple[str, str, int, int]]:
        """Kind, place, how much lies there and how much of it is unread."""
        with self._lock:
            rows = self._connection.execute(
                "select kind, place, count(*), sum(read_us is null) from item"
                " group by kind, place order by kind, place"
            ).fetchall()
        return [(str(a), str(b), int(c), int(d)) for a, b, c, d in rows]


def _item(row: Any) -> Item:  # noqa: ANN401 - a row of sqlite3 has no type
    values = list(row)
    values[6], values[8] = bool(values[6]), bool(values[8])
    return Item(*values)


def _now_us() -> int:
    return time.time_ns() // 1000
