"""Documents with their list that a core system hands in: a batch like any other, taken once."""

import hashlib
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.accounts.systems import CoreSystem
from hub.log.journal import Append
from hub.messages.batches import deciding, taking
from hub.messages.batches.taking import Given
from hub.messages.systems import own
from hub.office import Office
from hub.storage.tables import DocumentBatch, SystemBatch
from intake.office.roster import Role

MOST: Final = 200


@dataclass(frozen=True)
class TakenBatch:
    """The batch of a key. new: false when it was handed in before; same: with the same content."""

    number: int
    new: bool
    same: bool = True


class _KnownError(Exception):
    """The same key came a second time while the first was being taken in."""


def take(office: Office, system: CoreSystem, key: str, given: Given) -> TakenBatch:
    """Take in documents and list under an idempotency key; GivenRefusedError as for staff."""
    digest, key_sha256 = _digest(given), hashlib.sha256(key.encode()).digest()
    with office.database.reading() as session:
        known = _known(session, system.name, key_sha256, digest)
    if known is not None:
        return known

    def keep(append: Append, number: int) -> None:
        if _known(append.session, system.name, key_sha256, digest) is not None:
            raise _KnownError
        append.session.add(
            SystemBatch(
                batch=number,
                system=system.name,
                key_sha256=key_sha256,
                given_sha256=digest,
                received_us=append.time_us,
            )
        )

    try:
        return TakenBatch(taking.take(office, author(system), given, keep), new=True)
    except _KnownError:
        with office.database.reading() as session:
            found = _known(session, system.name, key_sha256, digest)
        assert found is not None
        return found


def discard(office: Office, system: CoreSystem, number: str) -> None:
    """Throw away a batch of which nothing was handed over; ConflictError when something was."""
    with office.database.reading() as session:
        found = own.batch(session, system.name, number).number
    deciding.discard(office, author(system), found)


def listed(session: Session, system: str, before: int | None, most: int) -> list[DocumentBatch]:
    """Batches of this system, newest first."""
    mine = select(SystemBatch.batch).where(SystemBatch.system == system)
    query = select(DocumentBatch).where(DocumentBatch.number.in_(mine))
    if before is not None:
        query = query.where(DocumentBatch.number < before)
    return list(session.scalars(query.order_by(DocumentBatch.number.desc()).limit(most)))


def author(system: CoreSystem) -> StaffMember:
    """The system as whoever prepares documents: its name in acts and log, no right to send."""
    return StaffMember(system.actor, system.actor, system.name, frozenset({Role.AUTHOR}))


def _known(session: Session, system: str, key_sha256: bytes, digest: bytes) -> TakenBatch | None:
    row = session.scalar(
        select(SystemBatch).where(
            SystemBatch.system == system, SystemBatch.key_sha256 == key_sha256
        )
    )
    if row is None:
        return None
    return TakenBatch(row.batch, new=False, same=row.given_sha256 == digest)


def _digest(given: Given) -> bytes:
    """The hash of everything that was given, in its order."""
    parts = [given.name.encode(), (given.template or "").encode()]
    for file in (given.people, *given.files):
        if file is not None:
            parts += [file.name.encode("utf-8", "replace"), hashlib.sha256(file.content).digest()]
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.digest()
