"""Every error of the API in one shape: problem details (RFC 9457) in Japanese and English."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from hub.accounts.system_errors import ScopeError
from hub.errors import BadRequestError, HubError, NotFoundError
from hub.messages.batches.errors import GivenRefusedError
from hub.messages.message.errors import MessageRefusedError
from hub.web.api.v1.errors import BodyError, MediaTypeError, RateLimitError, more_of
from hub.web.text import catalogue

MEDIA_TYPE: Final = "application/problem+json"
TYPE: Final = "urn:madoguchi:problem:"
MOST_LINES: Final = 50
"""Problems of one message that are listed; whoever has more begins with these."""

logger = logging.getLogger(__name__)


class Sentences(BaseModel):
    """One language: what happened, and the next step."""

    what: str
    next: str


class Line(BaseModel):
    """One thing that is wrong with a message."""

    line: int = Field(description="Line of the XML, from 1; 0 is the whole message.")
    reason: str = Field(description="A code of docs/message-format.md.", examples=["schema"])
    detail: str = Field(description="The rule's name, or the schema's own words.")
    ja: str
    en: str


class Place(BaseModel):
    """A part of the request that is missing or of another form."""

    where: str = Field(examples=["body.messages.0.xml"])
    why: str = Field(examples=["missing"])


class Problem(BaseModel):
    """RFC 9457. `code` decides what to do; the sentences are for people."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:madoguchi:problem:token_expired",
                "title": "The token has expired.",
                "status": 401,
                "code": "token_expired",
                "ja": {
                    "what": "トークンの有効期限が切れています。",
                    "next": "庁の運用担当者に新しいトークンを求めてください（systems renew）。",
                },
                "en": {
                    "what": "The token has expired.",
                    "next": "Ask the office's operator for another one (systems renew).",
                },
            }
        }
    )
    type: str
    title: str
    status: int
    code: str
    ja: Sentences
    en: Sentences
    scope: str | None = Field(None, description="403: the scope that is missing.")
    limit: int | None = Field(None, description="429: so many a minute.")
    of: str | None = Field(None, description="429: requests or messages.")
    retry_after: int | None = Field(None, description="429: seconds to wait.")
    largest_bytes: int | None = Field(None, description="413: the most that is taken.")
    accepted: str | None = Field(None, description="415: media types that are taken.")
    batch: str | None = Field(None, description="409: the batch that this key belongs to.")
    fields: list[Place] | None = Field(None, description="400, 422: what to correct.")
    problems: list[Line] | None = Field(None, description="422: what is wrong with the message.")


def problem(code: str, status: int, **more: Any) -> Problem:  # noqa: ANN401 - members of Problem
    """The problem with this code; its sentences come from hub/text."""
    ja, en = (_sentences(catalogue(language), code) for language in ("ja", "en"))
    return Problem(type=TYPE + code, title=en.what, status=status, code=code, ja=ja, en=en, **more)


def problem_of(error: HubError) -> Problem:
    """The problem that an error is."""
    if isinstance(error, MessageRefusedError):
        return problem(error.code, HTTPStatus.UNPROCESSABLE_ENTITY, problems=_lines(error))
    if isinstance(error, ScopeError):
        return problem(error.code, error.status, scope=error.scope)
    if isinstance(error, GivenRefusedError):
        places_given = [Place(where="body", why=error.problem)]
        return problem("documents_refused", HTTPStatus.UNPROCESSABLE_ENTITY, fields=places_given)
    return problem(error.code, error.status, **more_of(error))


def answer(found: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem as an answer."""
    body = found.model_dump(exclude_none=True)
    return JSONResponse(body, found.status, headers, MEDIA_TYPE)


def answer_for(error: HubError) -> JSONResponse:
    """An error as an answer, with the headers that belong to it."""
    headers: dict[str, str] = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="madoguchi"'
    if isinstance(error, ScopeError):
        headers["WWW-Authenticate"] = (
            f'Bearer realm="madoguchi", error="insufficient_scope", scope="{error.scope}"'
        )
    if isinstance(error, RateLimitError):
        headers["Retry-After"] = str(error.wait_s)
    if isinstance(error, MediaTypeError):
        headers["Accept"] = str(error.more["accepted"])
    return answer(problem_of(error), headers)


async def answer_hub_error(request: Request, error: Exception) -> Response:
    """HubError: its own status and code; what only the hub's operator can mend is logged."""
    assert isinstance(error, HubError)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.warning("%s at %s", type(error).__name__, request.url.path)
    return answer_for(error)


async def answer_bad_form(_request: Request, error: Exception) -> Response:
    """Parameters that are missing or of another form; the values are not repeated."""
    assert isinstance(error, RequestValidationError)
    return answer_for(BodyError(*places(error.errors())))


async def answer_http_error(request: Request, error: Exception) -> Response:
    """What the framework refuses: unknown paths and methods, forms that are none."""
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, HubError):  # reading the body was ended by the door
        return answer_for(error.__cause__)
    unknown = error.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
    code = NotFoundError.code if unknown else BadRequestError.code
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    return answer(problem(code, error.status_code), headers)


async def answer_nobody(_request: Request, _error: Exception) -> Response:
    """Whoever called went away while sending: nothing was taken, and nobody reads this."""
    return answer(problem(BadRequestError.code, HTTPStatus.BAD_REQUEST))


async def answer_unexpected(request: Request, error: Exception) -> Response:
    """A fault of the hub. Only its kind is logged: the sentence of an exception may hold a name."""
    logger.error("unexpected %s at %s", type(error).__name__, request.url.path)
    return answer(problem(HubError.code, HubError.status))


def places(errors: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - what pydantic lists
    """Where and why of validation errors, without any value."""
    return [(".".join(str(part)[:40] for part in one["loc"]), str(one["type"])) for one in errors]


def _methods(request: Request) -> list[str]:
    """Every method of this address; the framework names those of one route only."""
    path = str(request.scope["path"]).removeprefix(str(request.scope.get("root_path", "")))
    routes = cast("FastAPI", request.app).routes
    return sorted(
        {
            method
            for route in routes
            if isinstance(route, APIRoute) and route.path_regex.match(path)
            for method in route.methods or ()
        }
    )


def _sentences(t: Any, code: str) -> Sentences:  # noqa: ANN401 - a Catalogue
    return Sentences(what=t(f"error.{code}.what"), next=t(f"error.{code}.next"))


def _lines(error: MessageRefusedError) -> list[Line]:
    ja, en = catalogue("ja"), catalogue("en")
    return [
        Line(
            line=one.line,
            reason=one.reason.value,
            detail=one.detail,
            ja=ja(f"message_reason.{one.reason.value}"),
            en=en(f"message_reason.{one.reason.value}"),
        )
        for one in error.problems[:MOST_LINES]
    ]
