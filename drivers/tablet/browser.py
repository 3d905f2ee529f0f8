"""The pen of a browser (pointer events) as one more tablet, for counters and demos without one.

A page sends lists of plain objects: `type`, `pointerType`, `pointerId`, `x`, `y` (CSS pixels in the
writing area), `pressure` 0-1, `tiltX`, `tiltY` (degrees), `timeStamp` (ms), `coalesced`.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

from drivers.errors import DeviceLostError
from intake.ink import AxisRange, PenSample, TabletDescription

UNITS_PER_PIXEL: Final = 32
_UNITS_PER_MM: Final = round(UNITS_PER_PIXEL * 96 / 25.4)
_FULL_PRESSURE: Final = 8191
_DEGREES_PER_RADIAN: Final = 57
_PIXEL_LIMIT: Final = 100_000.0
_TYPES: Final = ("pen", "mouse", "touch")


class BrowserTablet:
    """Implements `Tablet` for one page; `feed` is called by whoever holds the page's WebSocket.

    What a page sends is not trusted: an object that is no pointer event is counted in `refused`
    and left out. One pointer writes at a time; a palm beside the pen is ignored.
    """

    def __init__(self, width: float, height: float, name: str = "browser pen") -> None:
        """Take the size of the writing area in CSS pixels."""
        self.refused = 0
        self._description = TabletDescription(
            tool_id="browser",
            name=name,
            x=AxisRange(0, round(width * UNITS_PER_PIXEL), _UNITS_PER_MM),
            y=AxisRange(0, round(height * UNITS_PER_PIXEL), _UNITS_PER_MM),
            pressure=AxisRange(0, _FULL_PRESSURE),
            tilt_x=AxisRange(-90, 90, _DEGREES_PER_RADIAN),
            tilt_y=AxisRange(-90, 90, _DEGREES_PER_RADIAN),
        )
        self._ready: deque[PenSample] = deque()
        self._wake = asyncio.Event()
        self._writing: object = None
        self._offset_us: int | None = None
        self._last: PenSample | None = None
        self._closed = self._gone = False

    @property
    def description(self) -> TabletDescription:
        """See `Tablet`."""
        return self._description

    def feed(self, events: object) -> None:
        """Take what the page sent: a list of pointer events in the order they happened."""
        if not isinstance(events, list):
            self.refused += 1
            return
        for event in cast("list[object]", events):
            if not isinstance(event, dict) or not self._take(cast("Mapping[str, object]", event)):
                self.refused += 1
        self._wake.set()

    def disconnect(self) -> None:
        """Say that the page is gone: a stroke under way is closed with a mark, `reports` raises."""
        self._gone = True
        self._wake.set()

    async def reports(self) -> AsyncIterator[PenSample]:
        """See `Tablet`."""
        while not self._closed:
            while self._ready:
                yield self._ready.popleft()
            if self._gone:
                last = self._last
                if last is not None and last.in_range:
                    yield replace(
                        last, pressure=0, in_range=False, contact=False, dropped_before=True
                    )
                raise DeviceLostError("the page with the pen was closed: open it again")
            self._wake.clear()
            await self._wake.wait()

    def close(self) -> None:
        """See `Tablet`."""
        self._closed = True
        self._wake.set()

    def _take(self, event: Mapping[str, object]) -> bool:
        """Take one event; False when it is not a pointer event."""
        kind, pointer = event.get("type"), event.get("pointerId")
        if event.get("pointerType") not in _TYPES or not isinstance(pointer, int):
            return False
        if self._writing not in (None, pointer):
            return True
        points = event.get("coalesced") or [event]
        if not isinstance(points, list):
            return False
        samples = [self._sample(point, event) for point in cast("Sequence[object]", points)]
        good = [sample for sample in samples if sample is not None]
        if len(good) != len(samples) or not self._turn(kind, pointer):
            return False
        self._emit(good, in_range=kind not in ("pointerleave", "pointercancel"))
        return True

    def _turn(self, kind: object, pointer: int) -> bool:
        """Follow who writes; False for a type that is none of ours."""
        match kind:
            case "pointerdown":
                self._writing = pointer
            case "pointerup" | "pointercancel" | "pointerleave":
                self._writing = None
            case "pointermove" | "pointerenter" | "pointerover" | "pointerrawupdate":
                pass
            case _:
                return False
        return True

    def _emit(self, samples: Sequence[PenSample], *, in_range: bool) -> None:
        contact = self._writing is not None
        for sample in samples:
            done = replace(
                sample,
                pressure=sample.pressure if contact else 0,
                in_range=in_range,
                contact=contact,
            )
            self._last = done
            self._ready.append(done)

    def _sample(self, point: object, event: Mapping[str, object]) -> PenSample | None:
        if not isinstance(point, dict):
            return None
        fields = cast("Mapping[str, object]", point)
        x, y = _number(fields.get("x")), _number(fields.get("y"))
        stamp = _number(fields.get("timeStamp", event.get("timeStamp")))
        pressure = _number(fields.get("pressure", 0.5))
        tilt_x, tilt_y = _number(fields.get("tiltX", 0)), _number(fields.get("tiltY", 0))
        if x is None or y is None or stamp is None or stamp < 0:
            return None
        if pressure is None or not 0 <= pressure <= 1 or tilt_x is None or tilt_y is None:
            return None
        if max(abs(x), abs(y)) > _PIXEL_LIMIT or max(abs(tilt_x), abs(tilt_y)) > 90:
            return None
        return PenSample(
            self._to_monotonic(stamp),
            round(x * UNITS_PER_PIXEL),
            round(y * UNITS_PER_PIXEL),
            round(pressure * _FULL_PRESSURE),
            round(tilt_x),
            round(tilt_y),
        )

    def _to_monotonic(self, stamp_ms: float) -> int:
        """Shift the page's clock by one constant, so that distances stay as the page saw them."""
        stamp_us = round(stamp_ms * 1000)
        if self._offset_us is None:
            self._offset_us = time.monotonic_ns() // 1000 - stamp_us
        return stamp_us + self._offset_us


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = float(value)
    return number if math.isfinite(number) and abs(number) < 1e15 else None
