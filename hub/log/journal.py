"""Appending to the log: leaves, tree and signed checkpoint become durable in one commit."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from hub.clock import Clock
from hub.errors import StateError
from hub.log.entry import SYSTEM, EntryKind, OfficeEntry, identity_of
from hub.log.tree import Tree
from hub.storage.base import Base
from hub.storage.database import Database
from hub.storage.tables import Checkpoint, Epoch, LogEntry
from intake.event import checkpoint as checkpoints
from intake.event.keys import Signer
from intake.office.environment import Environment


class ReceiptSigner(Protocol):
    """Holds the key that signs receipts and checkpoints now."""

    def receipt_signer(self) -> Signer:
        """The active receipt key."""
        ...


class Append:
    """One open transaction on the log. Entries get their index at once, the tree at the end."""

    def __init__(self, session: Session, time_us: int) -> None:
        self.session = session
        self.time_us = time_us
        self.tree = Tree(session)
        self.first = self.tree.size()
        self.checkpoint: Checkpoint | None = None
        self._identities: list[bytes] = []
        self._rows: dict[type[Base], list[dict[str, object]]] = {LogEntry: []}

    @property
    def size(self) -> int:
        """The number of leaves with those appended so far."""
        return self.first + len(self._identities)

    def office(self, kind: EntryKind, actor: str, body: Mapping[str, object]) -> int:
        """Append an office entry; returns its index."""
        payload = OfficeEntry(kind, actor, self.time_us, {**body, "entry": self.size}).encode()
        return self.leaf(kind, identity_of(payload), actor, payload)

    def leaf(
        self, kind: EntryKind, identity: bytes, actor: str, payload: bytes | None = None
    ) -> int:
        """Append any leaf; returns its index. Its row is there when the Append closes."""
        index = self.size
        self._identities.append(identity)
        row = {
            "index": index,
            "kind": kind.value,
            "identity": identity,
            "recorded_us": self.time_us,
            "actor": actor,
            "payload": payload,
        }
        self.later(LogEntry, row)
        return index

    def later(self, table: type[Base], row: Mapping[str, object]) -> None:
        """Insert `row` when the Append closes, together with the others of its table."""
        self._rows.setdefault(table, []).append(dict(row))

    def close(self) -> int:
        """Complete the tree; returns how many leaves were added."""
        for table, rows in self._rows.items():
            if rows:
                self.session.execute(insert(table), rows)
        self.tree.append(self.first, self._identities)
        return len(self._identities)


class Journal:
    """The log of one office. Every process that appends takes the database's write lock."""

    def __init__(
        self,
        database: Database,
        signer: ReceiptSigner,
        office: str,
        environment: Environment,
        clock: Clock,
    ) -> None:
        self.database = database
        self.clock = clock
        self._signer = signer
        self._office = office
        self._environment = environment
        self.appended: list[Callable[[], None]] = []

    @contextmanager
    def appending(self) -> Generator[Append]:
        """Append entries and whatever rows belong to them, in one transaction.

        On leaving, tree and checkpoint are written and everything is committed; `checkpoint` of
        the Append is then the one that covers the new entries. StorageError when it cannot be.
        """
        with self.database.writing() as session:
            append = Append(session, self.clock())
            yield append
            if append.close():
                append.checkpoint = self._sign(append)
        for listener in self.appended:
            listener()

    def open_epoch(self, reason: str, actor: str = SYSTEM) -> int:
        """Begin a new life of the log (the first, or the one after a restore)."""
        with self.appending() as append:
            last = append.session.scalar(select(func.max(Epoch.number))) or 0
            body = {"epoch": last + 1, "reason": reason, "size": append.first}
            append.session.add(
                Epoch(
                    number=last + 1,
                    started_us=append.time_us,
                    first_size=append.first,
                    reason=reason,
                )
            )
            append.session.flush()
            append.office(EntryKind.EPOCH, actor, body)
            return last + 1

    def newest_checkpoint(self, session: Session) -> Checkpoint:
        """The checkpoint that covers the whole log; StateError before the first entry."""
        found = session.scalar(
            select(Checkpoint).order_by(Checkpoint.epoch.desc(), Checkpoint.size.desc()).limit(1)
        )
        if found is None:
            raise StateError("the log is empty; run `madoguchi-hub init`")
        return found

    def _sign(self, append: Append) -> Checkpoint:
        session, size = append.session, append.size
        epoch = session.scalar(select(func.max(Epoch.number)))
        if epoch is None:
            raise StateError("the log has no epoch; run `madoguchi-hub init`")
        root = append.tree.root(size)
        statement = checkpoints.Checkpoint(
            self._office, self._environment, epoch, size, root, append.time_us
        )
        row = Checkpoint(
            epoch=epoch,
            size=size,
            root=root,
            time_us=append.time_us,
            signed=checkpoints.sign_checkpoint(statement, self._signer.receipt_signer()),
        )
        session.add(row)
        return row
