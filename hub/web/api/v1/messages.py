"""Messages: handed in as XML, asked for, cancelled."""

import asyncio
import time
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from hub.accounts.staff import StaffMember
from hub.accounts.systems import CoreSystem
from hub.errors import HubError
from hub.messages.delivery import deciding
from hub.messages.message.checking import check
from hub.messages.systems import asking, own, receiving
from hub.messages.systems.reading import read
from hub.office import Office
from hub.web.api.v1.access import READS, WRITES, System, count_messages, problems
from hub.web.api.v1.errors import MediaTypeError
from hub.web.api.v1.problems import problem_of
from hub.web.api.v1.views import (
    REFERENCE,
    BatchId,
    ChangesView,
    HandedInView,
    MessageId,
    MessageView,
    Reference,
    ResultsView,
    ResultView,
    StatesView,
    TimelineView,
    event_view,
    message_view,
)
from hub.web.context import office_of
from intake.office.roster import Role

XML: Final = "application/xml"
CURSOR: Final = r"^[0-9]{1,18}$"
MOST: Final = 100
"""Messages that one request hands in."""
LONGEST_WAIT_S: Final = 30
LOOK_EVERY_S: Final = 0.5
MOST_ASKED: Final = 200
EXAMPLE: Final = Path(__file__).with_name("example.xml").read_text(encoding="utf-8")

router = APIRouter(tags=["messages"])


class GivenMessage(BaseModel):
    """One message of many."""

    xml: str = Field(description="The XML document as text (docs/message-format.md).")
    reference: Reference | None = None


class GivenMessages(BaseModel):
    """Messages to be handed in together; each is taken or refused by itself."""

    messages: list[GivenMessage] = Field(min_length=1, max_length=MOST)


class Wanted(BaseModel):
    """Which messages are asked for, by id or by the system's own reference."""

    ids: list[MessageId] = Field(default_factory=list[str], max_length=MOST_ASKED)
    references: list[Reference] = Field(default_factory=list[str], max_length=MOST_ASKED)


XML_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            XML: {"schema": {"type": "string", "contentMediaType": XML}, "example": EXAMPLE}
        },
    }
}


ASK_FURTHER: Final[dict[str, Any]] = {
    "links": {
        name: {
            "operationId": f"messages_{name}",
            "parameters": {"message_id": "$response.body#/message/id"},
        }
        for name in ("one", "timeline", "xml", "cancel")
    },
}


async def _xml_of(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != XML:
        raise MediaTypeError(XML)
    return await request.body()


@router.post(
    "/messages",
    status_code=202,
    dependencies=[WRITES],
    responses={202: ASK_FURTHER, **problems(400, 409, 413, 415, 422)},
    openapi_extra=XML_BODY,
)
async def hand_in(
    request: Request,
    response: Response,
    system: System,
    message_reference: Annotated[str | None, Header(pattern=REFERENCE)] = None,
) -> HandedInView:
    """Hand in one message as XML. Handing it in again gives the same message.

    Scope `messages:write`; with `messages:send` too it goes out, else it waits for a sender.
    """
    data = await _xml_of(request)
    count_messages(request, system, 1)
    office = office_of(request)
    (result,) = await run_in_threadpool(_take_all, office, system, [(data, message_reference)])
    if isinstance(result, HubError):
        raise result
    view = message_view(result.found)
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/messages/{view.id}"
    return HandedInView(new=result.new, message=view)


@router.post("/many-messages", dependencies=[WRITES], responses=problems(400, 413))
def hand_in_many(request: Request, system: System, given: GivenMessages) -> ResultsView:
    """Hand in several messages; the answer says of each whether it was taken in or why not."""
    office = office_of(request)
    count_messages(request, system, len(given.messages))
    pairs = [(one.xml.encode("utf-8", "replace"), one.reference) for one in given.messages]
    results = [
        _result(position, one) for position, one in enumerate(_take_all(office, system, pairs))
    ]
    refused = sum(one.problem is not None for one in results)
    return ResultsView(taken=len(results) - refused, refused=refused, results=results)


@router.get("/messages", dependencies=[READS], responses=problems(400))
async def changes(
    request: Request,
    system: System,
    *,
    after: Annotated[str, Query(pattern=CURSOR, description="`next` of the answer before.")] = "0",
    limit: Annotated[int, Query(ge=1, le=asking.MOST)] = 100,
    batch: BatchId | None = None,
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT_S, description="Seconds to wait.")] = 0,
) -> ChangesView:
    """Messages that changed since `after`, each once with its state now.

    With `wait` the answer comes as soon as there is a change, at the latest after so many seconds.
    """
    until = time.monotonic() + wait
    while True:
        found = await run_in_threadpool(
            _changes, office_of(request), system.name, int(after), limit, batch
        )
        late = time.monotonic() + LOOK_EVERY_S > until
        if found.messages or late or await request.is_disconnected():
            return found
        await asyncio.sleep(LOOK_EVERY_S)


