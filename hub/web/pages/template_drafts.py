"""The template editor: a sample, boxes over its pages, a name for each value, trials, a version."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from hub.accounts.sessions import LoggedIn
from hub.errors import BadRequestError, ConflictError, DocumentError, TemplateError
from hub.messages.notices.template import read_toml
from hub.messages.sandbox.pool import PictureError
from hub.messages.template_editor import drafts, store, view, written
from hub.messages.template_editor.drafts import Draft, Sample
from hub.messages.template_editor.proposals import How, kinds, proposals, rule_for
from hub.web.context import office_of, page
from hub.web.pages.template_forms import Named, Typed, whole, words_of
from hub.web.security import FormVisitor, Visitor, message_worker, require
from intake.office.roster import Role

router = APIRouter(dependencies=[Depends(message_worker)])
DRAFTS: Final = "/templates/drafts"
MOST_OFFERS: Final = 8


@router.get(f"{DRAFTS}/new")
def show_new(request: Request, visitor: Visitor, base: str = "") -> Response:
    """The form that takes a sample."""
    require(visitor, Role.AUTHOR)
    return page(request, "templates/new.html", visitor, base=base[:64], problem="")


@router.post(DRAFTS)
def begin(
    request: Request,
    visitor: FormVisitor,
    file: Annotated[UploadFile, File()],
    pages: Annotated[str, Form()] = "",
    base: Annotated[str, Form()] = "",
) -> Response:
    """Read the sample and lead to the editor; the form again, with the reason, when unreadable."""
    require(visitor, Role.AUTHOR)
    sample = Sample(file.filename or "", file.file.read(), whole(pages))
    try:
        number = drafts.begin(office_of(request), visitor.staff, sample, base)
    except DocumentError as error:
        view_of = {"base": base, "problem": str(error) or "damaged"}
        return page(request, "templates/new.html", visitor, 400, **view_of)
    return RedirectResponse(f"{DRAFTS}/{number}", status_code=303)


@router.get(DRAFTS + "/{number}")
def show(
    request: Request, visitor: Visitor, number: str, sheet: int = 1, cell: int = -1
) -> Response:
    """The editor: page `sheet` (from 1) of the sample, the value `cell` chosen."""
    return _editor(request, visitor, _draft(request, visitor, number), At(sheet, cell))


@router.get(DRAFTS + "/{number}/pages/{sheet}.png")
def picture(request: Request, visitor: Visitor, number: str, sheet: int) -> Response:
    """A page of the sample as a picture."""
    try:
        png = drafts.picture(office_of(request), visitor.staff, number, sheet)
    except PictureError as error:
        raise DocumentError("the page cannot be drawn") from error
    return Response(png, media_type="image/png")


@router.post(DRAFTS + "/{number}/fields")
def name_value(request: Request, visitor: FormVisitor, number: str, value: Named) -> Response:
    """Name a value as a field, found again by label, place or column."""
    one = _draft(request, visitor, number)
    at = view.cell_at(one.reading.pages, value.cell)
    if at is None or value.field not in kinds():
        raise BadRequestError("there is no such value or field; load the page again")
    try:
        rule = rule_for(*at, value.field, value.how, value.words[:100])
    except ValueError:
        return _editor(request, visitor, one, At(value.sheet, value.cell), problem="no_name")
    _keep(request, visitor, one, written.as_toml(written.named(_table(one), value.field, rule)))
    return RedirectResponse(f"{DRAFTS}/{number}?sheet={value.sheet}#read", status_code=303)


@router.post(DRAFTS + "/{number}/fields/{field}/remove")
def remove(
    request: Request,
    visitor: FormVisitor,
    number: str,
    field: str,
    sheet: Annotated[int, Form()] = 1,
) -> Response:
    """Take a field's own rule away."""
    one = _draft(request, visitor, number)
    _keep(request, visitor, one, written.as_toml(written.without(_table(one), field)))
    return RedirectResponse(f"{DRAFTS}/{number}?sheet={sheet}#read", status_code=303)


