"""Tells open pages that something changed, by server-sent events that hold a topic and no data."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from typing import Final

TOPICS: Final = (
    "queue",
    "quarantine",
    "devices",
    "log",
    "alarm",
    "documents",
    "messages",
    "precedents",
)
HEARTBEAT_S: Final = 15.0


class Announcer:
    """One per process. `say` may be called from any thread; pages listen in the event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Queue[str]]] = set()
        self._closing = threading.Event()

    def say(self, topic: str) -> None:
        """Tell every open page that `topic` changed."""
        with self._lock:
            for loop, queue in self._listeners:
                with contextlib.suppress(RuntimeError):  # the loop is closing with its page
                    loop.call_soon_threadsafe(_put, queue, topic)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        self._closing.set()
        self.say("closing")

    async def stream(self) -> AsyncIterator[str]:
        """Lines of one page's event stream, until the page goes or the hub stops."""
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=64)
        listener = (asyncio.get_running_loop(), queue)
        with self._lock:
            self._listeners.add(listener)
        try:
            yield "retry: 2000\n\n"
            while not self._closing.is_set():
                try:
                    topic = await asyncio.wait_for(queue.get(), HEARTBEAT_S)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if topic in TOPICS:
                    yield f"event: {topic}\ndata: changed\n\n"
        finally:
            with self._lock:
                self._listeners.discard(listener)


def _put(queue: asyncio.Queue[str], topic: str) -> None:
    with contextlib.suppress(asyncio.QueueFull):  # a page that far behind reloads anyway
        queue.put_nowait(topic)
