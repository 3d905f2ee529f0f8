"""A batch and its items as pages show them: codes and places, no sentences."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.accounts.staff import StaffMember
from hub.clock import iso
from hub.messages.batches.settling import (
    Item,
    ItemState,
    printed_names,
)
from hub.messages.batches.store import ActRow, FileRow
from hub.review.access import may_see
from hub.storage.tables import DocumentBatch


@dataclass(frozen=True)
class BatchLine:
    """A batch in the list."""

    number: int
    name: str
    state: str
    problem: str | None
    created_at: str
    created_by: str
    pages_read: int
    pages_total: int
    ready: int
    held: int
    handed: int


@dataclass(frozen=True)
class ItemLine:
    """An item in a list. Of a protected person nothing but that, unless the desk looks."""

    number: int
    pages: str
    file: str
    atena_no: str
    name: str
    codes: tuple[str, ...]
    state: str
    protected: bool
    hidden: bool


@dataclass(frozen=True)
class ActLine:
    """Something that was done, by whom and when; undoable: it is a decision that counts now."""

    number: int
    action: str
    item: int | None
    pages: str
    codes: tuple[str, ...]
    actor: str
    at: str
    log_index: int
    undone_by: str | None
    undone_at: str
    undoable: bool


def batch_line(batch: DocumentBatch) -> BatchLine:
    """A row of the list of batches."""
    return BatchLine(
        number=batch.number,
        name=batch.name,
        state=batch.state,
        problem=batch.problem,
        created_at=iso(batch.created_us),
        created_by=batch.created_by,
        pages_read=batch.pages_read,
        pages_total=batch.pages_total,
        ready=batch.ready,
        held=batch.held,
        handed=batch.handed,
    )


def wrong_lines(batch: DocumentBatch) -> list[tuple[int | None, str]]:
    """What is wrong with the list of a batch: line (None: the whole) and problem."""
    return [(line, code) for line, code in json.loads(batch.problem_rows or "[]")]


def item_line(item: Item, files: Mapping[int, FileRow], staff: StaffMember) -> ItemLine:
    """A row of a batch's items."""
    hidden = item.protected and not may_see(staff)
    names = sorted(printed_names(item.examined))
    name = item.person.name if item.person is not None else "、".join(names)
    file = files[item.file].file_name if item.file in files and len(files) > 1 else ""
    return ItemLine(
        number=item.number,
        pages=span(item.pages),
        file="" if hidden else file,  # files are often named after whom they are for
        atena_no="" if hidden else (item.atena_no or "、".join(item.examined.numbers)),
        name="" if hidden else name,
        codes=tuple(dict.fromkeys(str(concern) for concern in item.concerns)),
        state=item.state.value,
        protected=item.protected,
        hidden=hidden,
    )


def act_line(act: ActRow) -> ActLine:
    """A row of what was done."""
    return ActLine(
        number=act.number,
        action=act.action,
        item=act.item,
        pages=act.pages.replace(",", "、"),
        codes=tuple(code for code in act.code.split(",") if code),
        actor=act.actor,
        at=iso(act.time_us),
        log_index=act.log_index,
        undone_by=act.undone_by,
        undone_at="" if act.undone_us is None else iso(act.undone_us),
        undoable=act.fix is not None and act.undone_us is None,
    )


def reasons(items: Sequence[Item]) -> list[tuple[str, int]]:
    """Codes of held items with their numbers, the most frequent first."""
    codes = Counter(
        code
        for item in items
        if item.state is ItemState.HELD
        for code in {concern.code for concern in item.concerns}
    )
    return codes.most_common()


def span(pages: Sequence[int]) -> str:
    """Pages as `1–3、7`."""
    found: list[list[int]] = []
    for page in pages:
        if found and page == found[-1][1] + 1:
            found[-1][1] = page
        else:
            found.append([page, page])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in found)
