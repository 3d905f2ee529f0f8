"""The ledger as a picture with its table, letters to be printed, and letters that came back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.messages.delivery import deciding
from hub.messages.delivery.ledger import sums
from hub.messages.sending.accounts import account_of
from hub.messages.sending.channels_at_hand import rules_of
from hub.messages.sending.letters import archive, waiting_letters
from hub.review.access import may_see
from hub.web.context import office_of, page
from hub.web.pages.messages import message_worker
from hub.web.pages.messages_one import require_all
from hub.web.security import FormVisitor, Visitor, require
from intake.office.roster import Role

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
        batches=waiting_letters(office_of(request)),
        may_take=staff.has(Role.SENDER) or may_see(staff),
        may_send=staff.has(Role.SENDER),
    )


@router.post("/messages/letters/take")
def take_letters(request: Request, visitor: FormVisitor, batch: Annotated[str, Form()]) -> Response:
    """The letters of a batch as a ZIP of PDFs; that they were taken is in the log."""
    data = archive(office_of(request), visitor.staff, batch)
    headers = {"Content-Disposition": 'attachment; filename="letters.zip"'}
    return Response(data, media_type="application/zip", headers=headers)


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
