"""The API as one application: door, addresses, schema. The staff pages publish no schema."""

import json
import re
from typing import Any, Final

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Mount

from hub.errors import HubError
from hub.office import Office
from hub.web.api.v1 import about, batches, messages, problems
from hub.web.api.v1.access import BEARER, Limits
from hub.web.api.v1.door import SCHEMA, Door
from hub.web.api.v1.limits import PerMinute
from hub.web.api.v1.problems import Problem

PATH: Final = "/api/v1"
ABOUT: Final = (
    "For core systems of the municipality: hand in documents with their list, hand in messages as "
    "XML, ask what became of them. Every request carries a token. Errors are problem details "
    "(RFC 9457). See docs/messages-api.md."
)


class Api(FastAPI):
    """The application, with the one error shape in its schema."""

    def openapi(self) -> dict[str, Any]:
        """OpenAPI 3.1, made once."""
        if not self.openapi_schema:
            found = get_openapi(
                title=self.title,
                version=self.version,
                description=self.description,
                routes=self.routes,
                servers=[{"url": PATH}],
            )
            shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            schemas.update(shape.pop("$defs", {}))
            schemas["Problem"] = shape
            self.openapi_schema = found
        return self.openapi_schema


def schema_text() -> str:
    """The schema as docs/messages-api.openapi.json holds it; it is the same for every office."""
    return json.dumps(_addresses().openapi(), ensure_ascii=False, indent=2) + "\n"


def mount(app: FastAPI, office: Office) -> None:
    """Put the API below PATH, whatever follows in an address: a line feed too."""
    place = Mount(PATH, app=create_api(office), name="api")
    place.path_regex = re.compile(place.path_regex.pattern, re.DOTALL)
    app.routes.append(place)


def create_api(office: Office) -> FastAPI:
    """The API over one office; mounted at PATH."""
    limits = Limits(
        PerMinute(office.settings.api.requests_per_minute),
        PerMinute(office.settings.api.messages_per_minute),
    )
    app = _addresses()
    app.state.office = office
    app.state.limits = limits
    app.add_middleware(Door, office=office, requests=limits.requests)
    app.add_exception_handler(HubError, problems.answer_hub_error)
    app.add_exception_handler(RequestValidationError, problems.answer_bad_form)
    app.add_exception_handler(HTTPException, problems.answer_http_error)
    app.add_exception_handler(ClientDisconnect, problems.answer_nobody)
    app.add_exception_handler(Exception, problems.answer_unexpected)
    return app


def _addresses() -> Api:
    app = Api(
        title="Madoguchi",
        version="1",
        description=ABOUT,
        openapi_url=SCHEMA,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: f"{route.tags[0]}_{route.name}",
    )
    for module in (about, batches, messages):
        app.include_router(module.router, dependencies=[Depends(BEARER)])
    return app
