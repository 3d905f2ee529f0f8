"""The ledger as a picture with its table, letters to be printed, and letters that came back."""

import contextlib
import tempfile
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from starlette.background import BackgroundTask

from hub.messages.delivery import deciding
from hub.messages.delivery.ledger import sums
from hub.messages.sending import letters
from hub.messages.sending.accounts import account_of
from hub.messages.sending.channels_at_hand import rules_of
from hub.review.access import may_see
from hub.web.context import office_of, page
from hub.web.pages.messages import message_worker
from hub.web.pages.messages_one import require_all
from hub.web.security import FormVisitor, RowNumber, Visitor, require
from intake.office.roster import Role

BLOCK: Final = 1 << 16

router = APIRouter(dependencies=[Depends(message_worker)])


@router.get("/messages/ledger")
def show_ledger(request: Request, visitor: Visitor, batch: str = "") -> Response:
    """What was sent by which channel, and what that cost and saved; of one batch or of all."""
    require_all(visitor)
    office, chosen = office_of(request), batch.strip()[:64]
    with office.database.reading() as session:
        found = account_of(sums(session, rules_of(office), chosen or None))
    return page(request, "messages/ledger.html", visitor, account=found, chosen=chosen)


@router.get("/messages/letters")
def show_letters(request: Request, visitor: Visitor) -> Response:
    """Letters in the print folder, and the form for one that came back."""
    require_all(visitor)
    staff = visitor.staff
    return page(
        request,
        "messages/letters.html",
        visitor,
        batches=letters.letter_batches(office_of(request), staff),
        may_take=staff.has(Role.SENDER) or may_see(staff),
        may_send=staff.has(Role.SENDER),
    )


@router.post("/messages/letters/take")
def take_letters(request: Request, visitor: FormVisitor, batch: Annotated[str, Form()]) -> Response:
    """What of a batch is not printed, as a ZIP of PDFs; that it was taken is in the log."""
    office = office_of(request)
    # Without a name and on the state folder's disk: there may be thousands of letters.
    with contextlib.ExitStack() as kept:
        data = kept.enter_context(tempfile.TemporaryFile(dir=office.settings.state.folder))
        letters.archive(office, visitor.staff, batch, data)
        headers = {
            "Content-Disposition": f'attachment; filename="letters-{batch}.zip"',
            "Content-Length": str(data.tell()),
        }
        data.seek(0)
        done = BackgroundTask(kept.pop_all().close)
    return StreamingResponse(
        iter(lambda: data.read(BLOCK), b""),
        media_type="application/zip",
        headers=headers,
        background=done,
    )


@router.post("/messages/letters/printed")
def letters_printed(
    request: Request,
    visitor: FormVisitor,
    batch: Annotated[str, Form()],
    mark: RowNumber,
    undo: Annotated[str, Form()] = "",
) -> Response:
    """Say that what was taken is printed, or take that back; `mark` says which taking is meant."""
    said = letters.not_printed if undo else letters.printed
    said(office_of(request), visitor.staff, batch, mark)
    return RedirectResponse("/messages/letters", status_code=303)


@router.post("/messages/letters/returned")
def returned(
    request: Request, visitor: FormVisitor, number: Annotated[str, Form()] = ""
) -> Response:
    """Note a letter that came back, by the number printed on it."""
    require(visitor, Role.SENDER)
    office = office_of(request)
    with office.database.reading() as session:
        message = deciding.find_letter(session, number)
    deciding.letter_returned(office.journal, visitor.staff, message)
    office.live.say("messages")
    return RedirectResponse(f"/messages/one/{message}", status_code=303)


@router.get("/messages/letters/{_form}")
def back_to_letters(_form: str) -> Response:
    """A form's address in the browser's history leads to its page again."""
    return RedirectResponse("/messages/letters", status_code=303)
