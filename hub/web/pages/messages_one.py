"""One message: its timeline, the page and PDF as the resident sees them, and what decides it."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.sessions import LoggedIn
from hub.accounts.staff import StaffMember
from hub.characters.store import own_outlines
from hub.errors import BadRequestError, RoleError
from hub.messages.delivery import deciding
from hub.messages.message.checking import Checked, check
from hub.messages.message.page import as_html, style_text
from hub.messages.message.pdf import as_pdf
from hub.messages.sending import listing, residents, telling_again, timeline, undoing
from hub.messages.sending.channels_at_hand import PAPER, rules_of
from hub.messages.sending.preview import first_of
from hub.office import Office
from hub.review.access import may_see
from hub.storage.tables import DocumentBatch, Message, MessageContent
from hub.web.colleagues import colleagues, known_names
from hub.web.context import office_of, page
from hub.web.pages.messages import A_PAGE, batch_of, message_worker, sees_all
from hub.web.security import FormVisitor, Visitor
from hub.web.text import LANGUAGES
from intake.office.roster import Role

MOST_DECISIONS: Final = 200
STYLE: Final = "/messages/page.css"

router = APIRouter(dependencies=[Depends(message_worker)])


@router.get("/messages/waiting")
def show_waiting(request: Request, visitor: Visitor, first: int = 0) -> Response:
    """Messages that wait for a person, and those of unknown outcome."""
    return _listed(request, visitor, first, listing.waiting, "messages/waiting.html")


@router.get("/messages/single")
def show_single(request: Request, visitor: Visitor, first: int = 0) -> Response:
    """Messages that core systems handed in one by one."""
    return _listed(request, visitor, first, listing.single, "messages/single.html")


def _listed(
    request: Request,
    visitor: LoggedIn,
    first: int,
    find: Callable[[Session, int, int], listing.Rows],
    template: str,
) -> Response:
    require_all(visitor)
    first = max(first, 0)
    with office_of(request).database.reading() as session:
        found = find(session, first, A_PAGE)
        rows = residents.shown_to(session, visitor.staff, found.rows)
    return page(
        request, template, visitor, rows=rows, total=found.total, first=first, a_page=A_PAGE
    )


@router.get("/messages/decisions")
def show_decisions(request: Request, visitor: Visitor) -> Response:
    """Decisions about notifications, and whether their residents were told."""
    require_all(visitor)
    with office_of(request).database.reading() as session:
        found = listing.decisions(session, MOST_DECISIONS)
    return page(
        request,
        "messages/decisions.html",
        visitor,
        rows=found,
        may_send=visitor.staff.has(Role.SENDER),
        may_release=may_see(visitor.staff),
        most=MOST_DECISIONS,
    )


@router.post("/messages/decisions/{number}")
def decide_telling(
    request: Request, visitor: FormVisitor, number: int, action: Annotated[str, Form()]
) -> Response:
    """Try a telling again, or leave it out."""
    telling_again.decide(office_of(request), visitor.staff, number, action)
    return RedirectResponse("/messages/decisions", status_code=303)


@router.get("/messages/page.css")
def preview_style(_visitor: Visitor) -> Response:
    """The style of a message's own page."""
    return Response(style_text(), media_type="text/css")


@router.get("/messages/one/{number}")
def show_message(request: Request, visitor: Visitor, number: int) -> Response:
    """Every attempt, where it stands, what comes next."""
    office, staff = office_of(request), visitor.staff
    with office.database.reading() as session:
        message = _allowed(session, staff, number)
        found = timeline.view(session, message, PAPER)
        protected = residents.protected_key(session, message.atena_no)
    return page(
        request,
        "messages/one.html",
        visitor,
        view=found,
        protected=protected,
        may_open=may_see(staff) or not protected,
        may_send=staff.has(Role.SENDER),
        may_release=may_see(staff),
        names=known_names(colleagues(office)),
        languages_shown=LANGUAGES,
    )


