"""The staff pages as one application: routes, errors, headers."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from hub.errors import HubError
from hub.office import Office
from hub.running import Units
from hub.web import body_limit, failures, security
from hub.web.api import login as api_login
from hub.web.api import register as api_register
from hub.web.api import review as api_review
from hub.web.api.v1 import app as api_v1
from hub.web.pages import (
    accounts,
    appearance,
    character_upload,
    characters,
    documents,
    documents_item,
    health,
    login,
    messages,
    messages_ledger,
    messages_one,
    messages_residents,
    notification,
    operator,
    precedents,
    precedents_article,
    precedents_collection,
    precedents_verdict,
    quarantine,
    queue,
    register,
    template_drafts,
    templates,
)

PAGES = (
    login,
    appearance,
    queue,
    notification,
    register,
    operator,
    quarantine,
    accounts,
    character_upload,  # before the page of one character, whose path would take its own
    characters,
    documents,
    documents_item,
    template_drafts,
    templates,
    messages,
    messages_ledger,
    messages_one,
    messages_residents,
    precedents,
    precedents_article,
    precedents_collection,
    precedents_verdict,
    health,
)
API = (api_login, api_review, api_register)


def create_app(office: Office, units: Units) -> FastAPI:
    """The application over one office; `units` is the way to the counters."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.office = office
    app.state.units = units
    app.add_middleware(body_limit.BodyLimit, sessions=office.sessions)
    app.add_middleware(security.Headers)  # the outermost: for answers of the limit too
    app.add_exception_handler(HubError, failures.answer_hub_error)
    app.add_exception_handler(RequestValidationError, failures.answer_bad_form)
    app.add_exception_handler(HTTPException, failures.answer_http_error)
    app.add_exception_handler(OverflowError, failures.answer_no_such_number)
    app.add_exception_handler(Exception, failures.answer_unexpected)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    api_v1.mount(app, office)
    for module in (*PAGES, *API):
        app.include_router(module.router)
    return app
