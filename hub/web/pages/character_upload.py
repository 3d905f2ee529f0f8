"""From a file to a character of the office: upload, look at what was found, write what it is."""

import io
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from hub.accounts.sessions import LoggedIn
from hub.characters import changes, store, uploads
from hub.characters.details import Details
from hub.characters.errors import GlyphRefusedError, Problem
from hub.characters.uploads import Waiting
from hub.errors import BadRequestError
from hub.office import Office
from hub.web.context import office_of, page
from hub.web.pages.character_form import TypedDetails
from hub.web.security import FormVisitor, Visitor, require
from intake.office.glyphs import CODE
from intake.office.outline import GlyphOutline
from intake.office.roster import Role

router = APIRouter()


@router.get("/characters/new")
def show_new(request: Request, visitor: Visitor, replaces: str = "") -> Response:
    """The form that takes a font or a scan."""
    require(visitor, Role.OPERATOR)
    return _form(request, visitor, replaces)


@router.post("/characters/uploads")
def upload(
    request: Request,
    visitor: FormVisitor,
    file: Annotated[UploadFile, File()],
    wanted: Annotated[str, Form()] = "",
    replaces: Annotated[str, Form()] = "",
) -> Response:
    """Read the file and lead to what was found; the form again, with the reason, when nothing."""
    require(visitor, Role.OPERATOR)
    office = office_of(request)
    _present(office, replaces)
    try:
        number = uploads.keep(
            office,
            visitor.staff,
            file.file,
            file_name=file.filename or "",
            wanted=wanted.strip()[:100],
            replaces=replaces or None,
        )
    except GlyphRefusedError as refused:
        return _form(request, visitor, replaces, wanted, refused.problem)
    return RedirectResponse(f"/characters/uploads/{number}", status_code=303)


@router.get("/characters/uploads/{number}")
def show_upload(request: Request, visitor: Visitor, number: str, choice: int = 0) -> Response:
    """What was found, large beside the original, and the form of the details."""
    require(visitor, Role.OPERATOR)
    return _look(request, visitor, number, choice)


@router.post("/characters/uploads/{number}/trace")
def trace(
    request: Request, visitor: FormVisitor, number: str, threshold: Annotated[int, Form()]
) -> Response:
    """Trace the scan once more, at another grey."""
    require(visitor, Role.OPERATOR)
    office = office_of(request)
    with office.database.reading() as session:
        found = uploads.waiting(session, visitor.staff, number)
    if found.origin.original is None or not 1 <= threshold <= 254:
        raise BadRequestError("only a scan is traced again, at a grey from 1 to 254")
    try:
        uploads.retrace(office, visitor.staff, number, io.BytesIO(found.origin.original), threshold)
    except GlyphRefusedError as refused:
        return _look(request, visitor, number, 0, problem=refused.problem)
    return RedirectResponse(f"/characters/uploads/{number}?threshold={threshold}", status_code=303)


@router.post("/characters/uploads/{number}/drop")
def drop(request: Request, visitor: FormVisitor, number: str) -> Response:
    """Throw an upload away."""
    require(visitor, Role.OPERATOR)
    uploads.drop(office_of(request), visitor.staff, number)
    return RedirectResponse("/characters", status_code=303)


@router.post("/characters/uploads/{number}")
def make(
    request: Request,
    visitor: FormVisitor,
    number: str,
    details: TypedDetails,
    choice: Annotated[int, Form()] = 0,
) -> Response:
    """Make a character of it, or the new outline of one that is there."""
    require(visitor, Role.OPERATOR)
    office = office_of(request)
    with office.database.reading() as session:
        found = uploads.waiting(session, visitor.staff, number)
    try:
        code = _make(office, visitor, found, choice, details)
    except GlyphRefusedError as refused:
        return _look(request, visitor, number, choice, details=details, problem=refused.problem)
    uploads.drop(office, visitor.staff, number)
    return RedirectResponse(f"/characters/{code}", status_code=303)


def _make(office: Office, visitor: LoggedIn, found: Waiting, choice: int, details: Details) -> str:
    _, outline = _chosen(found, choice)
    if found.replaces is None:
        glyph = details.glyph(outline)
        changes.add(office, visitor.staff, glyph, details.note, found.origin)
        return glyph.code
    with office.database.reading() as session:
        held = store.one(session, found.replaces)
    glyph = Details.written(held.glyph, "").glyph(outline, held.glyph.state)
    changes.replace(office, visitor.staff, glyph, held.note, found.origin)
    return glyph.code


def _look(
    request: Request,
    visitor: LoggedIn,
    number: str,
    choice: int,
    *,
    details: Details | None = None,
    problem: Problem | None = None,
) -> Response:
    office = office_of(request)
    with office.database.reading() as session:
        found = uploads.waiting(session, visitor.staff, number)
        held = store.one(session, found.replaces) if found.replaces else None
        code = uploads.next_code(session)
    label, outline = _chosen(found, choice)
    return page(
        request,
        "character_upload.html",
        visitor,
        400 if problem else 200,
        found=found,
        held=held,
        choice=choice,
        label=label,
        outline=outline,
        details=details or Details(code=label if CODE.fullmatch(label) else code),
        threshold=request.query_params.get("threshold", "")[:3],
        problem=problem.value if problem else None,
    )


def _form(
    request: Request,
    visitor: LoggedIn,
    replaces: str,
    wanted: str = "",
    problem: Problem | None = None,
) -> Response:
    _present(office_of(request), replaces)
    return page(
        request,
        "character_new.html",
        visitor,
        400 if problem else 200,
        replaces=replaces,
        wanted=wanted[:100],
        problem=problem.value if problem else None,
    )


def _present(office: Office, code: str) -> None:
    """NotFoundError when there is no character to replace; nothing to check for a new one."""
    if code:
        with office.database.reading() as session:
            store.one(session, code)


def _chosen(found: Waiting, choice: int) -> tuple[str, GlyphOutline]:
    if not 0 <= choice < len(found.choices):
        raise BadRequestError("there is no such glyph in the file")
    return found.choices[choice]