@router.post("/message-states", dependencies=[READS], responses=problems(400, 413))
def find(request: Request, system: System, wanted: Wanted) -> StatesView:
    """States of messages by id or own reference. Neither stands in an address that is logged."""
    with office_of(request).database.reading() as session:
        found = asking.by_ids(session, system.name, wanted.ids)
        found += asking.by_references(session, system.name, wanted.references)
        views = {one.message.number: message_view(one) for one in found}
    return StatesView(messages=list(views.values()))


@router.get("/messages/{message_id}", dependencies=[READS], responses=problems(400, 404))
def one(request: Request, system: System, message_id: MessageId) -> MessageView:
    """One message."""
    return _view(office_of(request), system, message_id)


@router.get("/messages/{message_id}/timeline", dependencies=[READS], responses=problems(400, 404))
def timeline(request: Request, system: System, message_id: MessageId) -> TimelineView:
    """What happened to a message, oldest first."""
    with office_of(request).database.reading() as session:
        row = own.message(session, system.name, message_id)
        events = [event_view(event) for event in asking.timeline(session, row.number)]
    return TimelineView(events=events)


@router.get(
    "/messages/{message_id}/xml",
    dependencies=[READS],
    response_class=Response,
    responses={
        200: {"content": {XML: {"schema": {"type": "string"}}}, "description": "Signed XML."},
        **problems(400, 404),
    },
)
def xml(request: Request, system: System, message_id: MessageId) -> Response:
    """The message as the office signed it."""
    return Response(_content(office_of(request), system, message_id), media_type=XML)


@router.get(
    "/messages/{message_id}/pdf",
    dependencies=[READS],
    response_class=Response,
    responses={
        200: {
            "content": {"application/pdf": {"schema": {"type": "string"}}},
            "description": "PDF.",
        },
        **problems(400, 404),
    },
)
def pdf(request: Request, system: System, message_id: MessageId) -> Response:
    """The message as a resident would print it."""
    from hub.messages.message.pdf import as_pdf  # noqa: PLC0415 - loads what draws pages

    office = office_of(request)
    checked = check(_content(office, system, message_id), office.ring.message_certificates())
    return Response(as_pdf(checked), media_type="application/pdf")


@router.post(
    "/messages/{message_id}/cancel", dependencies=[WRITES], responses=problems(400, 404, 409)
)
def cancel(request: Request, system: System, message_id: MessageId) -> MessageView:
    """Withdraw a message that no channel has or may have; 409 when it is too late."""
    office = office_of(request)
    with office.database.reading() as session:
        number = own.message(session, system.name, message_id).number
    actor = StaffMember(system.actor, system.actor, system.name, frozenset({Role.SENDER}))
    deciding.cancel(office.journal, actor, number)
    office.live.say("messages")
    return _view(office, system, message_id)


def _take_all(
    office: Office, system: CoreSystem, given: list[tuple[bytes, str | None]]
) -> list[receiving.HandedIn | HubError]:
    """Each message taken in or refused, in the order given; what keeps all out is raised."""
    contents = read([data for data, _ in given], office.settings.office.code)
    readable = [
        (content, reference)
        for content, (_, reference) in zip(contents, given, strict=True)
        if not isinstance(content, HubError)
    ]
    taken = iter(receiving.take(office, system, readable))
    return [one if isinstance(one, HubError) else next(taken) for one in contents]


def _result(position: int, result: receiving.HandedIn | HubError) -> ResultView:
    if isinstance(result, HubError):
        return ResultView(position=position, problem=problem_of(result))
    return ResultView(position=position, new=result.new, message=message_view(result.found))


def _changes(office: Office, system: str, after: int, limit: int, batch: str | None) -> ChangesView:
    with office.database.reading() as session:
        found = asking.changes(session, system, after, limit, batch)
        views = [message_view(one) for one in found.found]
    return ChangesView(messages=views, next=str(found.next), more=found.more)


def _view(office: Office, system: CoreSystem, message_id: str) -> MessageView:
    with office.database.reading() as session:
        row = own.message(session, system.name, message_id)
        (found,) = asking.with_references(session, system.name, [row.number])
        return message_view(found)


def _content(office: Office, system: CoreSystem, message_id: str) -> bytes:
    with office.database.reading() as session:
        return asking.content(session, own.message(session, system.name, message_id).number)
