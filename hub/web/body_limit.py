"""How much a request may send: the framework would take any amount before it asks who is there."""

import re
import sys
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.accounts.sessions import Sessions
from hub.characters.reading import MOST_BYTES
from hub.errors import HubError, NotLoggedInError
from hub.messages.batches.taking import MOST_BYTES as BATCH_BYTES
from hub.messages.documents.limits import FILE_BYTES
from hub.precedents.service.offers import LARGEST_UPLOAD
from hub.web.security import SESSION_COOKIE

LARGEST: Final = 2 * 1024 * 1024
FORM: Final = 1024 * 1024
"""What stands around the files of a form."""
DOOR: Final = sys.maxsize
"""The API's own door says how much a system may send, by the settings."""
UPLOADS: Final = {
    re.compile(r"/api/v1/.*"): DOOR,
    re.compile(r"/characters/uploads"): MOST_BYTES + FORM,
    re.compile(r"/documents(/[0-9]+/list)?"): BATCH_BYTES + FORM,
    re.compile(r"/precedents/collection/upload"): LARGEST_UPLOAD + FORM,
    re.compile(r"/templates/drafts(/[0-9a-f]{32}/trials)?"): FILE_BYTES + FORM,
}
"""Pages that take files, and how much they take in all."""


class BodyTooLargeError(Exception):
    """A request sends more than its page takes; the framework answers 400."""


def limit(path: str) -> int:
    """Bytes that a request to `path` may send."""
    return next((most for page, most in UPLOADS.items() if page.fullmatch(path)), LARGEST)


class BodyLimit:
    """Middleware that stops reading a body at its limit.

    Files are for whoever is logged in: without a session an upload is heard to its end and kept
    nowhere, so that nobody fills the disk who may not come in; then the log-in is shown.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app, self._sessions = app, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; what is beyond the limit is never taken in."""
        left = limit(str(scope.get("path")))
        uploads = LARGEST < left < DOOR and scope.get("method") == "POST"
        if uploads and not await run_in_threadpool(self._known, scope):
            await _heard(receive, left)
            await RedirectResponse("/login?ended=1", status_code=303)(scope, receive, send)
            return

        async def receive_within() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise BodyTooLargeError
            return message

        await self._app(scope, receive_within, send)

    def _known(self, scope: Scope) -> bool:
        try:
            self._sessions.find(Request(scope).cookies.get(SESSION_COOKIE))
        except NotLoggedInError:
            return False
        except HubError:
            return True  # its page says what is wrong
        return True


async def _heard(receive: Receive, most: int) -> None:
    """Take in and drop a body: a browser shows no answer before it has sent everything."""
    more = True
    while more and most >= 0:
        message = await receive()
        most -= len(message.get("body", b""))
        more = bool(message.get("more_body", False))
