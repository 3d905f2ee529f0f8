"""Who calls, what the token may be used for, and how many messages it has left this minute."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, cast

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from hub.accounts.system_errors import ScopeError
from hub.accounts.systems import CoreSystem, Scope
from hub.web.api.v1.errors import RateLimitError
from hub.web.api.v1.limits import PerMinute
from hub.web.api.v1.problems import MEDIA_TYPE, Problem

BEARER: Final = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    bearerFormat="mdg_NUMBER_SECRET",
    description="The token that `madoguchi-hub systems add` printed.",
)


@dataclass(frozen=True)
class Limits:
    """What is counted by the minute, for every token."""

    requests: PerMinute
    messages: PerMinute


def system_of(request: Request) -> CoreSystem:
    """The system that the door let in."""
    found = request.state.system
    assert isinstance(found, CoreSystem)
    return found


System = Annotated[CoreSystem, Depends(system_of)]


def _needs(scope: Scope) -> Any:  # noqa: ANN401 - the framework's own marker
    def check(system: System) -> None:
        if not system.may(scope):
            raise ScopeError(scope.value)

    return Depends(check)


READS: Final = _needs(Scope.MESSAGES_READ)
WRITES: Final = _needs(Scope.MESSAGES_WRITE)
GIVES_DOCUMENTS: Final = _needs(Scope.DOCUMENTS_WRITE)


def count_messages(request: Request, system: CoreSystem, count: int) -> None:
    """RateLimitError unless the token may hand in so many more now."""
    limits = cast("Limits", request.app.state.limits)
    wait = limits.messages.take(system.token, count)
    if wait:
        raise RateLimitError("messages", limits.messages.limit, wait)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers that every operation may give, and those of this one, for the schema."""
    said = {
        400: "The request has another form; `fields` says where.",
        401: "No token, or one that opens nothing.",
        403: "The token lacks the scope.",
        404: "This system handed in nothing of the kind.",
        409: "It does not fit what was taken in before, or the state it is in.",
        413: "Too large; `largest_bytes` says how much is taken.",
        415: "Of another type; `accepted` says which.",
        422: "What was handed in is not what it must be; `problems` or `fields` says where.",
        429: "Too much in one minute; wait for the seconds of Retry-After.",
        503: "Nothing can be stored now; send the same again later.",
    }
    wanted = (401, 403, 429, 503, *statuses)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found: dict[int | str, dict[str, Any]] = {
        status: {"description": said[status], "content": content} for status in sorted(wanted)
    }
    found[401]["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    found[429]["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}}
    found["4XX"] = {"description": "Any other refusal.", "content": content}
    return found


__all__ = ["BEARER", "GIVES_DOCUMENTS", "READS", "WRITES", "Limits", "Problem", "System"]
