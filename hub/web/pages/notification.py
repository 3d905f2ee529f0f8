"""One notification: look, accept, return."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.accounts.staff import StaffMember
from hub.clock import local_date
from hub.errors import BadRequestError
from hub.messages.from_register.wished import Wished, offered, standing, wished
from hub.office import Office
from hub.register.record import ResidentRow, listing
from hub.review import decide
from hub.review.filing import FilingState
from hub.review.reading import read_drawings, read_view
from hub.review.view import NotificationView
from hub.web.colleagues import colleagues, known_names
from hub.web.context import office_of, page, units_of
from hub.web.ink_picture import InkPicture, picture
from hub.web.pages import notification_reach
from hub.web.protected_doors import asks_first_for_notification
from hub.web.security import CASE_WORKERS_ONLY, FormVisitor, LoggedIn, Visitor
from intake.office.roster import Role

router = APIRouter(dependencies=[CASE_WORKERS_ONLY])
router.include_router(notification_reach.router)
LINK, NOBODY = "link_", "-"


@router.get("/notifications/{notification_id}")
def show_notification(request: Request, notification_id: str, visitor: Visitor) -> Response:
    """The review page; of a protected person the question first whether to open it."""
    office = office_of(request)
    if asks_first_for_notification(office, visitor.staff, notification_id):
        with office.database.reading() as session:
            filing = decide.find_filing(session, notification_id)
        return page(request, "before_look.html", visitor, subject="notification", filing=filing)
    return _review_page(request, visitor, notification_id)


@router.get("/notifications/{notification_id}/{_form}")
def back_to_notification(notification_id: str, _form: str) -> Response:
    """A form's address in the browser's history leads to its page again."""
    return RedirectResponse(f"/notifications/{notification_id}", status_code=303)


@router.post("/notifications/{notification_id}/open")
def open_notification(request: Request, notification_id: str, visitor: FormVisitor) -> Response:
    """The review page after the question was answered; the look is logged."""
    return _review_page(request, visitor, notification_id)


def _review_page(request: Request, visitor: LoggedIn, notification_id: str) -> Response:
    office = office_of(request)
    found = read_view(office, visitor.staff, notification_id, "notification")
    staff_list = colleagues(office)
    due = local_date(office.clock()) + dt.timedelta(days=office.settings.review.due_days)
    return page(
        request,
        "notification.html",
        visitor,
        view=found,
        drawings=_drawings(office, visitor.staff, found),
        anchors=_anchors(found),
        residents=_residents(office, visitor.staff, found),
        staff_list=staff_list,
        names=known_names(staff_list),
        others=_other_reviewers(staff_list, visitor.staff, found),
        may_decide=visitor.staff.has(Role.REVIEWER),
        tells=office.settings.sending.tell_decisions,
        channels=offered(office),
        wished=_wished(office, notification_id),
        standing=standing(office, notification_id),
        due_on=due.isoformat(),
        today=local_date(office.clock()).isoformat(),
    )


def _wished(office: Office, notification_id: str) -> tuple[Wished, ...]:
    with office.database.reading() as session:
        return wished(session, notification_id)


def _drawings(
    office: Office, staff: StaffMember, found: NotificationView
) -> tuple[InkPicture, ...]:
    if not found.drawings:
        return ()
    persons = tuple(person.person_id for person in found.persons)
    drawn = read_drawings(office, staff, found.notification_id)
    return tuple(picture(one, persons) for one in drawn)


def _anchors(found: NotificationView) -> dict[str, str]:
    """Where on the page the field stands that a finding names."""
    of_all = {field.name: f"f-{field.name}" for field in found.fields}
    return of_all | {
        f"persons/{person.person_id}/{field.name}": f"f-{person.person_id}-{field.name}"
        for person in found.persons
        for field in person.fields
    }


def _residents(
    office: Office, staff: StaffMember, found: NotificationView
) -> tuple[ResidentRow, ...]:
    if found.state != FilingState.ACCEPTED.value:
        return ()
    return listing(office, found.notification_id, staff=staff)


def _other_reviewers(
    staff_list: tuple[StaffMember, ...], staff: StaffMember, found: NotificationView
) -> tuple[StaffMember, ...]:
    """Who could accept instead of this viewer."""
    took = {revision.staff_id for revision in found.revisions} | {staff.staff_id}
    return tuple(one for one in staff_list if one.has(Role.REVIEWER) and one.staff_id not in took)


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
    *,
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
    *,
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