@router.post("/messages/one/{number}/preview")
def preview(
    request: Request,
    visitor: FormVisitor,
    number: int,
    *,
    shown_in: Annotated[str, Form()] = "ja",
    large: Annotated[str, Form()] = "",
    form: Annotated[str, Form()] = "page",
) -> Response:
    """Exactly what the resident sees, as a page or a PDF; of a protected person with a trace."""
    checked = _content(office_of(request), visitor, number)
    return _shown(request, checked, (shown_in, large, form), f"message-{number}.pdf")


@router.post("/messages/batches/{number}/preview")
def preview_first(
    request: Request,
    visitor: FormVisitor,
    number: int,
    *,
    shown_in: Annotated[str, Form()] = "ja",
    large: Annotated[str, Form()] = "",
    form: Annotated[str, Form()] = "page",
) -> Response:
    """The first message of a batch as it would be sent, before anybody sends it."""
    office = office_of(request)
    with office.database.reading() as session:
        batch_of(session, visitor.staff, number)
    checked = first_of(office, visitor.staff, number)
    return _shown(request, checked, (shown_in, large, form), f"batch-{number}.pdf")


@router.post("/messages/one/{number}/decide")
def decide(
    request: Request, visitor: FormVisitor, number: int, action: Annotated[str, Form()]
) -> Response:
    """Cancel, let go on, send again, say it arrived, release an address, note a returned letter."""
    office, staff = office_of(request), visitor.staff
    acts: dict[str, Callable[[], object]] = {
        "cancel": lambda: deciding.cancel(office.journal, staff, number),
        "go_on": lambda: undoing.let_go_after_all(office, staff, number),
        "send_again": lambda: deciding.send_again(office.journal, staff, number),
        "arrived": lambda: deciding.arrived(office.journal, rules_of(office), staff, number),
        "release_address": lambda: deciding.release_address(office.journal, staff, number),
        "letter_returned": lambda: deciding.letter_returned(office.journal, staff, number),
    }
    if action not in acts:
        raise BadRequestError("there is no such decision")
    acts[action]()
    office.live.say("messages")
    return RedirectResponse(f"/messages/one/{number}", status_code=303)


@router.get("/messages/one/{number}/{_form}")
def back_to_message(number: int, _form: str) -> Response:
    """A form's address in the browser's history leads to its page again."""
    return RedirectResponse(f"/messages/one/{number}", status_code=303)


def _shown(
    request: Request, checked: Checked, how: tuple[str, str, str], file_name: str
) -> Response:
    """A message as page or PDF. how: language of the labels, `on` for large print, `pdf` or not."""
    office, (shown_in, large, form) = office_of(request), how
    language = shown_in if shown_in in LANGUAGES else LANGUAGES[0]
    own = own_outlines(office.database, office.settings.office.code)
    if form == "pdf":
        data = as_pdf(checked, language, large=large == "on", own=own)
        headers = {"Content-Disposition": f'inline; filename="{file_name}"'}
        return Response(data, media_type="application/pdf", headers=headers)
    text = as_html(
        checked, language, large=large == "on", own=own, stylesheet=STYLE, downloads=False
    )
    return HTMLResponse(text)


def require_all(visitor: LoggedIn) -> None:
    """RoleError for an author, who sees their own batches alone."""
    if not sees_all(visitor.staff):
        raise RoleError("an author sees the batches that they gave")


def _allowed(session: Session, staff: StaffMember, number: int) -> Message:
    message = timeline.find(session, number)
    if sees_all(staff):
        return message
    batch = message.batch or ""
    author = (
        session.scalar(select(DocumentBatch.created_by).where(DocumentBatch.number == int(batch)))
        if batch.isdecimal()
        else None
    )
    if author != staff.login:
        raise RoleError("an author sees the batches that they gave")
    return message


def _content(office: Office, visitor: LoggedIn, number: int) -> Checked:
    with office.database.reading() as session:
        message = _allowed(session, visitor.staff, number)
        key = message.atena_no
        data = session.get_one(MessageContent, number).content
    residents.look_at(office, visitor.staff, key, "message_preview")
    return check(data, office.ring.message_certificates())
