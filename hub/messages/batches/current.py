"""A batch as it stands now: what the database holds of it, settled."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from hub.errors import NotFoundError
from hub.messages.batches import store
from hub.messages.batches.examining import Rules, Source, examine
from hub.messages.batches.finding import Examined, Value
from hub.messages.batches.settling import Examine, Found, Item, ItemState, settle
from hub.messages.batches.store import BatchState
from hub.messages.notices.template import Template
from hub.messages.notices.values import ResidentNumber
from hub.messages.template_editor.store import in_force, own_texts
from hub.register.numbers import hidden_names, hidden_numbers
from hub.storage.tables import DocumentBatch

KEPT: Final = 2_000
"""Examinations of pages that a fix changed, kept so that a page is drawn at once."""
_Key = tuple[bytes, tuple[int, ...], str]
_examined: OrderedDict[_Key, Examined] = OrderedDict()
_lock = threading.Lock()


def items(session: Session, batch: DocumentBatch) -> tuple[Item, ...]:
    """Every item of a batch, in the document's order, then persons without pages."""
    return settle(found(session, batch))


def item(session: Session, batch: DocumentBatch, number: int) -> Item:
    """The item that finding `number` is part of now; NotFoundError when there is none."""
    for one in items(session, batch):
        if number in one.parts:
            return one
    raise NotFoundError("there is no such item in this batch")


def found(session: Session, batch: DocumentBatch) -> Found:
    """What the database holds of a batch that was read."""
    findings, handed = store.findings(session, batch.number)
    live = [act for act in store.acts(session, batch.number) if act.undone_us is None]
    return Found(
        findings=findings,
        persons=store.persons(batch),
        protected=hidden_numbers(session),
        hidden_names=hidden_names(session),
        handed=handed,
        examine=_examiner(session, batch),
        fixes=tuple((act.number, act.fix) for act in live if act.fix is not None),
    )


def rules(session: Session, batch: DocumentBatch) -> Rules:
    """The templates and the form of numbers by which a batch is read."""
    templates = templates_of(session, batch)
    least, most = store.persons(batch).lengths()
    return Rules(templates, ResidentNumber(least, most))


def templates_of(session: Session, batch: DocumentBatch) -> tuple[Template, ...]:
    """Those in force, or the one that was chosen; none when that is not in force any more."""
    found = in_force(session)
    if batch.template is None:
        return found
    return tuple(template for template in found if template.name == batch.template)


def count(session: Session, batch: DocumentBatch, settled: tuple[Item, ...]) -> None:
    """Write into the batch how many items are in which state, and so its own."""
    states = [one.state for one in settled]
    batch.ready = states.count(ItemState.READY)
    batch.held = states.count(ItemState.HELD)
    batch.handed = states.count(ItemState.HANDED)
    if batch.held:
        batch.state = BatchState.TO_LOOK_AT
    elif batch.handed and not batch.ready:
        batch.state = BatchState.HANDED_OVER
    else:
        batch.state = BatchState.READY
    session.flush()


def fingerprint(one: Item) -> str:
    """What a person saw of an item, so that nothing is decided about another state of it."""
    fields = {name: [f.value, f.by_hand] for name, f in one.fields.items()}
    person = None if one.person is None else [one.person.atena_no, one.person.name]
    value = [
        *(one.parts, one.pages, one.atena_no, person, one.state.value, one.protected),
        sorted(map(str, one.concerns)),
        fields,
    ]
    text = json.dumps(value, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()[:24]


def _examiner(session: Session, batch: DocumentBatch) -> Examine:
    """Examines pages again where a fix joined them or put in a value."""

    def look(file: int, pages: tuple[int, ...], typed: Mapping[str, Value]) -> Examined:
        row = next(f for f in store.files(session, batch.number) if f.position == file)
        lengths = store.persons(batch).lengths()
        own = sorted(own_texts(session).items())
        rest = json.dumps([batch.template, lengths, sorted(typed.items()), own])
        key = (row.sha256, pages, rest)
        with _lock:
            known = _examined.get(key)
            if known is not None:
                _examined.move_to_end(key)
                return known
        source = Source(
            store.pages(session, batch.number, file, pages),
            store.warnings(session, batch.number, file),
        )
        made = examine(source, pages, rules(session, batch), typed)
        with _lock:
            _examined[key] = made
            while len(_examined) > KEPT:
                _examined.popitem(last=False)
        return made

    return look
