"""How much a request may send: the framework would take any amount before it asks who is there."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.characters.reading import MOST_BYTES

UPLOADS: Final = "/characters/uploads"
LARGEST: Final = 2 * 1024 * 1024
LARGEST_UPLOAD: Final = MOST_BYTES + 1024 * 1024


class BodyTooLargeError(Exception):
    """A request sends more than its page takes; the framework answers 400."""


class BodyLimit:
    """Middleware that stops reading a body at its limit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; what is beyond the limit is never taken in."""
        left = LARGEST_UPLOAD if scope.get("path") == UPLOADS else LARGEST

        async def receive_within() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise BodyTooLargeError
            return message

        await self._app(scope, receive_within, send)
