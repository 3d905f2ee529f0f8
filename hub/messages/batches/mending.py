"""Refused batches set going again: a password, another try, or going on without what is broken."""

import hashlib
from collections.abc import Sequence
from typing import Final

from sqlalchemy import update

from hub.accounts.staff import StaffMember
from hub.messages.batches import store
from hub.messages.batches.errors import GivenProblem, GivenRefusedError, NotAllowedHereError
from hub.messages.batches.reader import LEFT_OUT, LOCKED
from hub.messages.batches.store import BatchProblem, BatchState
from hub.messages.batches.taking import note, require_author
from hub.messages.documents.result import Opened, ReadError
from hub.messages.sandbox.pool import Pool
from hub.office import Office
from hub.storage.tables import DocumentBatch, DocumentFile

AGAIN: Final = frozenset({ReadError.TIME_LIMIT, ReadError.MEMORY_LIMIT, ReadError.CRASHED})
"""Errors that may be the machine's and not the document's."""


def unlock(office: Office, staff: StaffMember, number: int, password: str) -> None:
    """Keep what a password opens without its lock, so that the password itself is never kept.

    GivenRefusedError when it opens none of the locked files; Word documents are not opened.
    """
    require_author(staff)
    with office.database.reading() as session:
        batch = store.one(session, number)
        _refused_for(batch, BatchProblem.PASSWORD)
        locked = {
            file.position: store.content(session, number, file.position)
            for file in store.files(session, number)
            if file.error in LOCKED
        }
    pool = office.readers.pool()
    opened = {position: _opened(pool, data, password) for position, data in locked.items()}
    found = {position: data for position, data in opened.items() if data is not None}
    if not found:
        raise GivenRefusedError(GivenProblem.PASSWORD_WRONG)
    with office.journal.appending() as append:
        session = append.session
        batch = store.one(session, number)
        _refused_for(batch, BatchProblem.PASSWORD)
        for position, data in found.items():
            session.execute(
                update(DocumentFile)
                .where(DocumentFile.batch == number, DocumentFile.position == position)
                .values(content=data, error=None)
            )
        if len(found) == len(locked):
            _wait(batch)
        hashes = [hashlib.sha256(data).digest() for data in found.values()]
        body = {"action": "unlock", "files": sorted(found), "sha256": hashes}
        note(append, staff, number, "unlock", body)
    office.live.say("documents")


def read_again(office: Office, staff: StaffMember, number: int) -> None:
    """Read a refused batch once more."""
    require_author(staff)
    with office.journal.appending() as append:
        batch = store.one(append.session, number)
        if batch.state != BatchState.REFUSED or batch.problem == BatchProblem.LIST:
            raise NotAllowedHereError("there is nothing to be read again")
        _wait(batch)
        note(append, staff, number, "read-again", {"action": "read-again"})
    office.live.say("documents")


def leave_out(office: Office, staff: StaffMember, number: int) -> None:
    """Go on without the files that cannot be read; NotAllowedHereError when that leaves none."""
    require_author(staff)
    with office.journal.appending() as append:
        session = append.session
        batch = store.one(session, number)
        files = store.files(session, number)
        broken = [file.position for file in files if file.error not in (None, LEFT_OUT)]
        read = [file for file in files if file.error is None]
        if batch.state != BatchState.REFUSED or not broken or not read:
            raise NotAllowedHereError("nothing would be left to read; give other documents")
        session.execute(
            update(DocumentFile)
            .where(DocumentFile.batch == number, DocumentFile.position.in_(broken))
            .values(error=LEFT_OUT, content=None)
        )
        _wait(batch)
        note(append, staff, number, "leave-out", {"action": "leave-out", "files": broken})
    office.live.say("documents")


def _opened(pool: Pool, data: bytes, password: str) -> bytes | None:
    """The same pages without a lock; None when the password does not open them."""
    reading = pool.read(data, password)
    if reading.opened is not Opened.OK:
        return None
    whole: Sequence[Sequence[int]] = [range(len(reading.pages))]
    return pool.cut(data, whole, password)[0]


def _refused_for(batch: DocumentBatch, problem: BatchProblem) -> None:
    if (batch.state, batch.problem) != (BatchState.REFUSED, problem):
        raise NotAllowedHereError("no password is asked for here")


def _wait(batch: DocumentBatch) -> None:
    batch.state, batch.problem, batch.problem_rows = BatchState.WAITING.value, None, ""
    batch.attempts = 0
