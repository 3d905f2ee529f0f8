"""The bench's control socket: one JSON object a line in, one answer a line out.

`{"op": "write", "strokes": [[[x, y], ...], ...]}` with optional `speed` (1 is a calm hand),
`canvas` (side of the square, 1000), `box` ([left, top, right, bottom], shares of the active area)
and `seed`; `{"op": "events", "frames": [[[type, code, value], ...], ...]}`
with optional `rate` (500 a second); `unplug`; `plug`;
`drop`; `status`. Answers hold `ok`, and where it is false `code` and `error`.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import cast

from drivers.errors import DeviceMissingError, DriverError
from drivers.tablet import event_codes as code
from drivers.tablet.handwriting import CANVAS, Strokes
from drivers.tablet.simulated_tablet.events import report
from drivers.tablet.simulated_tablet.testbed import Testbed
from drivers.tablet.writer import Box, Hand, write
from intake.ink import TabletDescription

LINE_LIMIT = 1 << 20
_READER_WAIT_S = 10.0
_SETTLE_S = 0.02

Answer = dict[str, object]


class OrderError(DriverError):
    """A line on the control socket is no order this bench knows."""

    code = "order_error"
    exit_code = 2


class Control:
    """Carries out orders on one testbed; writes are done one after the other."""

    def __init__(self, testbed: Testbed, tablet: TabletDescription) -> None:
        self._testbed = testbed
        self._tablet = tablet
        self._pen = asyncio.Lock()
        self._reports = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every line of one connection until it ends."""
        try:
            while line := await reader.readline():
                answer = await self.answer(line)
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            pass  # the other side went away, or sent a line of more than a megabyte
        except asyncio.CancelledError:
            pass  # the bench ends while an order is under way; streams would report it as an error
        finally:
            writer.close()

    async def answer(self, line: bytes) -> Answer:
        """Carry out one order; whatever goes wrong with it becomes an answer."""
        try:
            order = json.loads(line)
            if not isinstance(order, dict):
                raise OrderError('an order is a JSON object such as {"op": "status"}')
            return {"ok": True, **await self._obey(cast("Mapping[str, object]", order))}
        except (ValueError, TypeError) as error:
            return {"ok": False, "code": OrderError.code, "error": f"not understood: {error}"}
        except DriverError as error:
            return {"ok": False, "code": error.code, "error": str(error)}

    async def _obey(self, order: Mapping[str, object]) -> Answer:
        match order.get("op"):
            case "write":
                return await self._write(order)
            case "events":
                return await self._events(order)
            case "unplug":
                await asyncio.sleep(_SETTLE_S)  # what was written before is still read
                self._testbed.unplug()
            case "plug":
                self._testbed.plug()
            case "drop":
                now = _now_us()
                self._testbed.send(
                    (now, code.EV_SYN, number, 0) for number in (code.SYN_DROPPED, code.SYN_REPORT)
                )
            case "status":
                pass
            case other:
                raise OrderError(
                    f"unknown op {other!r}: use write, events, unplug, plug, drop or status"
                )
        return self._status()

    def _status(self) -> Answer:
        return {
            "plugged": self._testbed.plugged,
            "node": self._testbed.node,
            "readers": self._testbed.readers(),
            "reports": self._reports,
            "tablet": self._tablet.name,
        }

    async def _write(self, order: Mapping[str, object]) -> Answer:
        strokes = _strokes(order.get("strokes"))
        speed = _number(order.get("speed", 1.0), 0.1, 20.0)
        hand = Hand(
            speed_mm_s=90 * speed,
            travel_mm_s=220 * speed,
            seed=round(_number(order.get("seed", 1), 0, 2**31)),
        )
        canvas = _number(order.get("canvas", CANVAS), 1e-3, 1e6)
        samples = write(strokes, self._tablet, hand, box=self._box(order), canvas=canvas)
        async with self._pen:
            await self._await_reader()
            began, before = time.monotonic(), self._reports
            for sample in samples:
                await asyncio.sleep(began + sample.time_us / 1e6 - time.monotonic())
                self._testbed.send(report(sample, _now_us()))
                self._reports += 1
        seconds = round(time.monotonic() - began, 3)
        return {"reports": self._reports - before, "seconds": seconds}

    async def _events(self, order: Mapping[str, object]) -> Answer:
        frames = [[_event(event) for event in _list(frame)] for frame in _list(order.get("frames"))]
        gap = 1 / _number(order.get("rate", 500), 1, 2000)
        async with self._pen:
            await self._await_reader()
            began = time.monotonic()
            for index, frame in enumerate(frames):
                await asyncio.sleep(began + index * gap - time.monotonic())
                now = _now_us()
                ending = (now, code.EV_SYN, code.SYN_REPORT, 0)
                self._testbed.send([*((now, *event) for event in frame), ending])
                self._reports += 1
            await asyncio.sleep(gap)
        return {"reports": len(frames)}

    def _box(self, order: Mapping[str, object]) -> Box | None:
        given = order.get("box")
        if given is None:
            return None
        shares = [_number(share, 0.0, 1.0) for share in _list(given)]
        if len(shares) != 4 or shares[0] >= shares[2] or shares[1] >= shares[3]:
            raise OrderError("box is [left, top, right, bottom] in shares of the active area")
        x, y = self._tablet.x, self._tablet.y
        left, right = (x.minimum + (x.maximum - x.minimum) * shares[i] for i in (0, 2))
        top, bottom = (y.minimum + (y.maximum - y.minimum) * shares[i] for i in (1, 3))
        return left, top, right, bottom

    async def _await_reader(self) -> None:
        """Wait until somebody has the node open: a pen that nobody reads would be read too late."""
        deadline = time.monotonic() + _READER_WAIT_S
        while not self._testbed.readers():
            if time.monotonic() > deadline or not self._testbed.plugged:
                raise DeviceMissingError("nobody reads the tablet: open it in the command first")
            await asyncio.sleep(0.05)


def _strokes(value: object) -> Strokes:
    strokes = tuple(tuple(_point(point) for point in _list(stroke)) for stroke in _list(value))
    if not any(strokes):
        raise OrderError("write needs strokes: [[[x, y], ...], ...]")
    return strokes


def _point(value: object) -> tuple[float, float]:
    x, y, *_ = _list(value)
    return _number(x, -1e6, 1e6), _number(y, -1e6, 1e6)


def _event(value: object) -> tuple[int, int, int]:
    kind, number, amount = _list(value)
    return (
        round(_number(kind, 0, 0x1F)),
        round(_number(number, 0, 0x2FF)),
        round(_number(amount, -(2**31), 2**31 - 1)),
    )


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise OrderError('a list is missing: write needs "strokes", events needs "frames"')
    return cast("list[object]", value)


def _number(value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise OrderError(f"{value!r} must be a number from {low:g} to {high:g}")
    return float(value)


def _now_us() -> int:
    return time.time_ns() // 1000
