"""The simulator over HTTP: the interface that the adapters call, with the faults in the way."""

import base64
import hmac
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, HTTPException, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from hub.messages.channels.calling import NO_SUCH_RECIPIENT
from hub.messages.channels.simulator.faults import Lie, Switches
from hub.messages.channels.simulator.store import Item, Store
from hub.messages.channels.webhook import sign

REPORTS_AT_ONCE: Final = 1000
OLDEST_S: Final = 300
CUT: Final = "x-cut"
"""Marks an answer that the server must not send; it ends the connection instead."""


@dataclass(frozen=True)
class Given:
    """What the simulator is started with. show: a page of a message from its XML."""

    store: Store
    switches: Switches
    token: str
    secret: str
    show: Callable[[Item], str]


def interface(given: Given) -> APIRouter:
    """The interface; the pages are another router."""
    router = APIRouter()
    store, switches = given.store, given.switches

    @router.post("/v1/messages")
    def take(body: dict[str, Any], authorization: Annotated[str, Header()] = "") -> Response:
        """Put something into a box, once for each key."""
        _let_in(given, authorization)
        _fail(switches)
        content = base64.b64decode(str(body.get("content", "")))
        return _taken(given, "box", {**body, "place": body["box"]}, content)

    @router.get("/v1/reports")
    def reports(after: str = "", authorization: Annotated[str, Header()] = "") -> Response:
        """What became of it, after the cursor `after`."""
        _let_in(given, authorization)
        _fail(switches)
        start = int(after) if after.isdecimal() else 0
        found = store.reports(start, REPORTS_AT_ONCE)
        rows = [row for _, row in found]
        if switches.now.lie is Lie.UNKNOWN_REPORT:
            rows.append({"key": "nobody", "kind": "read", "time_us": 0})
        return JSONResponse({"reports": rows, "next": str(found[-1][0] if found else start)})

    @router.post("/webhook/{kind}")
    async def webhook(kind: str, request: Request) -> Response:
        """Take a text for a telephone, where its signature holds."""
        body = await request.body()
        timestamp = request.headers.get("x-madoguchi-timestamp", "")
        wanted = sign(given.secret, timestamp, body)
        signature = request.headers.get("x-madoguchi-signature", "")
        fresh = timestamp.isdecimal() and abs(time.time() - int(timestamp)) < OLDEST_S
        if kind not in ("sms", "line") or not fresh or not hmac.compare_digest(wanted, signature):
            raise HTTPException(401)
        _fail(switches)
        found = await request.json()
        return _taken(given, kind, {**found, "place": found["to"]}, str(found["text"]).encode())

    @router.get("/v1/taken")
    def taken(kind: Annotated[str, Query()] = "") -> Response:
        """Everything that was taken, for tests: key, message, place, how often it was handed."""
        names = ("key", "place", "purpose", "message_id", "calls")
        return JSONResponse([{n: getattr(one, n) for n in names} for one in store.items(kind)])

    @router.post("/v1/faults")
    def faults(body: dict[str, Any]) -> Response:
        """Set switches by name."""
        try:
            return JSONResponse(asdict(switches.set(body)))
        except ValueError as error:
            raise HTTPException(400, str(error)) from error

    return router


def _taken(given: Given, kind: str, body: dict[str, Any], content: bytes) -> Response:
    switches, store = given.switches, given.store
    if switches.use("busy"):
        raise HTTPException(503)
    if switches.use("unknown"):
        return JSONResponse({"key": body["key"], "error": NO_SUCH_RECIPIENT}, 404)
    item = store.take(kind, body, content, keyless=switches.now.keyless)
    if item.calls == 1:
        if switches.use("bounce"):
            store.report(item.key, "refused", "box_closed")
        else:
            store.report(item.key, "delivered")
    if switches.use("cut"):
        return PlainTextResponse("", headers={CUT: "1"})
    match switches.now.lie:
        case Lie.ANOTHER_KEY:
            return JSONResponse({"key": "another", "reference": item.reference})
        case Lie.NO_REFERENCE:
            return JSONResponse({"key": item.key})
        case Lie.NOT_JSON:
            return PlainTextResponse("<html>")
        case _:
            return JSONResponse({"key": item.key, "reference": item.reference})


def _let_in(given: Given, authorization: str) -> None:
    right = hmac.compare_digest(authorization.encode(), f"Bearer {given.token}".encode())
    if given.switches.now.expired_token or not right:
        raise HTTPException(401)


def _fail(switches: Switches) -> None:
    faults = switches.now
    if faults.slow_ms:
        time.sleep(faults.slow_ms / 1000)
    if faults.down:
        raise HTTPException(503)
    if switches.over_the_limit():
        raise HTTPException(429, headers={"Retry-After": "1"})
