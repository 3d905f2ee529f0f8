"""A pool of children that wait, imported, for a document, and give each a process of its own."""

import contextlib
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from hub.messages.documents.limits import FILE_BYTES, PAGES
from hub.messages.documents.part import Part, failed, together
from hub.messages.documents.result import ReadError, Reading, refused
from hub.messages.sandbox.confinement import CHILD, Confinement, command, confinement
from hub.messages.sandbox.exchange import end, exchange, start
from hub.messages.sandbox.wire import (
    GarbledError,
    Order,
    decode_cuts,
    decode_part,
    decode_picture,
)

MOST_SERVED: Final = 200
"""Documents after which a child is replaced by a fresh one."""
AGAIN_CHILD: Final = (*CHILD, "--again")
STRETCH: Final = 40
"""Pages that one child reads."""
GROUPS: Final = 50
"""Documents that one child cuts out."""


@dataclass
class _Child:
    """A child and how many documents it has served."""

    process: subprocess.Popen[bytes]
    served: int = 0


class PictureError(Exception):
    """The page cannot be drawn."""


class Pool:
    """Reads documents in children. Thread-safe; close it when done."""

    def __init__(self, size: int | None = None, *, kind: Confinement | None = None) -> None:
        self.kind = kind or confinement()
        self.size = size or max(1, len(os.sched_getaffinity(0)))
        self._waiting: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        self._closed = False
        self._turns = threading.Semaphore(self.size)
        self._threads = ThreadPoolExecutor(self.size * 2, thread_name_prefix="document")
        # One thread starts every child: bubblewrap ends its child with the thread that began it.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="document-start")
        for _ in range(self.size):
            self._waiting.put(self._begun())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every child; what is being read is given up."""
        self._closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._starter.shutdown(wait=True)
        with contextlib.suppress(queue.Empty):
            while True:
                end(self._waiting.get_nowait().process)

    def read(
        self,
        data: bytes,
        password: str = "",
        progress: Callable[[int, int], None] | None = None,
    ) -> Reading:
        """The document read; a hostile or broken one gives a reading with its error.

        progress: called with (pages read, pages of the document) as stretches come in.
        """
        if len(data) > FILE_BYTES:
            return refused(ReadError.TOO_LARGE)
        parts = [self._part(data, password, 0, STRETCH)]
        count = min(parts[0].count, PAGES)
        if parts[0].error is None and count > STRETCH:
            starts = range(STRETCH, count, STRETCH)
            later = [
                self._threads.submit(self._part, data, password, first, min(first + STRETCH, count))
                for first in starts
            ]
            for first, future in zip(starts, later, strict=True):
                if progress is not None:
                    progress(first, count)
                parts.append(future.result())
        if progress is not None:
            progress(count, count)
        return together(parts, PAGES)

    def picture(self, data: bytes, page: int, resolution: int = 100, password: str = "") -> bytes:
        """A page (from 0) as PNG; PictureError when it cannot be drawn."""
        order = Order(len(data), password, page, page + 1, resolution)
        try:
            return decode_picture(self._serve(order, data))
        except (GarbledError, TimeoutError, ConnectionError) as error:
            raise PictureError("the page cannot be drawn; look at the document itself") from error

    def cut(
        self, data: bytes, groups: Sequence[Sequence[int]], password: str = ""
    ) -> list[bytes | None]:
        """One PDF for each group of pages (from 0), None for one that cannot be cut out."""
        stretches = [groups[at : at + GROUPS] for at in range(0, len(groups), GROUPS)]
        waiting = [self._threads.submit(self._cuts, data, s, password) for s in stretches]
        return [cut for future in waiting for cut in future.result()]

    def _cuts(
        self, data: bytes, groups: Sequence[Sequence[int]], password: str
    ) -> list[bytes | None]:
        order = Order(len(data), password, 0, 0, groups=tuple(tuple(group) for group in groups))
        try:
            return decode_cuts(self._serve(order, data), len(groups))
        except (GarbledError, TimeoutError, ConnectionError):
            return [None] * len(groups)

    def _part(self, data: bytes, password: str, first: int, end: int) -> Part:
        try:
            return decode_part(self._serve(Order(len(data), password, first, end), data))
        except TimeoutError:
            return failed(ReadError.TIME_LIMIT)
        except (GarbledError, ConnectionError):
            return failed(ReadError.CRASHED)

    def _serve(self, order: Order, data: bytes) -> bytes:
        """One order by one child, which is ended and replaced when it failed or has served long.

        The child's place is never lost: where none can be started, the ended one keeps it until a
        later order tries again, and nobody waits for ever.
        """
        with self._turns:
            child = self._waiting.get()
            try:
                child = self._living(child)
                answer = exchange(child.process, order.encode() + data, fresh=not child.served)
                child.served += 1
            except BaseException:
                child.served = MOST_SERVED
                raise
            finally:
                try:
                    if self._closed:
                        end(child.process)
                    elif child.served >= self._serves:
                        end(child.process)
                        child = self._begun()
                finally:
                    self._waiting.put(child)
            return answer

    def _living(self, child: _Child) -> _Child:
        """The child, or another where it died while it waited; ConnectionError once closed."""
        if self._closed:
            raise ConnectionError("the pool is closed")
        if child.process.poll() is None:
            return child
        end(child.process)
        return self._begun()

    @property
    def _serves(self) -> int:
        """How many documents a child serves: many where each has a fork in a namespace."""
        return MOST_SERVED if self.kind is Confinement.BUBBLEWRAP else 1

    def _begun(self) -> _Child:
        """A child that imports and then waits."""
        module = AGAIN_CHILD if self.kind is Confinement.BUBBLEWRAP else CHILD
        return _Child(self._starter.submit(start, command(self.kind, module)).result())
