"""The office's own characters, for operators: the list, one character, its state and details."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.characters import changes, store
from hub.characters.details import Details
from hub.characters.errors import GlyphRefusedError
from hub.web.colleagues import colleagues, known_names
from hub.web.context import office_of, page
from hub.web.pages.character_form import TypedDetails
from hub.web.security import FormVisitor, Visitor, require
from intake.office.glyphs import MAX_GLYPHS, GlyphState
from intake.office.roster import Role

router = APIRouter()


@router.get("/characters")
def show_characters(request: Request, visitor: Visitor, q: str = "") -> Response:
    """Every character of the office, or those that have the words searched for."""
    require(visitor, Role.OPERATOR)
    with office_of(request).database.reading() as session:
        found = store.every(session, q[:100])
        whole = len(store.every(session)) if q else len(found)
        keeps = store.keeps_drawings(session)
    return page(
        request,
        "characters.html",
        visitor,
        found=found,
        whole=whole,
        most=MAX_GLYPHS,
        words=q[:100],
        keeps_drawings=keeps,
    )


@router.post("/characters/keep-drawings")
def keep_drawings(request: Request, visitor: FormVisitor, keep: Annotated[str, Form()]) -> Response:
    """Let the units keep confirmed drawings, or have them thrown away."""
    require(visitor, Role.OPERATOR)
    changes.set_keep_drawings(office_of(request), visitor.staff, keep=keep == "on")
    return RedirectResponse("/characters#drawings", status_code=303)


@router.get("/characters/{code}")
def show_character(request: Request, visitor: Visitor, code: str) -> Response:
    """One character: how it is drawn, what is known of it, who changed it when."""
    require(visitor, Role.OPERATOR)
    return _character(request, visitor, code)


@router.post("/characters/{held}/details")
def correct(request: Request, visitor: FormVisitor, held: str, typed: TypedDetails) -> Response:
    """Correct what stands beside the outline of the character with the code `held`."""
    require(visitor, Role.OPERATOR)
    office = office_of(request)
    details = replace(typed, code=held)
    with office.database.reading() as session:
        present = store.one(session, held).glyph
    try:
        glyph = details.glyph(present.outline, present.state)
        changes.correct(office, visitor.staff, glyph, details.note)
    except GlyphRefusedError as refused:
        return _character(request, visitor, held, details, refused)
    return RedirectResponse(f"/characters/{held}", status_code=303)


@router.post("/characters/{code}/retire")
def retire(
    request: Request, visitor: FormVisitor, code: str, reason: Annotated[str, Form()] = ""
) -> Response:
    """End a character: it is offered no more, and still drawn where a name holds it."""
    require(visitor, Role.OPERATOR)
    changes.set_state(office_of(request), visitor.staff, code, GlyphState.RETIRED, reason)
    return RedirectResponse(f"/characters/{code}", status_code=303)


@router.post("/characters/{code}/restore")
def restore(
    request: Request, visitor: FormVisitor, code: str, reason: Annotated[str, Form()] = ""
) -> Response:
    """Offer a retired character again."""
    require(visitor, Role.OPERATOR)
    changes.set_state(office_of(request), visitor.staff, code, GlyphState.ACTIVE, reason)
    return RedirectResponse(f"/characters/{code}", status_code=303)


def _character(
    request: Request,
    visitor: Visitor,
    code: str,
    details: Details | None = None,
    refused: GlyphRefusedError | None = None,
) -> Response:
    office = office_of(request)
    with office.database.reading() as session:
        view = store.one(session, code)
        past = store.history(session, code)
    return page(
        request,
        "character.html",
        visitor,
        400 if refused else 200,
        view=view,
        character=view.glyph.character(office.settings.office.code),
        history=past,
        details=details or Details.written(view.glyph, view.note),
        problem=refused.problem.value if refused else None,
        names=known_names(colleagues(office)),
    )
