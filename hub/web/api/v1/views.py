"""What the API answers, as the schema shows it. Times are ISO 8601 in Japan's time."""

import datetime as dt
import json
from typing import Annotated, Final

from pydantic import BaseModel, Field

from hub.accounts.systems import Scope
from hub.clock import JAPAN, instant
from hub.messages.batches.store import BatchState
from hub.messages.delivery.states import FINAL, HoldReason, MessageState
from hub.messages.systems.asking import Found
from hub.storage.tables import DocumentBatch, MessageEvent
from hub.web.api.v1.problems import Problem

UUID: Final = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
REFERENCE: Final = r"^[!-~]{1,128}$"
NOT_REACHABLE: Final = "not_reachable"
DECIDED: Final = "decided"
_UNREACHABLE: Final = frozenset(
    {
        HoldReason.NO_CHANNEL.value,
        HoldReason.NO_ADDRESS.value,
        HoldReason.PROTECTED_NO_CHANNEL.value,
        HoldReason.PROTECTED_ADDRESS.value,
        "opted_out",
    }
)
"""One word for all of them: which it is would tell who is protected (支援措置)."""
_BY_STAFF: Final = frozenset({"release_address", "send_again", "go_on"})
MessageId = Annotated[str, Field(pattern=UUID, examples=["7d1c4f0e-8f0a-5a43-9d8a-2f6f0b7c1e55"])]
Reference = Annotated[str, Field(pattern=REFERENCE, examples=["tax-2026-000123"])]
BatchId = Annotated[str, Field(pattern=r"^[0-9]{1,18}$", examples=["12"])]


class MessageView(BaseModel):
    """One message and where it stands."""

    id: MessageId
    reference: Reference | None = Field(description="The system's own, if it gave one.")
    batch: str | None = Field(description="The batch of documents it was made of.")
    kind: str = Field(description="The name of its notice template.", examples=["tax-notice"])
    state: MessageState
    final: bool = Field(description="Whether the state stays as it is by itself.")
    reason: str | None = Field(description="Why it is held or failed.", examples=["prepared"])
    channel: str | None = Field(examples=["mynaportal"])
    legal: bool
    not_before: dt.datetime | None
    accepted: dt.datetime
    handed: dt.datetime | None
    delivered: dt.datetime | None
    read: dt.datetime | None
    changed: dt.datetime


class HandedInView(BaseModel):
    """A message as it was taken in."""

    new: bool = Field(description="False when it had been handed in before.")
    message: MessageView


class ResultView(BaseModel):
    """One message of many: either taken in, or refused with the reason."""

    position: int = Field(description="In the request, from 0.")
    new: bool | None = None
    message: MessageView | None = None
    problem: Problem | None = None


class ResultsView(BaseModel):
    """Every message of a request in its order."""

    taken: int
    refused: int
    results: list[ResultView]


class ChangesView(BaseModel):
    """Messages that changed, in the order of their last change."""

    messages: list[MessageView]
    next: str = Field(description="Send it as `after` the next time.", examples=["1842"])
    more: bool = Field(description="Whether more have changed already.")


class StatesView(BaseModel):
    """The messages asked for that this system handed in; others are left out."""

    messages: list[MessageView]


class EventView(BaseModel):
    """One line of a timeline."""

    time: dt.datetime
    what: str = Field(examples=["handed"])
    channel: str | None
    by: str = Field(description="`system`, `staff`, or this system as `api:NAME`.")
    detail: str | None


class TimelineView(BaseModel):
    """What happened to a message, oldest first."""

    events: list[EventView]


class ListLine(BaseModel):
    """A line of the list of addressees that is wrong."""

    line: int | None = Field(description="Line of a CSV, entry of JSON; none: the whole list.")
    problem: str = Field(examples=["no-number"])


class BatchView(BaseModel):
    """A batch of documents and how far it has come."""

    id: BatchId
    state: BatchState
    problem: str | None = Field(description="Why it was refused.", examples=["list"])
    list_lines: list[ListLine] = Field(description="What is wrong with the list; not all of many.")
    pages_read: int
    pages_total: int
    ready: int = Field(description="Persons whose pages may be sent.")
    held: int = Field(description="Persons or pages that staff must look at.")
    handed_over: int = Field(description="Persons whose pages became messages.")
    received: dt.datetime


class BatchesView(BaseModel):
    """Batches of this system, newest first."""

    batches: list[BatchView]
    next: str | None = Field(description="Send it as `before` for older ones.")


class TotalView(BaseModel):
    """A sum of the ledger. Yen of letters were spent, of other channels saved."""

    channel: str
    what: str = Field(examples=["sent"])
    count: int
    postage_yen: int
    print_yen: int


class LedgerView(BaseModel):
    """The ledger of this system's messages."""

    totals: list[TotalView]


class LimitsView(BaseModel):
    """What one token may do."""

    messages_per_minute: int
    requests_per_minute: int
    messages_per_request: int
    request_bytes: int
    batch_bytes: int


class SystemView(BaseModel):
    """Whose token this is."""

    system: str
    scopes: list[Scope]
    expires: dt.datetime | None
    limits: LimitsView


def message_view(found: Found) -> MessageView:
    """A message as it is answered: nothing of what it says, nothing of whom it is for."""
    row = found.message
    state = MessageState(row.state)
    return MessageView(
        id=row.message_id,
        reference=found.reference,
        batch=row.batch,
        kind=row.kind,
        state=state,
        final=state in FINAL,
        reason=reason_shown(row.reason),
        channel=row.channel or None,
        legal=row.legal,
        not_before=when(row.not_before_us),
        accepted=at(row.accepted_us),
        handed=when(row.handed_us),
        delivered=when(row.delivered_us),
        read=when(row.read_us),
        changed=at(row.changed_us),
    )


def event_view(row: MessageEvent) -> EventView:
    """A line of a timeline; which member of staff it was is the office's business."""
    known = row.actor == "system" or row.actor.startswith("api:")
    return EventView(
        time=at(row.time_us),
        what=DECIDED if row.what in _BY_STAFF else row.what,
        channel=row.channel or None,
        by=row.actor if known else "staff",
        detail=reason_shown(row.detail),
    )


def reason_shown(reason: str) -> str | None:
    """Why, as far as a core system may know."""
    return NOT_REACHABLE if reason in _UNREACHABLE else reason or None


def batch_view(row: DocumentBatch) -> BatchView:
    """A batch as it is answered."""
    return BatchView(
        id=str(row.number),
        state=BatchState(row.state),
        problem=row.problem,
        list_lines=[
            ListLine(line=line, problem=problem)
            for line, problem in json.loads(row.problem_rows or "[]")
        ],
        pages_read=row.pages_read,
        pages_total=row.pages_total,
        ready=row.ready,
        held=row.held,
        handed_over=row.handed,
        received=at(row.created_us),
    )


def at(time_us: int) -> dt.datetime:
    """A time in Japan, to the second."""
    return instant(time_us).astimezone(JAPAN).replace(microsecond=0)


def when(time_us: int | None) -> dt.datetime | None:
    """The same, where there is one."""
    return None if time_us is None else at(time_us)
