"""A thread that reads batches, the oldest first; what was begun and not finished is read again."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hub.messages.batches import current, store
from hub.messages.batches.cutting import cut
from hub.messages.batches.examining import Rules, Source, findings
from hub.messages.batches.finding import Concern, Finding
from hub.messages.batches.store import BatchProblem, BatchState
from hub.messages.documents import docx
from hub.messages.documents.result import Opened, ReadError, Reading
from hub.messages.sandbox.pool import GROUPS
from hub.office import Office
from hub.standing_work import StandingWork
from hub.storage.tables import DocumentBatch, DocumentFile, DocumentFinding, DocumentPage

AFTER_TROUBLE_S: Final = 10.0
"""Pause when the database cannot be used, so that the log is not flooded."""
SAID_EVERY_S: Final = 0.5
"""How often at most the progress is written down and told."""
MOST_ATTEMPTS: Final = 3
"""A batch that was begun this often and never finished is refused: something ends the hub."""
LEFT_OUT: Final = "left-out"
UNREAD: Final = (BatchState.WAITING, BatchState.READING)
LOCKED: Final = (ReadError.PASSWORD_NEEDED, ReadError.PASSWORD_WRONG)

logger = logging.getLogger(__name__)


class GivenUpError(Exception):
    """The hub stops, or the batch was discarded while it was read."""


@dataclass(frozen=True)
class Task:
    """A batch to be read: its number and its files, by position."""

    batch: int
    files: tuple[int, ...]


class BatchReader:
    """Reads what waits. One per hub; started and stopped with it."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._work = StandingWork("documents", self.run_once, after_trouble_s=AFTER_TROUBLE_S)
        self._stopping = self._work.stopping

    def start(self) -> None:
        """Start the thread."""
        self._work.start()

    def stop(self) -> None:
        """Give up what is being read; it is read again by the next hub."""
        self._work.stop()

    def run_once(self) -> bool:
        """Read the oldest batch that waits; whether there was one."""
        task = self._next()
        if task is None:
            return False
        progress = Progress(self._office, task, self._stopping.is_set)
        try:
            self._read(task, progress)
        except GivenUpError:
            logger.info("batch %s is given up for now", task.batch)
        self._office.live.say("documents")
        return True

    def _next(self) -> Task | None:
        with self._office.database.reading() as session:
            found = session.scalar(
                select(DocumentBatch.number)
                .where(DocumentBatch.state.in_(UNREAD))
                .order_by(DocumentBatch.number)
                .limit(1)
            )
        return None if found is None else self._begun(found)

    def _begun(self, number: int) -> Task | None:
        """The batch marked as being read; None when somebody discarded it since it was found."""
        with self._office.database.writing() as session:
            batch = store.one(session, number)
            if batch.state not in UNREAD:
                return None
            files = [f for f in store.files(session, number) if f.error != LEFT_OUT]
            batch.state, batch.problem, batch.problem_rows = BatchState.READING.value, None, ""
            batch.attempts += 1
            batch.pages_read, batch.pages_total = 0, 0
            if batch.attempts > MOST_ATTEMPTS:
                _refuse(session, batch, BatchProblem.FILES)
                for file in files:
                    _set_error(session, number, file.position, ReadError.CRASHED)
                return Task(number, ())
        self._office.live.say("documents")
        return Task(number, tuple(file.position for file in files))

    def _read(self, task: Task, progress: "Progress") -> None:
        if not task.files:
            return
        pool = self._office.readers.pool()

        def read(position: int) -> tuple[int, Reading]:
            with self._office.database.reading() as session:
                data = store.content(session, task.batch, position)
            return position, pool.read(data, progress=progress.of(position))

        with ThreadPoolExecutor(pool.size, thread_name_prefix="batch") as threads:
            readings = dict(threads.map(read, task.files))
        progress.check()
        if any(reading.opened is not Opened.OK for reading in readings.values()):
            self._keep_errors(task, readings)
            return
        with self._office.database.reading() as session:
            batch = store.one(session, task.batch)
            if not current.templates_of(session, batch):
                rules = None
            else:
                rules = current.rules(session, batch)
        if rules is None:
            with self._office.database.writing() as session:
                _refuse(session, store.one(session, task.batch), BatchProblem.TEMPLATE)
            return
        self._keep(task, readings, self._find(task, readings, rules, progress))

    def _find(
        self, task: Task, readings: dict[int, Reading], rules: Rules, progress: "Progress"
    ) -> list[Finding]:
        """What is on the pages of every file; what cannot be cut out is held."""
        made: list[Finding] = []
        for position in task.files:
            reading = readings[position]
            source = Source(dict(enumerate(reading.pages, 1)), reading.warnings)
            made += findings(source, rules, file=position, first=len(made) + 1)
            progress.check()
        return [
            one if works else _with_concern(one, Concern("cannot-cut"))
            for one, works in zip(made, self._cut(task, made, progress), strict=True)
        ]

    def _cut(self, task: Task, made: Sequence[Finding], progress: "Progress") -> list[bool]:
        """Whether the pages of each finding can be cut out of their file."""
        pool, found = self._office.readers.pool(), list[bool]()
        for position in task.files:
            own = [one for one in made if one.file == position]
            with self._office.database.reading() as session:
                data = store.content(session, task.batch, position)
            if docx.is_docx(data):
                found += [True] * len(own)
                continue
            groups = [[page - 1 for page in one.pages] for one in own]
            at_once = pool.size * GROUPS
            for at in range(0, len(groups), at_once):
                progress.check()
                cuts = cut(pool, data, groups[at : at + at_once])
                found += [one is not None for one in cuts]
        return found

    def _keep_errors(self, task: Task, readings: dict[int, Reading]) -> None:
        with self._office.database.writing() as session:
            batch = _still_reading(session, task)
            errors = {position: reading.error for position, reading in readings.items()}
            for position, error in errors.items():
                _set_error(session, task.batch, position, error)
            wrong = {error for error in errors.values() if error is not None}
            locked = bool(wrong) and wrong <= set(LOCKED)
            _refuse(session, batch, BatchProblem.PASSWORD if locked else BatchProblem.FILES)

    def _keep(self, task: Task, readings: dict[int, Reading], made: Sequence[Finding]) -> None:
        """Everything at once: a batch is read whole, or not at all."""
        with self._office.database.writing() as session:
            batch = _still_reading(session, task)
            session.execute(delete(DocumentPage).where(DocumentPage.batch == task.batch))
            session.execute(delete(DocumentFinding).where(DocumentFinding.batch == task.batch))
            for position, reading in readings.items():
                store.put_pages(session, task.batch, position, reading.pages)
                session.execute(
                    update(DocumentFile)
                    .where(DocumentFile.batch == task.batch, DocumentFile.position == position)
                    .values(
                        pages=len(reading.pages),
                        error=None,
                        warnings=store.warnings_text(reading.warnings),
                    )
                )
            session.add_all(
                DocumentFinding(batch=task.batch, number=one.number, content=one.encode())
                for one in made
            )
            session.flush()
            total = sum(len(reading.pages) for reading in readings.values())
            batch.pages_read, batch.pages_total, batch.attempts = total, total, 0
            current.count(session, batch, current.items(session, batch))


