"""Residents by number or name: what they were sent, and how they want to be reached."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.accounts.sessions import LoggedIn
from hub.accounts.staff import StaffMember
from hub.errors import BadRequestError
from hub.messages.delivery.registering import Wishes
from hub.messages.sending import residents
from hub.messages.sending.channels_at_hand import registrable
from hub.messages.sending.residents import MAY_CHANGE, Registered
from hub.review.access import may_see
from hub.web.context import office_of, page
from hub.web.security import FormVisitor, Visitor, require
from hub.web.text import LANGUAGES
from intake.office.roster import Role

MAY_LOOK: Final = (Role.SENDER, Role.AUDITOR, Role.CLERK, Role.PROTECTED_DESK)
MINUTES_AN_HOUR: Final = 60
LONGEST_TIME: Final = 8


def resident_worker(visitor: Visitor) -> None:
    """RoleError unless the account sends, looks on, or works at the counter."""
    require(visitor, *MAY_LOOK)


router = APIRouter(dependencies=[Depends(resident_worker)])


@router.get("/messages/residents")
def show_search(request: Request, visitor: Visitor) -> Response:
    """The empty search form."""
    return page(request, "messages/residents.html", visitor, rows=None, words="")


@router.post("/messages/residents")
def search(request: Request, visitor: FormVisitor, words: Annotated[str, Form()] = "") -> Response:
    """Who was found; a name never stands in an address."""
    rows = residents.search(office_of(request), visitor.staff, words[:100])
    return page(request, "messages/residents.html", visitor, rows=rows, words=words[:100])


@router.get("/messages/residents/{key}")
def show_person(request: Request, visitor: Visitor, key: str) -> Response:
    """One resident; of a protected person the question first whether to open it."""
    office = office_of(request)
    with office.database.reading() as session:
        protected = residents.protected_key(session, key)
    if protected and may_see(visitor.staff):
        return page(request, "before_look.html", visitor, subject="resident")
    return _person(request, visitor, key)


@router.post("/messages/residents/{key}/open")
def open_person(request: Request, visitor: FormVisitor, key: str) -> Response:
    """The resident after the question was answered; the look is logged."""
    return _person(request, visitor, key)


@router.post("/messages/residents/{key}/channels")
def put_channel(
    request: Request,
    visitor: FormVisitor,
    key: str,
    *,
    channel: Annotated[str, Form()],
    address: Annotated[str, Form()],
    rank: Annotated[int, Form()] = 1,
    opted_in: Annotated[str, Form()] = "",
) -> Response:
    """Register a channel, change it, or opt out of it."""
    office = office_of(request)
    if channel not in registrable(office):
        raise BadRequestError("this office has no such channel; choose from the list")
    given = Registered(channel, address, rank, opted_in == "on")
    residents.put_channel(office, visitor.staff, key, given)
    return _back(key)


@router.post("/messages/residents/{key}/wishes")
def put_wishes(
    request: Request,
    visitor: FormVisitor,
    key: str,
    *,
    written_in: Annotated[str, Form()] = "ja",
    large_print: Annotated[str, Form()] = "",
    quiet_from: Annotated[str, Form()] = "",
    quiet_until: Annotated[str, Form()] = "",
) -> Response:
    """Language, large print and quiet hours."""
    wishes = Wishes(written_in, large_print == "on")
    if quiet_from or quiet_until:
        wishes = replace(wishes, quiet=(_minutes(quiet_from), _minutes(quiet_until)))
    residents.put_wishes(office_of(request), visitor.staff, key, wishes)
    return _back(key)


@router.post("/messages/residents/{key}/release")
def release(
    request: Request,
    visitor: FormVisitor,
    key: str,
    *,
    channel: Annotated[str, Form()],
    action: Annotated[str, Form()],
) -> Response:
    """The protected desk lets a channel be used for a protected person, or no longer."""
    office = office_of(request)
    residents.release(office, visitor.staff, key, channel, allow=action == "release")
    return _back(key)


@router.get("/messages/residents/{key}/{_form}")
def back_to_person(key: str, _form: str) -> Response:
    """A form's address in the browser's history leads to its page again."""
    return _back(key)


def _person(request: Request, visitor: LoggedIn, key: str) -> Response:
    office = office_of(request)
    found = residents.person(office, visitor.staff, key)
    known = {one.channel for one in found.channels}
    return page(
        request,
        "messages/resident.html",
        visitor,
        person=found,
        quiet=_quiet(found.wishes),
        new_channels=[name for name in registrable(office) if name not in known],
        may_change=_may_change(visitor.staff),
        may_release=may_see(visitor.staff),
        wish_languages=LANGUAGES,
    )


def _may_change(staff: StaffMember) -> bool:
    return any(staff.has(role) for role in MAY_CHANGE)


def _quiet(wishes: Wishes) -> tuple[str, str]:
    if wishes.quiet is None:
        return ("", "")
    first, last = (divmod(minute, MINUTES_AN_HOUR) for minute in wishes.quiet)
    return (f"{first[0]:02}:{first[1]:02}", f"{last[0]:02}:{last[1]:02}")


def _minutes(text: str) -> int:
    hours, _, minutes = text[:LONGEST_TIME].partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(minutes) < MINUTES_AN_HOUR):
        raise BadRequestError("quiet hours have a beginning and an end, written 21:30")
    return int(hours) * MINUTES_AN_HOUR + int(minutes)


def _back(key: str) -> Response:
    return RedirectResponse(f"/messages/residents/{key}", status_code=303)
