"""Notice templates: the list, one with its versions, its TOML out and in."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from hub.errors import NotFoundError, TemplateError
from hub.file_names import shown_name
from hub.messages.notices.template import COMMON, alone, built_in
from hub.messages.template_editor import drafts, store
from hub.messages.template_editor.store import OwnTemplate
from hub.web.colleagues import colleagues, known_names
from hub.web.context import office_of, page
from hub.web.security import FormVisitor, Visitor, message_worker

router = APIRouter(dependencies=[Depends(message_worker)])


@router.get("/templates")
def show_templates(request: Request, visitor: Visitor) -> Response:
    """Every template: the office's own, then the built-in ones."""
    office = office_of(request)
    with office.database.reading() as session:
        own = store.newest(session)
        open_drafts = drafts.open_drafts(session, visitor.staff)
    replaced = {one.name for one in own if not one.retired}
    return page(
        request,
        "templates/list.html",
        visitor,
        own=own,
        built_in=[
            (name, alone(name, text).kind, name in replaced)
            for name, text in built_in().items()
            if name != COMMON
        ],
        drafts=open_drafts,
        names=known_names(colleagues(office)),
    )


@router.get("/templates/own/{name}")
def show_template(request: Request, visitor: Visitor, name: str, version: int = 0) -> Response:
    """One template of the office: a version's TOML, and all versions."""
    office = office_of(request)
    with office.database.reading() as session:
        held = store.versions(session, name)
    return page(
        request,
        "templates/template.html",
        visitor,
        one=_version(held, version),
        held=held,
        names=known_names(colleagues(office)),
    )


@router.get("/templates/built-in/{name}")
def show_built_in(request: Request, visitor: Visitor, name: str) -> Response:
    """A built-in template, to be read."""
    text = built_in().get(name)
    if text is None:
        raise NotFoundError("there is no built-in template of this name")
    kind = "" if name == COMMON else alone(name, text).kind
    return page(request, "templates/built_in.html", visitor, name=name, toml=text, kind=kind)


@router.get("/templates/own/{name}/{version}.toml")
def export(request: Request, name: str, version: int) -> Response:
    """A version's TOML as a file."""
    with office_of(request).database.reading() as session:
        one = _version(store.versions(session, name), version)
    return Response(
        one.toml,
        media_type="application/toml",
        headers={"Content-Disposition": f'attachment; filename="{one.name}.toml"'},
    )


@router.post("/templates/imports")
def take_file(
    request: Request,
    visitor: FormVisitor,
    file: Annotated[UploadFile, File()],
    name: Annotated[str, Form()] = "",
) -> Response:
    """Keep a template's TOML file as a new version; its name is the file's when none is given."""
    data = file.file.read(store.LONGEST + 1)
    chosen = name.strip() or shown_name(file.filename or "").removesuffix(".toml")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise TemplateError(f"template {chosen} is not text in UTF-8") from error
    store.save(office_of(request), visitor.staff, chosen, text)
    return RedirectResponse(f"/templates/own/{chosen}", status_code=303)


@router.post("/templates/own/{name}/retire")
def retire(request: Request, visitor: FormVisitor, name: str) -> Response:
    """Read nothing by it any more."""
    store.set_retired(office_of(request), visitor.staff, name, retired=True)
    return RedirectResponse(f"/templates/own/{name}", status_code=303)


@router.post("/templates/own/{name}/restore")
def restore(request: Request, visitor: FormVisitor, name: str) -> Response:
    """Read by it again."""
    store.set_retired(office_of(request), visitor.staff, name, retired=False)
    return RedirectResponse(f"/templates/own/{name}", status_code=303)


def _version(held: list[OwnTemplate], version: int) -> OwnTemplate:
    if version == 0:
        return held[0]
    found = next((one for one in held if one.version == version), None)
    if found is None:
        raise NotFoundError("the template has no such version")
    return found
