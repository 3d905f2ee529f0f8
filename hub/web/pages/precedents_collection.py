"""The collection, for operators: what it holds, importing with progress, undo."""

import shutil
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from hub.accounts.sessions import LoggedIn
from hub.errors import BadRequestError
from hub.precedents.errors import SourceError
from hub.precedents.overview import overview
from hub.precedents.service.assistant import Assistant
from hub.precedents.service.importing import Order
from hub.precedents.service.offers import offered, offers, publishers, save_upload
from hub.precedents.store import Store
from hub.web.context import office_of, page
from hub.web.security import FormVisitor, Visitor, require
from intake.office.roster import Role

router = APIRouter()
PAGE: Final = "/precedents/collection"
UNSIGNED: Final = "unsigned"
KEY: Final = "key:"


@router.get(PAGE)
def show_collection(request: Request, visitor: Visitor) -> Response:
    """What the collection holds, what is being done to it, what can be imported."""
    require(visitor, Role.OPERATOR)
    return _page(request, visitor)


@router.get(PAGE + "/{_form}")
def back_to_collection(_form: str) -> Response:
    """A form's address in the browser's history leads to the page again."""
    return RedirectResponse(PAGE, status_code=303)


@router.post(PAGE + "/sample")
def import_sample(request: Request, visitor: FormVisitor) -> Response:
    """Import the sample handbook."""
    return _begun(request, visitor, Order("sample", visitor.staff.login))


@router.post(PAGE + "/undo")
def undo_import(request: Request, visitor: FormVisitor) -> Response:
    """Go back to the collection before the last import."""
    return _begun(request, visitor, Order("undo", visitor.staff.login))


@router.post(PAGE + "/folder")
def import_from_folder(
    request: Request,
    visitor: FormVisitor,
    chosen: Annotated[str, Form()] = "",
    trust: Annotated[str, Form()] = "",
) -> Response:
    """Import a file or folder below the folder that is set."""
    require(visitor, Role.OPERATOR)
    settings = office_of(request).precedents.settings
    try:
        key = _key(office_of(request).precedents, trust)
        order = Order("import", visitor.staff.login, (offered(settings, chosen),), key)
    except SourceError as error:
        return _page(request, visitor, problem=str(error))
    return _begun(request, visitor, order)


@router.post(PAGE + "/upload")
def import_upload(
    request: Request,
    visitor: FormVisitor,
    file: Annotated[UploadFile, File()],
    trust: Annotated[str, Form()] = "",
) -> Response:
    """Import a file that was sent; it is removed again when the import has ended."""
    require(visitor, Role.OPERATOR)
    assistant = office_of(request).precedents
    key = _key(assistant, trust)
    folder = assistant.incoming()
    try:
        path = save_upload(folder, file.filename or "", file.file)
        order = Order("import", visitor.staff.login, (path,), key)
        return _begun(request, visitor, order, folder)
    except SourceError as error:
        shutil.rmtree(folder, ignore_errors=True)
        return _page(request, visitor, problem=str(error))


def _begun(
    request: Request, visitor: LoggedIn, order: Order, folder: Path | None = None
) -> Response:
    require(visitor, Role.OPERATOR)
    importing = office_of(request).precedents.importing

    def clear() -> None:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    try:
        importing.begin(order, clear)
    except Exception:
        clear()
        raise
    return RedirectResponse(PAGE, status_code=303)


def _key(assistant: Assistant, trust: str) -> Path | None:
    """The publisher's key that was chosen, None for unsigned; BadRequestError for neither."""
    if trust == UNSIGNED:
        return None
    known = publishers(assistant.settings)
    name = trust.removeprefix(KEY)
    if not trust.startswith(KEY) or name not in known:
        raise BadRequestError("choose where the files are from")
    return known[name]


def _page(request: Request, visitor: LoggedIn, problem: str = "") -> Response:
    assistant = office_of(request).precedents
    about = None
    if assistant.store.is_file():
        with Store(assistant.store) as store:
            about = overview(store)
    return page(
        request,
        "precedents/collection.html",
        visitor,
        400 if problem else 200,
        about=about,
        job=assistant.importing.job,
        ready=assistant.search.ready,
        encoding=assistant.encoding.state,
        offers=offers(assistant.settings),
        folder_set=assistant.settings.folder is not None,
        publishers=tuple(publishers(assistant.settings)),
        problem=problem,
    )
