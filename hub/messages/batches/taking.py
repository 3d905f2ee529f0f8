"""Taking in documents with their list: what is accepted is in the database, or nothing is."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hub.accounts.staff import StaffMember
from hub.errors import RoleError
from hub.file_names import shown_name
from hub.log.entry import EntryKind
from hub.log.journal import Append
from hub.messages.addressing import addressees
from hub.messages.addressing.addressees import ListProblem, WrongListError
from hub.messages.batches import store
from hub.messages.batches.errors import GivenProblem, GivenRefusedError, NotAllowedHereError
from hub.messages.batches.store import BatchProblem, BatchState
from hub.messages.documents.limits import FILE_BYTES
from hub.messages.template_editor.store import in_force
from hub.office import Office
from hub.storage.tables import DocumentAct, DocumentBatch, DocumentFile
from intake.office.roster import Role

MOST_FILES: Final = 200
NEUTRAL_NAME: Final = "文書 {}件"
"""A batch without a name of its own; by how many files it has."""
MOST_BYTES: Final = 128 * 1024 * 1024
"""Of all files of one batch and their list."""


@dataclass(frozen=True)
class GivenFile:
    """A file as it was given; its name says nothing about what it is."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Given:
    """What an author gives: documents, their list, perhaps a name and the template to read by."""

    files: Sequence[GivenFile]
    people: GivenFile | None
    name: str = ""
    template: str | None = None


def take(
    office: Office,
    staff: StaffMember,
    given: Given,
    beside: Callable[[Append, int], None] = lambda _append, _number: None,
) -> int:
    """Keep documents and list; the batch's number. GivenRefusedError when nothing was kept.

    A list that is wrong is no reason to give the documents again: the batch is kept and waits for
    another list. `beside` writes what belongs to the new batch in the same transaction.
    """
    require_author(staff)
    files = [file for file in given.files if file.content or file.name]
    _check(files, given.people)
    assert given.people is not None
    batch = _new(staff, given.name or NEUTRAL_NAME.format(len(files)), given.template)
    problem = put_list(batch, given.people)
    if not given.name and _for_many(files, batch):
        batch.name = shown_name(files[0].name)
    with office.journal.appending() as append:
        session = append.session
        if given.template and given.template not in {t.name for t in in_force(session)}:
            raise GivenRefusedError(GivenProblem.UNKNOWN_TEMPLATE)
        batch.created_us = append.time_us
        session.add(batch)
        session.flush()
        session.add_all(_file(batch.number, n, file) for n, file in enumerate(files, 1))
        body = {
            "action": "upload",
            "files": [hashlib.sha256(file.content).digest() for file in files],
            "list": batch.list_sha256,
            "template": given.template or "",
        }
        note(append, staff, batch.number, "upload", body, code=problem or "")
        beside(append, batch.number)
    office.live.say("documents")
    return batch.number


def _for_many(files: Sequence[GivenFile], batch: DocumentBatch) -> bool:
    """Whether one file is for several people, so that it is not named after one of them.

    Everybody in the office sees a batch's name, protected persons' files among the batch or not.
    """
    if len(files) > 1 or batch.list_content is None:
        return False
    return len(store.persons(batch).persons) > 1


def _new(staff: StaffMember, name: str, template: str | None) -> DocumentBatch:
    return DocumentBatch(
        name=shown_name(name),
        template=template or None,
        state=BatchState.WAITING.value,
        problem_rows="",
        created_by=staff.login,
        attempts=0,
        pages_read=0,
        pages_total=0,
        ready=0,
        held=0,
        handed=0,
    )


def replace_list(office: Office, staff: StaffMember, number: int, people: GivenFile) -> None:
    """Another list for a batch whose list was wrong."""
    require_author(staff)
    if not people.content:
        raise GivenRefusedError(GivenProblem.NO_LIST)
    with office.journal.appending() as append:
        batch = store.one(append.session, number)
        if (batch.state, batch.problem) != (BatchState.REFUSED, BatchProblem.LIST):
            raise NotAllowedHereError("the list of this batch is in use")
        problem = put_list(batch, people)
        body: dict[str, object] = {"action": "list", "list": batch.list_sha256}
        note(append, staff, number, "list", body, code=problem or "")
    office.live.say("documents")


def put_list(batch: DocumentBatch, people: GivenFile) -> ListProblem | None:
    """Put a list into a batch, which then waits to be read, or says what is wrong with the list."""
    batch.list_name = shown_name(people.name)
    batch.list_sha256 = hashlib.sha256(people.content).digest()
    try:
        addressees.read(people.content)
    except WrongListError as wrong:
        batch.list_content = None
        batch.state, batch.problem = BatchState.REFUSED.value, BatchProblem.LIST.value
        rows = [[line, problem.value] for line, problem in wrong.lines]
        batch.problem_rows = json.dumps(rows or [[None, wrong.problem.value]])
        return wrong.problem
    batch.list_content = people.content
    batch.state, batch.problem, batch.problem_rows = BatchState.WAITING.value, None, ""
    return None


def note(
    append: Append,
    staff: StaffMember,
    batch: int,
    action: str,
    body: Mapping[str, object],
    *,
    item: int | None = None,
    pages: str = "",
    code: str = "",
    content: bytes | None = None,
) -> int:
    """Write an act into the log and beside its batch; returns its number in the batch."""
    number = store.next_act(append.session, batch)
    index = append.office(
        EntryKind.DOCUMENT, staff.login, {**body, "batch": batch, "staff_id": staff.staff_id}
    )
    append.session.add(
        DocumentAct(
            batch=batch,
            number=number,
            action=action,
            item=item,
            pages=pages,
            code=code,
            actor=staff.login,
            time_us=append.time_us,
            log_index=index,
            content=content,
        )
    )
    append.session.flush()
    return number


def require_author(staff: StaffMember) -> None:
    """RoleError unless the account prepares documents."""
    if not staff.has(Role.AUTHOR):
        raise RoleError("preparing documents is an author's work")


def _check(files: Sequence[GivenFile], people: GivenFile | None) -> None:
    if not files:
        raise GivenRefusedError(GivenProblem.NO_FILE)
    if people is None or not (people.content or people.name):
        raise GivenRefusedError(GivenProblem.NO_LIST)
    if len(files) > MOST_FILES:
        raise GivenRefusedError(GivenProblem.TOO_MANY_FILES)
    sizes = [len(file.content) for file in files]
    if max(sizes) > FILE_BYTES or sum(sizes) + len(people.content) > MOST_BYTES:
        raise GivenRefusedError(GivenProblem.TOO_LARGE)


def _file(batch: int, position: int, file: GivenFile) -> DocumentFile:
    return DocumentFile(
        batch=batch,
        position=position,
        file_name=shown_name(file.name),
        sha256=hashlib.sha256(file.content).digest(),
        content=file.content,
        pages=0,
        warnings="[]",
    )
