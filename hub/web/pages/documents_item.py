"""One person's pages: picture with boxes, list against page, the fixes, and a fix undone."""

import base64
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.accounts.sessions import LoggedIn
from hub.errors import BadRequestError, NotFoundError
from hub.messages.batches import current, deciding, looking, offering, shown, store
from hub.messages.batches.deciding import Make, Seen
from hub.messages.batches.errors import GivenProblem, GivenRefusedError
from hub.messages.batches.looking import Look
from hub.messages.batches.settling import ItemState
from hub.messages.notices.template import FIELD_NAMES
from hub.web.colleagues import colleagues, known_names
from hub.web.context import office_of, page
from hub.web.pages.documents import document_worker
from hub.web.security import FormVisitor, Visitor
from intake.office.roster import Role

router = APIRouter(dependencies=[Depends(document_worker)])
ITEM: Final = "/documents/{number}/items/{item}"


@dataclass(frozen=True)
class Wanted:
    """What a form asks for: a fix, its value, and the item as it was seen."""

    fix: str
    seen: str
    row: int
    field: str
    value: str


def wanted(
    fix: Annotated[str, Form()],
    seen: Annotated[str, Form()] = "",
    row: Annotated[str, Form()] = "",
    field: Annotated[str, Form()] = "",
    value: Annotated[str, Form()] = "",
) -> Wanted:
    """The form's fields, cut to what may stand in them."""
    number = int(row) if row.isascii() and row.isdigit() and len(row) < 8 else -1
    return Wanted(fix, seen[:64], number, field[:32], value[:500])


@router.get(ITEM)
def show(request: Request, visitor: Visitor, number: int, item: int, sheet: int = 0) -> Response:
    """The pages; of a protected person the question first whether to open them."""
    look = looking.look_at(office_of(request), visitor.staff, number, item)
    if look.item.protected:
        return page(request, "documents/before_look.html", visitor, number=number, item=item)
    return _show(request, visitor, look, sheet)


@router.post(ITEM + "/open")
def open_protected(
    request: Request,
    visitor: FormVisitor,
    number: int,
    item: int,
    sheet: Annotated[int, Form()] = 0,
) -> Response:
    """A protected person's pages after the question was answered; the look is logged."""
    office = office_of(request)
    look = looking.look_at(office, visitor.staff, number, item)
    if look.item.protected:
        looking.log_look(office, visitor.staff, look)
    return _show(request, visitor, look, sheet)


@router.get(ITEM + "/open")
def back_to_item(number: int, item: int) -> Response:
    """A form's address in the browser's history leads to its page again."""
    return RedirectResponse(f"/documents/{number}/items/{item}", status_code=303)


@router.get(ITEM + "/pages/{sheet}.png")
def picture(request: Request, visitor: Visitor, number: int, item: int, sheet: int) -> Response:
    """A page as a picture, drawn in the sandbox. A protected person's has no address."""
    office = office_of(request)
    look = looking.look_at(office, visitor.staff, number, item)
    drawn = None if look.item.protected else looking.picture(office, look, sheet)
    if drawn is None:
        raise NotFoundError("this page has no picture")
    return Response(drawn, media_type="image/png")


@router.post(ITEM + "/fix")
def fix(
    request: Request,
    visitor: FormVisitor,
    number: int,
    item: int,
    asked: Annotated[Wanted, Depends(wanted)],
) -> Response:
    """Decide about the pages; then the next held ones, or these again when more is to be done."""
    office = office_of(request)
    seen = Seen(number, item, asked.seen)
    try:
        deciding.decide(office, visitor.staff, seen, _make(asked))
    except GivenRefusedError as refused:
        look = looking.look_at(office, visitor.staff, number, item)
        if look.item.protected:
            looking.log_look(office, visitor.staff, look)
        return _show(request, visitor, look, 0, problem=refused.problem, asked=asked)
    return RedirectResponse(f"/documents/{number}/items/{item}?done=1", status_code=303)


@router.get(ITEM + "/fix")
def back_from_fix(number: int, item: int) -> Response:
    """As for `open`."""
    return RedirectResponse(f"/documents/{number}/items/{item}", status_code=303)


SIMPLE: Final = {
    "same-name": deciding.same_person,
    "taken-out": deciding.take_out,
    "accepted": deciding.accept_as_they_are,
    "accepted-for-all": deciding.accept_for_all,
    "released": deciding.release,
}
"""Decisions that need nothing but the button."""


def _make(asked: Wanted) -> Make:
    match asked.fix:
        case "belongs-to":
            return deciding.give_to(asked.row)
        case "typed":
            return deciding.typed(asked.field, asked.value)
        case simple if simple in SIMPLE:
            return SIMPLE[simple]
        case _:
            raise BadRequestError("there is no such decision")


def _show(
    request: Request,
    visitor: LoggedIn,
    look: Look,
    sheet: int,
    *,
    problem: GivenProblem | None = None,
    asked: Wanted | None = None,
) -> Response:
    office, item = office_of(request), look.item
    before, behind = looking.neighbours(look)
    may_be = {*item.pages, before, behind} - {None}
    if sheet not in may_be:
        doubted = [place.page for concern in item.concerns for place in concern.places]
        sheet = next((one for one in doubted if one in item.pages), (*item.pages, 0)[0])
    with office.database.reading() as session:
        files = {file.position: file for file in store.files(session, look.batch.number)}
        acts = [shown.act_line(act) for act in store.acts(session, look.batch.number)]
    read = looking.page_of(office, look, sheet) if sheet else None
    inline = None
    if item.protected and read is not None and read.width > 0:
        drawn = looking.picture(office, look, sheet)
        inline = None if drawn is None else base64.b64encode(drawn).decode()
    held = [one.number for one in look.items if one.state is ItemState.HELD]
    author = visitor.staff.has(Role.AUTHOR)
    return page(
        request,
        "documents/item.html",
        visitor,
        400 if problem else 200,
        batch=shown.batch_line(look.batch),
        item=item,
        line=shown.item_line(item, files, visitor.staff),
        file=files[item.file].file_name if item.file in files else "",
        seen=current.fingerprint(item),
        sheet=sheet,
        read=read,
        inline=inline,
        before=before,
        behind=behind,
        marks=offering.marks(item, sheet),
        compared=offering.compared(look),
        fields=[(name, item.fields[name]) for name in FIELD_NAMES if name in item.fields],
        offers=offering.offers(look),
        acts=[act for act in acts if act.number in item.acts],
        resident_id=look.resident_id if visitor.staff.works_on_cases else None,
        next_held=next((one for one in held if one > item.number), held[0] if held else None),
        held_left=len(held),
        hidden_people=_hidden(look, visitor),
        decides=visitor.staff.has(Role.PROTECTED_DESK) if item.protected else author,
        done="done" in request.query_params,
        names=known_names(colleagues(office)),
        problem=None if problem is None else problem.value,
        asked=asked,
    )


def _hidden(look: Look, visitor: LoggedIn) -> frozenset[str]:
    """Numbers beside which no name is shown to this viewer."""
    if visitor.staff.has(Role.PROTECTED_DESK):
        return frozenset()
    return frozenset(look.found.protected)
