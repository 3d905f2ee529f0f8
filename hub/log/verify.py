"""Checks the whole log against what was signed: leaves, tree, checkpoints, parts, names."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.log.entry import EntryKind, identity_of
from hub.office import Office
from hub.storage.tables import Checkpoint, IntakeEvent, IntakePart, LogEntry, LogNode
from intake.errors import IntakeError
from intake.event import checkpoint as checkpoints
from intake.event import seal
from intake.event.keyset import KeySet
from intake.event.merkle import MemoryTree


@dataclass(frozen=True)
class LogReport:
    """What was checked and what is wrong; sentences name log indices, never residents."""

    leaves: int
    checkpoints: int
    disposed_parts: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify_log(office: Office) -> LogReport:
    """Recompute everything from the stored bytes alone."""
    with office.database.reading() as session:
        problems: list[str] = []
        tree = MemoryTree()
        roots = {0: tree.root()}
        for row in session.scalars(select(LogEntry).order_by(LogEntry.index)):
            problems += _entry_problems(session, row, tree.size)
            tree.append(row.identity)
            roots[tree.size] = tree.root()
        problems += _node_problems(session, tree)
        signed = session.scalars(select(Checkpoint)).all()
        keyset = _key_set(office)
        for row in signed:
            problems += _checkpoint_problems(row, keyset, roots)
        if not any(row.size == tree.size for row in signed):
            problems.append("the newest checkpoint does not cover the whole log")
        disposed = _missing_parts(session, problems)
        return LogReport(tree.size, len(signed), disposed, tuple(problems))


def _entry_problems(session: Session, row: LogEntry, expected: int) -> Iterator[str]:
    if row.index != expected:
        yield f"entry {row.index}: the one before is missing"
    if row.kind == EntryKind.INTAKE.value:
        event = session.get(IntakeEvent, row.identity)
        if event is None or event.log_index != row.index:
            yield f"entry {row.index}: its event is missing"
        elif _identity(event.sealed) != row.identity:
            yield f"entry {row.index}: its event is not the one that was logged"
    elif row.payload is None or identity_of(row.payload) != row.identity:
        yield f"entry {row.index}: its content is not what was logged"


def _identity(sealed: bytes) -> bytes | None:
    try:
        return seal.read_sealed(sealed).identity
    except IntakeError:
        return None


def _node_problems(session: Session, tree: MemoryTree) -> Iterator[str]:
    for row in session.scalars(select(LogNode)):
        try:
            expected = tree.node(row.level, row.position)
        except IndexError:
            yield f"node {row.level}/{row.position} belongs to no entry"
            continue
        if expected != row.hash:
            yield f"node {row.level}/{row.position} is not the hash of its entries"


def _checkpoint_problems(row: Checkpoint, keyset: KeySet, roots: dict[int, bytes]) -> Iterator[str]:
    where = f"checkpoint {row.epoch}/{row.size}"
    try:
        statement = checkpoints.verify_checkpoint(row.signed, keyset)
    except IntakeError as error:
        yield f"{where}: {error}"
        return
    if (statement.epoch, statement.size, statement.root) != (row.epoch, row.size, row.root):
        yield f"{where}: the row is not what was signed"
    if roots.get(statement.size) != statement.root:
        yield f"{where}: the log is not the one that was signed"


def _missing_parts(session: Session, problems: list[str]) -> int:
    """Check every kept part against its manifest; returns how many are gone (disposed of)."""
    disposed = 0
    for event in session.scalars(select(IntakeEvent)):
        try:
            manifest = seal.read_sealed(event.sealed).manifest
        except IntakeError:
            continue
        rows = session.scalars(select(IntakePart).where(IntakePart.identity == event.identity))
        kept = {row.name: row.sealed for row in rows}
        for entry in manifest.parts:
            data = kept.get(entry.name.value)
            if data is None:
                disposed += 1
            elif hashlib.sha256(data).digest() != entry.sealed_sha256:
                problems.append(f"entry {event.log_index}: part {entry.name.value} was changed")
    return disposed


def _key_set(office: Office) -> KeySet:
    """All signing keys of the ring, retired ones too, as the key set would name them."""
    return KeySet(
        office=office.settings.office.code,
        environment=office.settings.office.environment,
        version=1,
        issued_us=0,
        expires_us=1,
        signing_keys=office.ring.hub_keys(),
        reader_keys=office.ring.reader_keys(),
    )
