"""A person decides about pages: checked against what they saw, logged, and undone as one act.

A decision is refused when the pages have changed since they were looked at, when it would change
what was handed over, or when it does not settle why they are held.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import delete, update

from hub.accounts.staff import StaffMember
from hub.errors import NotFoundError, ProtectedPersonError
from hub.log.journal import Append
from hub.messages.addressing.addressees import Addressee
from hub.messages.batches import current, fixes, store
from hub.messages.batches.errors import (
    GivenProblem,
    GivenRefusedError,
    HandedOverError,
    ItemChangedError,
    NotAllowedHereError,
)
from hub.messages.batches.fixes import ACCEPTABLE, FOR_ALL, KINDS, Fix
from hub.messages.batches.settling import Found, Item, ItemState, differing_names, settle
from hub.messages.batches.store import READ, BatchState
from hub.messages.batches.taking import note, require_author
from hub.messages.batches.typed_values import read_typed
from hub.office import Office
from hub.storage.tables import (
    DocumentAct,
    DocumentBatch,
    DocumentFile,
    DocumentFinding,
    DocumentPage,
)
from intake.office.roster import Role

Make = Callable[[Item, Found], Fix]
UNDO: Final = "undo"


@dataclass(frozen=True)
class Seen:
    """The item that a decision is about, and the fingerprint of what was looked at."""

    batch: int
    item: int
    fingerprint: str


def decide(office: Office, staff: StaffMember, seen: Seen, make: Make) -> int:
    """Add the fix that `make` gives for the item; the act's number in the batch.

    ItemChangedError when the item is not as it was seen; NotAllowedHereError when the fix does not
    fit it; HandedOverError when it would change what went out; ProtectedPersonError for a protected
    person's pages without the desk's role.
    """
    with office.journal.appending() as append:
        session = append.session
        batch = _read_batch(append, seen.batch)
        found = current.found(session, batch)
        before = settle(found)
        item = next((one for one in before if one.number == seen.item), None)
        if item is None or current.fingerprint(item) != seen.fingerprint:
            raise ItemChangedError("the pages are not as you saw them; look at them again")
        if item.state is ItemState.HANDED:
            raise HandedOverError("these pages were handed over already")
        _require(staff, item, released=False)
        fix = make(item, found)
        if isinstance(fix, fixes.Released):
            _require(staff, item, released=True)
        number = store.next_act(session, seen.batch)
        after = settle(_refuse_changed_handed(found, (*found.fixes, (number, fix))))
        kind = KINDS[type(fix)]
        codes = ",".join(sorted({str(concern) for concern in item.concerns}))
        pages = ",".join(map(str, item.pages))
        body = {"action": kind.value, "item": item.number, "pages": pages, "code": codes}
        note(
            append,
            staff,
            seen.batch,
            kind.value,
            {**body, **_named(fix)},
            item=item.number,
            pages=pages,
            code=codes,
            content=fixes.encode(fix),
        )
        current.count(session, batch, after)
    office.live.say("documents")
    return number


def undo(office: Office, staff: StaffMember, number: int, act: int) -> None:
    """Let a fix count no more; HandedOverError when something that went out stands on it."""
    with office.journal.appending() as append:
        session = append.session
        batch = _read_batch(append, number)
        row = session.get(DocumentAct, (number, act))
        if row is None or row.content is None:
            raise NotFoundError("there is no such decision in this batch")
        if row.undone_us is not None:
            return
        found = current.found(session, batch)
        before = settle(found)
        touched = [i for i in before if act in i.acts or row.item in i.parts]
        if not touched:
            require_author(staff)
        for item in touched:
            _require(staff, item, released=False)
        left = [one for one in found.fixes if one[0] != act]
        after = settle(_refuse_changed_handed(found, left))
        row.undone_by, row.undone_us = staff.login, append.time_us
        body = {"action": UNDO, "item": row.item, "pages": row.pages, "code": row.action}
        note(append, staff, number, UNDO, body, item=row.item, pages=row.pages, code=row.action)
        current.count(session, batch, after)
    office.live.say("documents")


def discard(office: Office, staff: StaffMember, number: int) -> None:
    """Throw a batch away with its files, pages and list; what was done stays on record."""
    require_author(staff)
    with office.journal.appending() as append:
        session = append.session
        batch = store.one(session, number)
        if batch.state == BatchState.DISCARDED:
            return
        if batch.handed:
            raise HandedOverError("pages of this batch were handed over; it stays on record")
        batch.state, batch.problem, batch.problem_rows = BatchState.DISCARDED.value, None, ""
        batch.list_content = None
        batch.ready = batch.held = 0
        session.execute(
            update(DocumentFile).where(DocumentFile.batch == number).values(content=None)
        )
        session.execute(update(DocumentAct).where(DocumentAct.batch == number).values(content=None))
        for table in (DocumentPage, DocumentFinding):
            session.execute(delete(table).where(table.batch == number))
        note(append, staff, number, "discard", {"action": "discard"})
    office.live.say("documents")


def accept_as_they_are(item: Item, _found: Found) -> Fix:
    """Set aside what a look at the pages may set aside; NotAllowedHereError when nothing is."""
    codes = tuple(sorted({str(c) for c in item.concerns if c.code in ACCEPTABLE}))
    if not codes:
        raise NotAllowedHereError("nothing of what holds these pages is settled by a look")
    return fixes.Accepted(item.number, item.pages, item.atena_no, codes)


def accept_for_all(item: Item, _found: Found) -> Fix:
    """Set aside what is about the whole file, wherever it stands in the batch."""
    codes = tuple(sorted({c.code for c in item.concerns if c.code in FOR_ALL}))
    if not codes:
        raise NotAllowedHereError("nothing of what holds these pages is about the whole file")
    return fixes.AcceptedForAll(item.number, codes)


def release(item: Item, _found: Found) -> Fix:
    """Let a protected person's pages go."""
    if not any(concern.code == "protected" for concern in item.concerns):
        raise NotAllowedHereError("these pages are not held for protection")
    return fixes.Released(item.number, item.pages, item.atena_no)


