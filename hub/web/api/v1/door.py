"""Stands before every address of the API: token, rate and size, before a byte of a body is read."""

import asyncio
import contextlib
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.accounts import systems
from hub.errors import HubError
from hub.office import Office
from hub.web.api.v1.errors import RateLimitError, TooLargeError
from hub.web.api.v1.limits import PerMinute
from hub.web.api.v1.problems import answer_for

SCHEMA: Final = "/openapi.json"
"""Open to all: it says what the documentation says."""
BATCHES: Final = "/batches"
LET_FINISH_BYTES: Final = 8 * 1024 * 1024
LET_FINISH_S: Final = 5.0
SCHEME: Final = "bearer "


class Door:
    """Middleware of the API's application; puts the CoreSystem into `request.state.system`."""

    def __init__(self, app: ASGIApp, office: Office, requests: PerMinute) -> None:
        self._app, self._office, self._requests = app, office, requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may come in; answer everything else here."""
        path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
        if scope["type"] != "http" or path == SCHEMA:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        largest = self._largest(path)
        try:
            request.state.system = await self._admit(request, largest)
        except HubError as error:
            await _let_finish(receive)
            await answer_for(error)(scope, receive, send)
            return
        left = largest

        async def receive_within() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooLargeError(largest)
            return message

        await self._app(scope, receive_within, send)

    def _largest(self, path: str) -> int:
        api = self._office.settings.api
        return api.batch_bytes if path == BATCHES else api.request_bytes

    async def _admit(self, request: Request, largest: int) -> systems.CoreSystem:
        office = self._office
        token = token_of(request)
        found = await run_in_threadpool(systems.find, office.database, office.clock, token)
        wait = self._requests.take(found.token)
        if wait:
            raise RateLimitError("requests", self._requests.limit, wait)
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > largest:
            raise TooLargeError(largest)
        return found


def token_of(request: Request) -> str | None:
    """The bearer token of a request, from its header alone: an address would be logged."""
    header = request.headers.get("authorization", "")
    return header[len(SCHEME) :].strip() if header.lower().startswith(SCHEME) else None


async def _let_finish(receive: Receive) -> None:
    """Throw away what is still being sent: a client that is cut off never reads the answer."""
    left = LET_FINISH_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LET_FINISH_S):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
