"""The pen path: tablet -> ring -> encrypted log on disk and picture for the pages.

One drawing is open at a time (a character of a name, or the signature). The reader only puts
samples into the ring; a second task empties it, so that a slow disk never delays a report.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from drivers.errors import DriverError
from drivers.tablet import Tablet
from edge.capture.erasing import last_stroke
from edge.capture.picture import Picture
from edge.drafts import DraftLog, DraftStore
from intake.errors import DecodeError
from intake.ink import Ink, PenSample, TabletDescription
from intake.ink import log as ink_log

log = logging.getLogger(__name__)
RETRY_SECONDS = 1.0
RING_SAMPLES = 20_000  # 100 s at 200 Hz; if it ever overflows the log says where
MOST_SAMPLES = 12_000  # a minute of one drawing; many of them must fit into one part
LOG_NAME = "ink"


@dataclass(frozen=True)
class PenStatus:
    """Whether a pen can write now; `code` is the error code of the driver when none can."""

    tablet: TabletDescription | None
    code: str | None = None


@dataclass(frozen=True)
class _Undone:
    """A stroke taken back: where it stood and what it was."""

    place: int
    tablet: TabletDescription
    samples: tuple[PenSample, ...]


def _nothing() -> None:
    pass


class Capture:
    """Takes pen reports of the tablets it is given; keeps those of the open drawing."""

    def __init__(self, drafts: DraftStore, on_change: Callable[[], None]) -> None:
        self.picture = Picture()
        self._drafts = drafts
        self._on_change = on_change
        self._statuses: dict[object, PenStatus] = {}  # one for each tablet that is followed
        self._ring: deque[tuple[TabletDescription, PenSample]] = deque(maxlen=RING_SAMPLES)
        self._gap = False  # the next sample carries the mark that some are missing before it
        self._wake = asyncio.Event()
        self._open = False
        self._tablet: TabletDescription | None = None
        self._samples: list[PenSample] = []
        self._touched = False
        self._writer: ink_log.LogWriter | None = None
        self._file: DraftLog | None = None
        self._undone: list[_Undone] = []
        self.on_rest: Callable[[], None] = _nothing
        """Called when the pen was lifted, and when strokes were taken away or put back."""

    @property
    def status(self) -> PenStatus:
        """The pen, as the pages show it: the first one that can write, else the first one."""
        known = (*self._statuses.values(), PenStatus(None, "device_missing"))
        return next((status for status in known if status.tablet is not None), known[0])

    @property
    def has_strokes(self) -> bool:
        """Whether the open drawing has any contact of the pen."""
        return self._touched

    @property
    def full(self) -> bool:
        """Whether the drawing has become too long: it must be cleared or ended."""
        return len(self._samples) + len(self._ring) >= MOST_SAMPLES

    @property
    def drawn_on(self) -> TabletDescription | None:
        """The tablet of the open drawing; while nothing is drawn, the one that could write now."""
        return self._tablet or self.status.tablet

    @property
    def can_redo(self) -> bool:
        """Whether a stroke was taken back and nothing was written since."""
        return bool(self._undone)

    def undo_stroke(self) -> None:
        """Take the last stroke back, on disk too; nothing happens when there is none."""
        self._drain()
        start = last_stroke(self._samples)
        if start is None or self._tablet is None:
            return
        kept, taken = self._samples[:start], tuple(self._samples[start:])
        undone = [*self._undone, _Undone(start, self._tablet, taken)]
        self._write_anew(self._tablet, kept)
        self._undone = undone

    def redo_stroke(self) -> None:
        """Put the stroke back that was taken last; nothing happens when there is none."""
        self._drain()
        if not self._undone:
            return
        *undone, last = self._undone
        self._write_anew(last.tablet, [*self._samples[: last.place], *last.samples])
        self._undone = undone

    def open_drawing(self) -> None:
        """Begin a drawing; one that was open is given up."""
        self._forget()
        self._open = True
        self.picture.clear()
        self._on_change()
        self.on_rest()

    def close_drawing(self) -> Ink | None:
        """End the drawing and give its ink; None when the pen never touched."""
        self._drain()
        ink = self.ink()
        self._forget()
        self.picture.clear()
        return ink

    def close(self) -> None:
        """Let go of the log's file; a drawing that is open stays on disk for a successor."""
        self._drain()
        if self._file is not None:
            self._file.close()

    def ink(self) -> Ink | None:
        """The ink of the open drawing so far; None when the pen has not touched."""
        self._drain()
        if self._tablet is None or not self.has_strokes:
            return None
        return Ink(self._tablet, tuple(self._samples))

    def recover_drawing(self) -> None:
        """Open the drawing that a killed process left on disk, or an empty one."""
        file = self._drafts.log(LOG_NAME)
        data = b"".join(file.records())
        file.close()
        self.open_drawing()
        with contextlib.suppress(DecodeError):
            found = ink_log.recover(data).ink
            self._keep(found.tablet, found.samples)
            self._gap = True

    def reopen_drawing(self, ink: Ink | None) -> None:
        """Open a drawing that was ended before, or an empty one; its strokes can be taken back."""
        self.open_drawing()
        if ink is not None:
            self._keep(ink.tablet, ink.samples)

    async def follow(self, open_pen: Callable[[], Awaitable[Tablet] | Tablet]) -> None:
        """Read one tablet for ever; when it goes away, try to open it again.

        Several can be followed at once; a drawing is the ink of the one that touched first.
        """
        pen = object()
        while True:
            waits = False  # whether opening itself waits until there is a pen
            try:
                opened = open_pen()
                waits = isinstance(opened, Awaitable)
                tablet = await opened if isinstance(opened, Awaitable) else opened
                with contextlib.closing(tablet):
                    self._set_status(pen, PenStatus(tablet.description))
                    async for sample in tablet.reports():
                        self._take(tablet.description, sample)
                self._set_status(pen, PenStatus(None, "device_lost"))
            except DriverError as error:
                self._set_status(pen, PenStatus(None, error.code))
            await asyncio.sleep(0 if waits else RETRY_SECONDS)

    async def keep(self) -> None:
        """Empty the ring into log and picture for ever; run beside `follow`."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._drain()

    def _take(self, tablet: TabletDescription, sample: PenSample) -> None:
        begins = self._tablet is None and not self._ring
        if not self._open or self.full or (begins and not sample.contact):
            return
        if len(self._ring) == RING_SAMPLES:
            self._gap = True
        self._ring.append((tablet, sample))
        self._wake.set()

    def _drain(self) -> None:
        while self._ring:
            tablet = self._ring[0][0]
            batch: list[PenSample] = []
            while self._ring and self._ring[0][0] == tablet:
                batch.append(self._ring.popleft()[1])
            if self._gap:
                batch[0] = replace(batch[0], dropped_before=True)
                self._gap = False
            if self._tablet in (None, tablet):
                if any(sample.contact for sample in batch):
                    self._undone = []
                self._keep(tablet, batch)

    def _keep(
        self, tablet: TabletDescription, batch: list[PenSample] | tuple[PenSample, ...]
    ) -> None:
        if self._writer is None or self._file is None:
            self._drafts.remove_log(LOG_NAME)
            self._tablet = tablet
            self._writer = ink_log.LogWriter(tablet)
            self._file = self._drafts.log(LOG_NAME)
            self._file.append(self._writer.header())
        wrote = any(sample.contact for sample in (*self._samples[-1:], *batch))
        self._samples += batch
        written = self._writer.extend(batch)
        if batch and not batch[-1].contact:
            written += self._writer.flush()
        if written:
            self._write(written)
        self.picture.add(tablet, batch)
        if not self._touched and wrote:
            self._touched = True
            self._on_change()
        if wrote and batch and not batch[-1].contact:
            self.on_rest()

    def _write_anew(self, tablet: TabletDescription, samples: list[PenSample]) -> None:
        """Let the drawing be exactly `samples`."""
        self._forget()
        self._open = True
        self.picture.clear()
        if any(sample.contact for sample in samples):
            self._keep(tablet, samples)
        else:
            self.on_rest()
        self._on_change()

    def _write(self, written: bytes) -> None:
        assert self._file is not None
        try:
            self._file.append(written)
        except OSError:
            log.exception("ink could not be written to disk; it is kept in memory")

    def _forget(self) -> None:
        self._open = False
        self._ring.clear()
        self._samples = []
        self._touched = False
        self._tablet = None
        self._writer = None
        self._undone = []
        if self._file is not None:
            self._file.close()
            self._file = None
        self._drafts.remove_log(LOG_NAME)

    def _set_status(self, pen: object, status: PenStatus) -> None:
        before = self.status
        self._statuses[pen] = status
        if self.status != before:
            self._on_change()
