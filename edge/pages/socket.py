"""The WebSocket of a page: ink as binary frames and word of changes out, pen and receipts in.

Text messages are JSON objects with a `type`; what is not understood is left aside.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from aiohttp import WSMsgType, web

from drivers.tablet import BrowserTablet
from edge.capture import Capture
from edge.capture.browser_pen import BrowserPen
from edge.capture.picture import PictureFeed, aspect
from edge.pages.changes import Changes

MOST_BYTES: Final = 256 * 1024
HEARTBEAT_SECONDS: Final = 15.0


@dataclass(frozen=True)
class SocketParts:
    """What a page's socket is made of; `pen` only on the resident's page.

    `may_see` says whether ink is shown now: on the clerk's page only while somebody is logged in.
    """

    capture: Capture
    changes: Changes
    picture_hz: float
    pen: BrowserPen | None
    may_see: Callable[[], bool] = lambda: True


async def serve_socket(request: web.Request, parts: SocketParts) -> web.WebSocketResponse:
    """Serve one page until it goes away."""
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MOST_BYTES)
    await socket.prepare(request)
    changed, drawn = asyncio.Event(), asyncio.Event()
    changed.set()
    drawn.set()
    feed = parts.capture.picture.open_feed(drawn.set)
    leave = parts.changes.subscribe(changed.set)
    sending = asyncio.gather(
        _send_words(socket, parts, changed), _send_ink(socket, parts, feed, drawn)
    )
    receiver = _Receiver(parts, feed)
    try:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                receiver.take(str(message.data))
    finally:
        leave()
        parts.capture.picture.close_feed(feed)
        receiver.gone()
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            await sending
    return socket


async def _send_words(
    socket: web.WebSocketResponse, parts: SocketParts, wake: asyncio.Event
) -> None:
    """Word of changes at once: candidates are waited for."""
    while not socket.closed:
        await wake.wait()
        wake.clear()
        await socket.send_str(_word(parts, parts.changes.version))


async def _send_ink(
    socket: web.WebSocketResponse, parts: SocketParts, feed: PictureFeed, wake: asyncio.Event
) -> None:
    while not socket.closed:
        await wake.wait()
        wake.clear()
        while parts.may_see() and (frame := feed.frame()) is not None:
            await socket.send_bytes(frame)
        await asyncio.sleep(1 / parts.picture_hz)


def _word(parts: SocketParts, version: int) -> str:
    tablet = parts.capture.drawn_on
    return json.dumps(
        {
            "type": "changed",
            "version": version,
            "pen": tablet is not None,
            "aspect": None if tablet is None else round(aspect(tablet), 4),
        }
    )


class _Receiver:
    """Understands what a page sends."""

    def __init__(self, parts: SocketParts, feed: PictureFeed) -> None:
        self._parts = parts
        self._feed = feed
        self._tablet: BrowserTablet | None = None

    def take(self, text: str) -> None:
        try:
            found: object = json.loads(text)
        except (ValueError, RecursionError):
            return
        if not isinstance(found, dict):
            return
        message = cast("Mapping[str, object]", found)
        match message.get("type"):
            case "ack":
                number = message.get("frame")
                if isinstance(number, int):
                    self._feed.acknowledge(number)
            case "pad" if self._parts.pen is not None:
                self._tablet = self._parts.pen.announce(message.get("width"), message.get("height"))
            case "pen" if self._tablet is not None:
                self._tablet.feed(message.get("events"))
            case _:
                pass

    def gone(self) -> None:
        """The page closed: its pen is gone with it."""
        if self._tablet is not None:
            self._tablet.disconnect()