@router.post(DRAFTS + "/{number}/recognition")
def recognise(request: Request, visitor: FormVisitor, number: str, typed: Typed) -> Response:
    """Say how the kind is recognised, and what its notices need."""
    one = _draft(request, visitor, number)
    table = _table(one)
    how = typed.recognition(written.recognition(table))
    if not store.NAME.fullmatch(typed.name) or not how.kind or not how.title:
        return _editor(request, visitor, one, problem="recognition")
    toml = written.as_toml(written.recognised_by(table, how))
    drafts.change(office_of(request), visitor.staff, number, toml, typed.name)
    return RedirectResponse(f"{DRAFTS}/{number}#read", status_code=303)


@router.post(DRAFTS + "/{number}/trials")
def attempt(
    request: Request,
    visitor: FormVisitor,
    number: str,
    files: Annotated[list[UploadFile], File()],
    pages: Annotated[str, Form()] = "",
) -> Response:
    """Try the template on more documents."""
    given = [Sample(f.filename or "", f.file.read(), whole(pages)) for f in files if f.filename]
    if not 1 <= len(given) <= drafts.MOST_TRIALS:
        one = _draft(request, visitor, number)
        return _editor(request, visitor, one, problem="trials")
    drafts.attempt(office_of(request), visitor.staff, number, given)
    return RedirectResponse(f"{DRAFTS}/{number}#trials", status_code=303)


@router.post(DRAFTS + "/{number}/save")
def save(request: Request, visitor: FormVisitor, number: str) -> Response:
    """Keep it as a new version of the office's template, and drop the draft."""
    one = _draft(request, visitor, number)
    try:
        store.save(office_of(request), visitor.staff, one.name, one.toml)
    except ConflictError:
        return _editor(request, visitor, one, problem="same")
    except TemplateError:
        return _editor(request, visitor, one, problem="recognition")
    drafts.drop(office_of(request), visitor.staff, number)
    return RedirectResponse(f"/templates/own/{one.name}", status_code=303)


@router.post(DRAFTS + "/{number}/drop")
def drop(request: Request, visitor: FormVisitor, number: str) -> Response:
    """Throw a draft away."""
    drafts.drop(office_of(request), visitor.staff, number)
    return RedirectResponse("/templates", status_code=303)


@dataclass(frozen=True)
class At:
    """What of the sample is shown: a page (from 1) and the number of the chosen value, or -1."""

    sheet: int = 1
    cell: int = -1


def _editor(
    request: Request, visitor: LoggedIn, one: Draft, at: At | None = None, *, problem: str = ""
) -> Response:
    pages = one.reading.pages
    at = at or At()
    sheet = min(max(at.sheet, 1), len(pages))
    found = view.outcome(one.name, one.toml, one.reading)
    chosen = view.cell_at(pages, at.cell)
    with office_of(request).database.reading() as session:
        tried = drafts.trials(session, one.number)
    table = _table(one)
    how = written.recognition(table)
    return page(
        request,
        "templates/editor.html",
        visitor,
        400 if problem else 200,
        draft=one,
        sheet=sheet,
        shown=pages[sheet - 1],
        spots=view.spots(pages, sheet, found.notice),
        chosen=None if chosen is None else chosen[1],
        cell=at.cell,
        offers=() if chosen is None else proposals(*chosen)[:MOST_OFFERS],
        outcome=found,
        rows=view.field_rows(table, found),
        fields=tuple(kinds()),
        ways=tuple(How),
        recognition=how,
        title_words=words_of(how.title),
        trials=[(t, view.outcome(one.name, one.toml, t.reading)) for t in tried],
        most_trials=drafts.MOST_TRIALS,
        problem=problem,
    )


def _draft(request: Request, visitor: LoggedIn, number: str) -> Draft:
    require(visitor, Role.AUTHOR)
    with office_of(request).database.reading() as session:
        return drafts.draft(session, visitor.staff, number)


def _table(one: Draft) -> written.TableOf:
    return read_toml(one.name, one.toml)


def _keep(request: Request, visitor: LoggedIn, one: Draft, toml: str) -> None:
    if len(toml) > store.LONGEST:
        raise TemplateError("the template is too long")
    drafts.change(office_of(request), visitor.staff, one.number, toml)
