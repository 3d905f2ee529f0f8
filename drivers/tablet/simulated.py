"""A tablet that exists only here: handwriting goes in, pen reports come out at a hand's pace."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

from drivers.address import Address
from drivers.errors import AddressError, DeviceLostError
from drivers.tablet import handwriting
from drivers.tablet.handwriting import Strokes
from drivers.tablet.replay import Pace, pace_of, paced
from drivers.tablet.writer import Hand, write
from intake.ink import AxisRange, PenSample, TabletDescription

SIMULATED_TABLET = TabletDescription(
    tool_id="4d47:0001",
    name="Madoguchi simulated pen display",
    x=AxisRange(200, 21896, 100),
    y=AxisRange(200, 13760, 100),
    pressure=AxisRange(0, 2047),
    tilt_x=AxisRange(-64, 63, 57),
    tilt_y=AxisRange(-64, 63, 57),
)
"""Made up, with the trap of many real ones: its axes do not begin at 0."""


class SimulatedTablet:
    """Implements `Tablet`; `write` is its pen, `unplug` its cable, and `finish` its last word."""

    def __init__(self, hand: Hand | None = None, pace: Pace = "real") -> None:
        self._hand = hand or Hand()
        self._pace: Pace = pace
        self._orders: asyncio.Queue[Strokes | None] = asyncio.Queue()
        self._closed = asyncio.Event()
        self._unplugged = False

    @property
    def description(self) -> TabletDescription:
        """See `Tablet`."""
        return SIMULATED_TABLET

    def write(self, strokes: Strokes) -> None:
        """Write strokes (square of 1000) in the middle of the tablet, after what is under way."""
        self._orders.put_nowait(strokes)

    def finish(self) -> None:
        """End the reports when everything ordered so far is written."""
        self._orders.put_nowait(None)

    def unplug(self) -> None:
        """Pull the cable, in the middle of a stroke if there is one."""
        self._unplugged = True
        self.close()

    async def reports(self) -> AsyncIterator[PenSample]:
        """See `Tablet`."""
        last: PenSample | None = None
        while not self._closed.is_set():
            strokes = await self._orders.get()
            if strokes is None:
                break
            start_us = time.monotonic_ns() // 1000
            samples = write(strokes, SIMULATED_TABLET, self._hand, start_us=start_us)
            async for sample in paced(samples, self._pace, self._closed):
                last = sample
                yield sample
        if self._unplugged:
            if last is not None and last.in_range:
                yield replace(last, pressure=0, in_range=False, contact=False, dropped_before=True)
            raise DeviceLostError("the simulated tablet was unplugged: open it again")

    def close(self) -> None:
        """See `Tablet`."""
        self._closed.set()
        self._orders.put_nowait(None)


def open_simulated(address: Address) -> SimulatedTablet:
    """Open `sim:NAME?seed=7&speed=2&pace=fast`: writes that handwriting once, then ends.

    With nothing after the colon it waits for `write`. Raises AddressError or RecordingError.
    """
    try:
        seed = int(address.option("seed", "1"))
        speed = float(address.option("speed", "1"))
    except ValueError as error:
        raise AddressError(f"{address}: seed and speed must be numbers") from error
    if not 0.1 <= speed <= 20:
        raise AddressError(f"{address}: speed must be between 0.1 and 20")
    hand = Hand(speed_mm_s=90 * speed, travel_mm_s=220 * speed, seed=seed)
    tablet = SimulatedTablet(hand, pace_of(address))
    if address.target:
        tablet.write(handwriting.load(address.target).strokes)
        tablet.finish()
    return tablet
