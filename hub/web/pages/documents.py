"""Batches of documents: the list, taking one in, one batch with what is ready, held and done."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from hub.accounts.sessions import LoggedIn
from hub.accounts.staff import MESSAGE_ROLES
from hub.messages.batches import current, deciding, mending, shown, store, taking
from hub.messages.batches.errors import GivenProblem, GivenRefusedError
from hub.messages.batches.settling import Item, ItemState
from hub.messages.batches.taking import Given, GivenFile
from hub.messages.notices.template import Template
from hub.messages.template_editor.store import in_force
from hub.web.colleagues import colleagues, known_names
from hub.web.context import office_of, page
from hub.web.security import FormVisitor, RowNumber, Visitor, require
from intake.office.roster import Role

MOST_BATCHES: Final = 200
A_PAGE: Final = 100
"""Items that one page of a batch shows."""
HISTORY: Final = "history"
TABS: Final = (*(state.value for state in ItemState), HISTORY)


def document_worker(visitor: Visitor) -> None:
    """RoleError unless the account works on messages, or decides about protected persons."""
    require(visitor, *MESSAGE_ROLES, Role.PROTECTED_DESK)


router = APIRouter(dependencies=[Depends(document_worker)])


@router.get("/documents")
def show_list(request: Request, visitor: Visitor) -> Response:
    """Every batch, the newest first."""
    office = office_of(request)
    with office.database.reading() as session:
        lines = [shown.batch_line(batch) for batch in store.listed(session, MOST_BATCHES)]
    names = known_names(colleagues(office))
    return page(
        request, "documents/list.html", visitor, lines=lines, names=names, most=MOST_BATCHES
    )


@router.get("/documents/new")
def show_new(request: Request, visitor: Visitor) -> Response:
    """The form that takes documents and their list."""
    require(visitor, Role.AUTHOR)
    return _form(request, visitor)


@router.post("/documents")
def upload(
    request: Request,
    visitor: FormVisitor,
    *,
    files: Annotated[list[UploadFile] | None, File()] = None,
    people: Annotated[UploadFile | None, File()] = None,
    name: Annotated[str, Form()] = "",
    template: Annotated[str, Form()] = "",
) -> Response:
    """Take them in and lead to the batch; the form again, with the reason, when they are not."""
    require(visitor, Role.AUTHOR)
    given = Given(
        files=[_file(one) for one in files or () if one.filename],
        people=None if people is None or not people.filename else _file(people),
        name=name.strip()[:80],
        template=template or None,
    )
    try:
        number = taking.take(office_of(request), visitor.staff, given)
    except GivenRefusedError as refused:
        return _form(request, visitor, refused.problem, name[:80], template[:64])
    return RedirectResponse(f"/documents/{number}", status_code=303)


@router.get("/documents/{number}")
def show(
    request: Request,
    visitor: Visitor,
    number: int,
    *,
    tab: str = "",
    code: str = "",
    first: int = 0,
) -> Response:
    """One batch: how far it is, what is ready and held, what was done."""
    return _batch(request, visitor, number, tab=tab, code=code, first=first)


@router.post("/documents/{number}/list")
def another_list(
    request: Request,
    visitor: FormVisitor,
    number: int,
    people: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Another list for a batch whose list was wrong."""
    given = GivenFile("", b"") if people is None else _file(people)
    try:
        taking.replace_list(office_of(request), visitor.staff, number, given)
    except GivenRefusedError as refused:
        return _batch(request, visitor, number, problem=refused.problem)
    return _back(number)


@router.post("/documents/{number}/password")
def unlock(
    request: Request, visitor: FormVisitor, number: int, password: Annotated[str, Form()] = ""
) -> Response:
    """Open locked files; the password is used now and kept nowhere."""
    try:
        mending.unlock(office_of(request), visitor.staff, number, password[:500])
    except GivenRefusedError as refused:
        return _batch(request, visitor, number, problem=refused.problem)
    return _back(number)


@router.post("/documents/{number}/again")
def read_again(request: Request, visitor: FormVisitor, number: int) -> Response:
    """Read a refused batch once more."""
    mending.read_again(office_of(request), visitor.staff, number)
    return _back(number)


