"""One notification: look, accept, return."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.accounts.staff import every
from hub.clock import local_date
from hub.errors import BadRequestError
from hub.review import decide
from hub.review.reading import read_view
from hub.web.context import office_of, page, units_of
from hub.web.security import FormVisitor, Visitor

router = APIRouter()
LINK, NOBODY = "link_", "-"


@router.get("/notifications/{notification_id}")
def show_notification(request: Request, notification_id: str, visitor: Visitor) -> Response:
    """The review page."""
    office = office_of(request)
    found = read_view(office, visitor.staff, notification_id, "notification")
    with office.database.reading() as session:
        staff_list = [one for one in every(session) if not one.disabled]
    due = local_date(office.clock()) + dt.timedelta(days=office.settings.review.due_days)
    return page(
        request,
        "notification.html",
        visitor,
        view=found,
        staff_list=staff_list,
        due_on=due.isoformat(),
    )


async def form_links(request: Request) -> dict[str, str]:
    """The fields `link_<person_id>` of the form: a resident id, or NOBODY."""
    form = await request.form()
    return {
        key.removeprefix(LINK): "" if value == NOBODY else str(value)
        for key, value in form.items()
        if key.startswith(LINK)
    }


@router.post("/notifications/{notification_id}/accept")
def accept(
    request: Request,
    notification_id: str,
    visitor: FormVisitor,
    links: Annotated[dict[str, str], Depends(form_links)],
    identity: Annotated[str, Form()],
    household: Annotated[str, Form()] = "",
) -> Response:
    """Accept into the register."""
    order = decide.AcceptOrder(identity_of(identity), links, household.strip())
    office = office_of(request)
    return _decided(request, decide.accept(office, notification_id, order, visitor.staff))


@router.post("/notifications/{notification_id}/return")
def send_back(
    request: Request,
    notification_id: str,
    visitor: FormVisitor,
    identity: Annotated[str, Form()],
    reason: Annotated[str, Form()],
    owner: Annotated[str, Form()],
    due_on: Annotated[dt.date, Form()],
) -> Response:
    """Return to the counters."""
    order = decide.ReturnOrder(identity_of(identity), reason, owner, due_on)
    office = office_of(request)
    return _decided(request, decide.send_back(office, notification_id, order, visitor.staff))


def identity_of(text: str) -> bytes:
    """The identity in hex; BadRequestError otherwise."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadRequestError("the identity is not in hex") from None


def _decided(request: Request, decided: decide.Decided) -> Response:
    units_of(request).announce_decision(decided.notification_id)
    return RedirectResponse(f"/notifications/{decided.notification_id}", status_code=303)
