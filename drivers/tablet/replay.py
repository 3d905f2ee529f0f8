"""A recorded tablet: evemu or umockdev events, or an ink log of ours, at real or full speed."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Literal

from drivers import recording
from drivers.address import Address
from drivers.errors import AddressError
from drivers.tablet import evemu
from drivers.tablet.pen_state import PenState
from intake.ink import Ink, PenSample, TabletDescription

Pace = Literal["real", "fast"]


class ReplayTablet:
    """Implements `Tablet` from samples that are known beforehand; their times stay as recorded."""

    def __init__(self, ink: Ink, pace: Pace = "real") -> None:
        self._ink = ink
        self._pace: Pace = pace
        self._closed = asyncio.Event()

    @property
    def description(self) -> TabletDescription:
        """See `Tablet`."""
        return self._ink.tablet

    async def reports(self) -> AsyncIterator[PenSample]:
        """See `Tablet`."""
        async for sample in paced(self._ink.samples, self._pace, self._closed):
            yield sample

    def close(self) -> None:
        """See `Tablet`."""
        self._closed.set()


async def paced(
    samples: Iterable[PenSample], pace: Pace, closed: asyncio.Event
) -> AsyncIterator[PenSample]:
    """Give samples at the distances of their own times, or at once; end when `closed` is set."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    first_us: int | None = None
    for sample in samples:
        first_us = sample.time_us if first_us is None else first_us
        due = began + (sample.time_us - first_us) / 1e6
        if pace == "real" and due > loop.time():
            await _wait(closed, due - loop.time())
        else:
            await asyncio.sleep(0)
        if closed.is_set():
            return
        yield sample


async def _wait(closed: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await closed.wait()
    except TimeoutError:
        return


def load_ink(path: Path, description: Path | None = None) -> Ink:
    """Read any recording as ink. Raises RecordingError when it is none."""
    if recording.is_recording(path):
        return recording.load(path)
    recorded = evemu.load(path, description)
    return Ink(recorded.capabilities.describe(), tuple(_samples(recorded)))


def open_replay(address: Address) -> ReplayTablet:
    """Open `replay:FILE?pace=real|fast&description=FILE`; raises RecordingError or AddressError."""
    beside = address.option("description", "")
    ink = load_ink(Path(address.target), Path(beside) if beside else None)
    return ReplayTablet(ink, pace_of(address))


def pace_of(address: Address) -> Pace:
    """Read the option `pace`, `real` unless given. Raises AddressError for another word."""
    match address.option("pace", "real"):
        case "real":
            return "real"
        case "fast":
            return "fast"
        case other:
            raise AddressError(f"pace={other} is unknown: use real or fast")


def _samples(recorded: evemu.EventRecording) -> Iterator[PenSample]:
    state = PenState(recorded.capabilities)
    for event in recorded.events:
        sample = state.feed(*event)
        if sample is not None:
            yield sample
