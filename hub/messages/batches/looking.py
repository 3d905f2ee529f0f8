"""Looking at pages: whoever works on messages; protected persons' the desk alone, logged."""

from dataclasses import dataclass

from hub.accounts.staff import StaffMember
from hub.errors import NotFoundError, ProtectedPersonError
from hub.log.entry import EntryKind
from hub.messages.batches import current, store
from hub.messages.batches.settling import Found, Item, settle
from hub.messages.batches.store import READ
from hub.messages.documents.result import Page
from hub.messages.sandbox.pool import PictureError
from hub.office import Office
from hub.register.numbers import residents_of
from hub.review.access import may_see
from hub.storage.tables import DocumentBatch

RESOLUTION = 110


@dataclass(frozen=True)
class Look:
    """An item with what stands around it: the batch, all items, what they were made of."""

    batch: DocumentBatch
    item: Item
    items: tuple[Item, ...]
    found: Found
    resident_id: str | None


def look_at(office: Office, staff: StaffMember, batch: int, number: int) -> Look:
    """An item; ProtectedPersonError without the role when it is a protected person's.

    Of a protected person nothing is shown before `open_protected`; the caller asks first.
    """
    with office.database.reading() as session:
        row = store.one(session, batch)
        if row.state not in READ:
            raise NotFoundError("this batch has no items now")
        found = current.found(session, row)
        settled = settle(found)
        item = next((one for one in settled if number in one.parts), None)
        if item is None:
            raise NotFoundError("there is no such item in this batch")
        known = residents_of(session, {item.atena_no or ""})
    if item.protected and not may_see(staff):
        raise ProtectedPersonError("only the protected desk looks at these pages")
    return Look(row, item, settled, found, known.get(item.atena_no or ""))


def log_look(office: Office, staff: StaffMember, look: Look) -> None:
    """Write down that a protected person's pages were opened."""
    body = {
        "what": "document",
        "batch": look.batch.number,
        "item": look.item.number,
        "resident_id": look.resident_id or "",
        "staff_id": staff.staff_id,
    }
    with office.journal.appending() as append:
        append.office(EntryKind.LOOK, staff.login, body)


def page_of(office: Office, look: Look, page: int) -> Page | None:
    """A page of the item's file as it was read; None when it is another protected person's."""
    if not _may_show(look, page):
        return None
    with office.database.reading() as session:
        found = store.pages(session, look.batch.number, look.item.file, (page,))
    return found.get(page)


def picture(office: Office, look: Look, page: int) -> bytes | None:
    """A page of the item, or one beside it, as PNG; None when it cannot be drawn or shown."""
    if not _may_show(look, page):
        return None
    with office.database.reading() as session:
        data = store.content(session, look.batch.number, look.item.file)
    try:
        return office.readers.pool().picture(data, page - 1, RESOLUTION)
    except PictureError:
        return None


def neighbours(look: Look) -> tuple[int | None, int | None]:
    """The pages before and behind an item's, where they may be shown beside it."""
    if not look.item.pages:
        return None, None
    before, behind = look.item.pages[0] - 1, look.item.pages[-1] + 1
    return (
        before if _may_show(look, before) else None,
        behind if _may_show(look, behind) else None,
    )


def _may_show(look: Look, page: int) -> bool:
    """The item's own pages, and those beside them unless they are a protected person's."""
    item = look.item
    if page in item.pages:
        return True
    if not item.pages or page not in (item.pages[0] - 1, item.pages[-1] + 1):
        return False
    owners = [one for one in look.items if one.file == item.file and page in one.pages]
    return bool(owners) and not any(one.protected for one in owners)
