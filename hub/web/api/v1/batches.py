"""Batches: documents with their list handed in, asked for, discarded."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, Header, Query, Request, Response, UploadFile

from hub.messages.batches.taking import Given, GivenFile
from hub.messages.systems import documents, own
from hub.web.api.v1.access import GIVES_DOCUMENTS, READS, System, problems
from hub.web.api.v1.errors import IdempotencyConflictError
from hub.web.api.v1.views import BatchesView, BatchId, BatchView, batch_view
from hub.web.context import office_of

KEY: Final = r"^[!-~]{1,128}$"

ASK_FURTHER: Final[dict[str, Any]] = {
    "links": {
        name: {
            "operationId": f"batches_{name}",
            "parameters": {"batch_id": "$response.body#/id"},
        }
        for name in ("one", "cancel")
    },
}

router = APIRouter(prefix="/batches", tags=["batches"])


@router.post(
    "",
    status_code=202,
    dependencies=[GIVES_DOCUMENTS],
    responses={202: ASK_FURTHER, **problems(400, 409, 413, 422)},
)
def hand_in(
    request: Request,
    response: Response,
    system: System,
    *,
    idempotency_key: Annotated[str, Header(pattern=KEY)],
    addressees: Annotated[UploadFile, File(description="CSV or JSON (docs/documents.md).")],
    documents_given: Annotated[
        list[UploadFile],
        File(alias="document", min_length=1, description="PDF or DOCX, one or more."),
    ],
    name: Annotated[str, Form(max_length=80)] = "",
    template: Annotated[str | None, Form(max_length=64)] = None,
) -> BatchView:
    """Hand in documents with the list of their addressees; staff look at them and send them.

    Scope `documents:write`. The same `Idempotency-Key` with the same content gives the same batch.
    """
    office = office_of(request)
    files = [_file(one) for one in documents_given]
    given = Given(files, _file(addressees), name, template or None)
    taken = documents.take(office, system, idempotency_key, given)
    if not taken.same:
        raise IdempotencyConflictError(taken.number)
    view = _view(request, system.name, str(taken.number))
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/batches/{view.id}"
    return view


@router.get("", dependencies=[READS], responses=problems(400))
def several(
    request: Request,
    system: System,
    before: BatchId | None = None,
    limit: Annotated[int, Query(ge=1, le=documents.MOST)] = 50,
) -> BatchesView:
    """The batches that this system handed in, newest first."""
    with office_of(request).database.reading() as session:
        last = None if before is None else int(before)
        rows = documents.listed(session, system.name, last, limit + 1)
        views = [batch_view(row) for row in rows[:limit]]
    return BatchesView(batches=views, next=views[-1].id if len(rows) > limit else None)


@router.get("/{batch_id}", dependencies=[READS], responses=problems(400, 404))
def one(request: Request, system: System, batch_id: BatchId) -> BatchView:
    """One batch. Its messages are those of `GET /messages?batch=`."""
    return _view(request, system.name, batch_id)


@router.post(
    "/{batch_id}/cancel", dependencies=[GIVES_DOCUMENTS], responses=problems(400, 404, 409)
)
def cancel(request: Request, system: System, batch_id: BatchId) -> BatchView:
    """Discard a batch of which nothing was handed over; its documents are deleted."""
    documents.discard(office_of(request), system, batch_id)
    return _view(request, system.name, batch_id)


def _view(request: Request, system: str, batch_id: str) -> BatchView:
    with office_of(request).database.reading() as session:
        return batch_view(own.batch(session, system, batch_id))


def _file(upload: UploadFile) -> GivenFile:
    return GivenFile(upload.filename or "-", upload.file.read())
