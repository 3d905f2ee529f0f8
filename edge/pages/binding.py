"""Binds each page to its display: a token in a file, a cookie made of it, and CSRF on every POST.

The token stands in the address only once; the answer is a cookie and an address without it.
"""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

TOKEN_BYTES: Final = 24
CSRF_HEADER: Final = "X-CSRF-Token"
CSRF_FIELD: Final = "csrf"


class DisplayBinding:
    """The token of one page (`resident` or `clerk`), kept 0600 in `folder` over restarts."""

    def __init__(self, page: str, folder: Path) -> None:
        self.page = page
        self.token = _token(folder / f"{page}.token")

    @property
    def cookie_name(self) -> str:
        """Differs by page, since browsers do not tell ports apart."""
        return f"madoguchi_{self.page}"

    @property
    def csrf(self) -> str:
        """What every POST of this page must carry."""
        return self._derived("csrf")

    def opens(self, token: str) -> bool:
        """Whether this is the page's token."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def bound(self, request: web.Request) -> bool:
        """Whether the request comes from the display that opened the page with its token."""
        given = request.cookies.get(self.cookie_name, "")
        return hmac.compare_digest(given.encode(), self._derived("cookie").encode())

    def bind(self, response: web.StreamResponse) -> None:
        """Give the display its cookie."""
        response.set_cookie(
            self.cookie_name, self._derived("cookie"), httponly=True, samesite="Strict", path="/"
        )

    def csrf_fits(self, given: str) -> bool:
        """Whether a POST carries the right CSRF token."""
        return hmac.compare_digest(given.encode(), self.csrf.encode())

    def _derived(self, purpose: str) -> str:
        return hmac.digest(self.token.encode(), purpose.encode(), hashlib.sha256).hex()


def same_origin(request: web.Request) -> bool:
    """Whether a browser says that this page itself asks; a client without Origin is no browser."""
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.host}"


def guard(binding: DisplayBinding, open_paths: tuple[str, ...]) -> Middleware:
    """Middleware: nothing is answered to a display that is not bound, nor to a foreign origin."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        token = request.query.get("token")
        if token is not None and request.method == "GET":
            return _opened(binding, request, token)
        if request.path.startswith(open_paths):
            return await handler(request)
        if not binding.bound(request):
            return refusal(403, "not_bound")
        if not same_origin(request):
            return refusal(403, "foreign_origin")
        return await handler(request)

    return middleware


def refusal(status: int, code: str, **more: object) -> web.Response:
    """The one shape of an error: `{"error": {"code": ...}}`."""
    body = json.dumps({"error": {"code": code, **more}}, ensure_ascii=False)
    return web.Response(status=status, text=body, content_type="application/json")


def _opened(binding: DisplayBinding, request: web.Request, token: str) -> web.Response:
    if not binding.opens(token):
        return refusal(403, "wrong_token")
    response = web.Response(status=303, headers={"Location": request.path})
    binding.bind(response)
    return response


def _token(path: Path) -> str:
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(token + "\n")
    return token