@router.post("/documents/{number}/without")
def go_without(request: Request, visitor: FormVisitor, number: int) -> Response:
    """Go on without the files that cannot be read."""
    mending.leave_out(office_of(request), visitor.staff, number)
    return _back(number)


@router.post("/documents/{number}/throw-away")
def throw_away(request: Request, visitor: FormVisitor, number: int) -> Response:
    """Throw a batch away with its files."""
    deciding.discard(office_of(request), visitor.staff, number)
    return _back(number)


@router.post("/documents/{number}/undo")
def undo(
    request: Request,
    visitor: FormVisitor,
    number: int,
    act: RowNumber,
    item: RowNumber = 0,
) -> Response:
    """Let a decision count no more; back to the item it was undone from, or to what was done."""
    deciding.undo(office_of(request), visitor.staff, number, act)
    where = f"/items/{item}" if item else f"?tab={HISTORY}"
    return RedirectResponse(f"/documents/{number}{where}", status_code=303)


def _file(given: UploadFile) -> GivenFile:
    return GivenFile(given.filename or "", given.file.read())


def _back(number: int) -> Response:
    return RedirectResponse(f"/documents/{number}", status_code=303)


def _form(
    request: Request,
    visitor: LoggedIn,
    problem: GivenProblem | None = None,
    name: str = "",
    template: str = "",
) -> Response:
    with office_of(request).database.reading() as session:
        templates = _kinds(session)
    return page(
        request,
        "documents/new.html",
        visitor,
        400 if problem else 200,
        problem=None if problem is None else problem.value,
        name=name,
        chosen=template,
        templates=templates,
        most_files=taking.MOST_FILES,
    )


def _kinds(session: Session) -> tuple[Template, ...]:
    return tuple(template for template in in_force(session) if template.kind)


def _batch(
    request: Request,
    visitor: LoggedIn,
    number: int,
    *,
    tab: str = "",
    code: str = "",
    first: int = 0,
    problem: GivenProblem | None = None,
) -> Response:
    office = office_of(request)
    with office.database.reading() as session:
        batch = store.one(session, number)
        items = current.items(session, batch) if batch.state in store.READ else ()
        files = {file.position: file for file in store.files(session, number)}
        acts = [shown.act_line(act) for act in store.acts(session, number)]
        kinds = {template.name: template.kind for template in _kinds(session)}
    chosen = _tab(tab, items)
    some = _some(items, chosen, code)
    first = min(max(first, 0), max(len(some) - 1, 0)) // A_PAGE * A_PAGE
    return page(
        request,
        "documents/batch.html",
        visitor,
        400 if problem else 200,
        batch=shown.batch_line(batch),
        kind=kinds.get(batch.template or "", batch.template or ""),
        list_name=batch.list_name,
        wrong_lines=shown.wrong_lines(batch) if batch.problem == "list" else (),
        files=tuple(files.values()),
        again=any(file.error in mending.AGAIN for file in files.values()),
        some_read=any(file.error is None for file in files.values()),
        counts={one: sum(item.state == one for item in items) for one in ItemState},
        reasons=shown.reasons(items),
        tab=chosen,
        code=code,
        rows=[shown.item_line(one, files, visitor.staff) for one in some[first : first + A_PAGE]],
        found=len(some),
        first=first,
        a_page=A_PAGE,
        acts=acts,
        names=known_names(colleagues(office)),
        author=visitor.staff.has(Role.AUTHOR),
        problem=None if problem is None else problem.value,
    )


def _tab(tab: str, items: tuple[Item, ...]) -> str:
    """The tab asked for, else held pages when there are any, else what is ready."""
    if tab in TABS:
        return tab
    held = any(item.state is ItemState.HELD for item in items)
    return ItemState.HELD if held else ItemState.READY


def _some(items: tuple[Item, ...], tab: str, code: str) -> list[Item]:
    return [
        item
        for item in items
        if item.state == tab and (not code or code in {c.code for c in item.concerns})
    ]