def take_out(item: Item, _found: Found) -> Fix:
    """Send these pages to nobody, or nothing to this person."""
    if item.state is ItemState.OUT:
        raise NotAllowedHereError("these pages are taken out already")
    return fixes.TakenOut(item.parts)


def give_to(row: int) -> Make:
    """These pages belong to row `row` (from 0) of the list."""

    def make(item: Item, found: Found) -> Fix:
        person = _row(found, row)
        if not item.pages:
            raise NotAllowedHereError("there are no pages to give to anybody")
        if item.state is ItemState.OUT:
            raise NotAllowedHereError("these pages are taken out; undo that first")
        return fixes.BelongsTo(item.parts, person.atena_no, person.name)

    return make


def same_person(item: Item, found: Found) -> Fix:
    """The name that differs is this person's all the same."""
    spellings = differing_names(item, found.fixes)
    if len(spellings) != 1:
        raise NotAllowedHereError("there is not one name that differs")
    return fixes.SameName(item.number, spellings[0])


def typed(field: str, text: str) -> Make:
    """A person read this value of a field on the pages."""

    def make(item: Item, _found: Found) -> Fix:
        value = read_typed(field, text)
        if value is None:
            raise GivenRefusedError(GivenProblem.VALUE)
        if not item.pages or item.state is ItemState.OUT:
            raise NotAllowedHereError("there are no pages to read a value on")
        return fixes.Typed(item.number, field, value)

    return make


def _row(found: Found, row: int) -> Addressee:
    persons: Sequence[Addressee] = found.persons.persons
    if not 0 <= row < len(persons):
        raise GivenRefusedError(GivenProblem.NOT_IN_LIST)
    return persons[row]


def _named(fix: Fix) -> Mapping[str, object]:
    """What the log says besides: numbers and field names, never a name or a value."""
    match fix:
        case fixes.BelongsTo():
            return {"atena_no": fix.atena_no}
        case fixes.Typed():
            return {"field": fix.field}
        case fixes.Accepted() | fixes.AcceptedForAll():
            return {"accepted": ",".join(fix.codes)}
        case _:
            return {}


def _read_batch(append: Append, number: int) -> DocumentBatch:
    batch = store.one(append.session, number)
    if batch.state not in READ:
        raise ItemChangedError("the batch is not as you saw it; load the page again")
    return batch


def _require(staff: StaffMember, item: Item, *, released: bool) -> None:
    """The role that deciding about these pages takes."""
    if item.protected or released:
        if not staff.has(Role.PROTECTED_DESK):
            raise ProtectedPersonError("only the protected desk decides about these pages")
        return
    require_author(staff)


def _refuse_changed_handed(found: Found, changed: Sequence[tuple[int, Fix]]) -> Found:
    """What was found with other fixes; HandedOverError when what went out would not have so.

    Compared as if nothing had gone: pages, number, fields and reasons of each must be the same.
    """
    after = replace(found, fixes=tuple(changed))
    if found.handed:
        was = {item.number: item for item in settle(replace(found, handed=()))}
        would = {item.number: item for item in settle(replace(after, handed=()))}
        for number in found.handed:
            later = would.get(number)
            if later is None or current.fingerprint(later) != current.fingerprint(was[number]):
                raise HandedOverError("it would change pages that were handed over already")
    return after