class Progress:
    """Writes down how many pages are read, now and then, and gives up when nobody wants them."""

    def __init__(self, office: Office, task: Task, stopping: Callable[[], bool]) -> None:
        self._office = office
        self._task = task
        self._stopping = stopping
        self._lock = threading.Lock()
        self._read = dict.fromkeys(task.files, 0)
        self._total = dict.fromkeys(task.files, 0)
        self._said = time.monotonic()

    def of(self, position: int) -> Callable[[int, int], None]:
        """The progress of one file."""

        def step(read: int, total: int) -> None:
            with self._lock:
                self._read[position], self._total[position] = read, total
                now = time.monotonic()
                soon = now - self._said < SAID_EVERY_S
                if not soon:
                    self._said = now
                done, whole = sum(self._read.values()), sum(self._total.values())
            if self._stopping():
                raise GivenUpError
            if not soon:
                self._say(done, whole)

        return step

    def check(self) -> None:
        """GivenUpError when the hub stops."""
        if self._stopping():
            raise GivenUpError

    def _say(self, read: int, total: int) -> None:
        with self._office.database.writing() as session:
            batch = _still_reading(session, self._task)
            batch.pages_read, batch.pages_total = read, total
        self._office.live.say("documents")


def _still_reading(session: Session, task: Task) -> DocumentBatch:
    """The batch; GivenUpError when somebody discarded it meanwhile."""
    batch = store.one(session, task.batch)
    if batch.state != BatchState.READING:
        raise GivenUpError
    return batch


def _refuse(session: Session, batch: DocumentBatch, problem: BatchProblem) -> None:
    batch.state, batch.problem = BatchState.REFUSED.value, problem.value
    batch.attempts = 0
    session.flush()


def _set_error(session: Session, batch: int, position: int, error: ReadError | None) -> None:
    session.execute(
        update(DocumentFile)
        .where(DocumentFile.batch == batch, DocumentFile.position == position)
        .values(error=None if error is None else error.value)
    )


def _with_concern(one: Finding, concern: Concern) -> Finding:
    examined = replace(one.examined, concerns=(concern, *one.examined.concerns))
    return replace(one, examined=examined)
