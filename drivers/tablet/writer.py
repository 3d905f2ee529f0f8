"""A hand made of arithmetic: turns drawn strokes into the reports a pen would send.

Speed falls in sharp turns and at both ends of a stroke, pressure rises and falls with the contact,
and between strokes the pen travels above the surface. The same seed writes the same reports.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from drivers.tablet.handwriting import CANVAS, Strokes
from intake.ink import AxisRange, PenSample, TabletDescription

_STEP_MM = 0.25
_UNDECLARED_UNITS_PER_MM = 100

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody writes: millimetres per second, reports per second, share of full pressure."""

    speed_mm_s: float = 90.0
    travel_mm_s: float = 220.0
    rate_hz: float = 200.0
    pressure: float = 0.55
    tremor_mm: float = 0.06
    seed: int = 1


def centred_box(tablet: TabletDescription, share: float = 0.6) -> Box:
    """Give the square (left, top, right, bottom) in device units in the middle of the tablet."""
    height = (tablet.y.maximum - tablet.y.minimum) * share
    width = height * _units_per_mm(tablet.x) / _units_per_mm(tablet.y)
    left = (tablet.x.minimum + tablet.x.maximum - width) / 2
    top = (tablet.y.minimum + tablet.y.maximum - height) / 2
    return left, top, left + width, top + height


def write(
    strokes: Strokes,
    tablet: TabletDescription,
    hand: Hand | None = None,
    *,
    box: Box | None = None,
    canvas: float = CANVAS,
    start_us: int = 0,
) -> Iterator[PenSample]:
    """Give the reports of writing `strokes` (square of side `canvas`) into `box` (device units).

    The pen comes into range above the first point and leaves it above the last one.
    """
    hand = hand or Hand()
    writing = _Writing(tablet, hand, start_us)
    left, top, right, bottom = box or centred_box(tablet)
    to_mm_x = (right - left) / canvas / _units_per_mm(tablet.x)
    to_mm_y = (bottom - top) / canvas / _units_per_mm(tablet.y)
    origin = left / _units_per_mm(tablet.x), top / _units_per_mm(tablet.y)
    placed = [
        [(origin[0] + x * to_mm_x, origin[1] + y * to_mm_y) for x, y in stroke]
        for stroke in strokes
        if stroke
    ]
    for index, stroke in enumerate(placed):
        before = placed[index - 1][-1] if index else stroke[0]
        yield from writing.travel(before, stroke[0])
        yield from writing.stroke(stroke)
    if placed:
        yield writing.leave(placed[-1][-1])


class _Writing:
    """One piece of writing in progress: the clock, the noise and the tablet's units."""

    def __init__(self, tablet: TabletDescription, hand: Hand, start_us: int) -> None:
        self._tablet = tablet
        self._hand = hand
        self._now_us = start_us
        self._random = random.Random(hand.seed)  # noqa: S311 - a hand's noise, no secret

    def travel(self, start: Point, end: Point) -> Iterator[PenSample]:
        """Hover from `start` to `end`, slowly at both ends; a short wait when they are one."""
        seconds = max(0.06, math.dist(start, end) / self._hand.travel_mm_s)
        count = max(2, round(seconds * self._hand.rate_hz))
        for index in range(count):
            share = _minimum_jerk(index / count)
            point = _between(start, end, share)
            yield self._sample(point, 0.0, contact=False)

    def stroke(self, corners: Sequence[Point]) -> Iterator[PenSample]:
        """Write one stroke; a single point becomes a dot."""
        path = _resample(corners)
        times = _times(path, self._hand.speed_mm_s)
        total = max(times[-1], 0.03)
        count = max(3, math.ceil(total * self._hand.rate_hz))
        index = 0
        for report in range(count + 1):
            moment = total * report / count
            while index + 1 < len(path) - 1 and times[index + 1] <= moment:
                index += 1
            point = _at(path, times, index, moment)
            ends = min(moment, total - moment)
            force = self._hand.pressure * (0.35 + 0.65 * min(1.0, ends / 0.035))
            yield self._sample(point, force * self._random.gauss(1, 0.03), contact=True)

    def leave(self, point: Point) -> PenSample:
        """Lift the pen out of range."""
        return self._sample(point, 0.0, contact=False, in_range=False)

    def _sample(
        self, point: Point, force: float, *, contact: bool, in_range: bool = True
    ) -> PenSample:
        tablet, noise = self._tablet, self._random
        full = tablet.pressure.maximum - tablet.pressure.minimum
        pressure = tablet.pressure.minimum
        if contact:
            pressure += max(1, min(full, round(full * force)))
        sample = PenSample(
            self._now_us,
            round((point[0] + noise.gauss(0, self._hand.tremor_mm / 3)) * _units_per_mm(tablet.x)),
            round((point[1] + noise.gauss(0, self._hand.tremor_mm / 3)) * _units_per_mm(tablet.y)),
            pressure,
            _tilt(tablet.tilt_x, 0.55),
            _tilt(tablet.tilt_y, 0.62),
            in_range=in_range,
            contact=contact,
        )
        self._now_us += round(1e6 / self._hand.rate_hz * noise.uniform(0.95, 1.05))
        return sample


def _units_per_mm(axis: AxisRange) -> int:
    return axis.resolution or _UNDECLARED_UNITS_PER_MM


def _tilt(axis: AxisRange | None, share: float) -> int:
    return round(axis.minimum + (axis.maximum - axis.minimum) * share) if axis else 0


def _minimum_jerk(share: float) -> float:
    return share**3 * (10 - 15 * share + 6 * share**2)


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _resample(corners: Sequence[Point]) -> list[Point]:
    """Give the path in steps of at most a quarter millimetre."""
    path = [corners[0]]
    for start, end in pairwise(corners):
        steps = max(1, math.ceil(math.dist(start, end) / _STEP_MM))
        path += [_between(start, end, step / steps) for step in range(1, steps + 1)]
    return path if len(path) > 1 else path * 2


def _times(path: Sequence[Point], speed: float) -> list[float]:
    """Give the second at which each point is reached."""
    lengths = [math.dist(a, b) for a, b in pairwise(path)]
    total, done = sum(lengths), 0.0
    times = [0.0]
    for index, length in enumerate(lengths):
        ends = min(done, total - done) / max(total, 1e-9)
        slow = (0.25 + 0.75 * min(1.0, ends / 0.2)) * (1 - 0.7 * _turn(path, index))
        times.append(times[-1] + length / (speed * slow))
        done += length
    return times


def _turn(path: Sequence[Point], index: int, reach: int = 6) -> float:
    """How sharply the path turns near `index`: 0 straight on, 1 back where it came from."""
    a, b, c = path[max(0, index - reach)], path[index], path[min(len(path) - 1, index + reach)]
    if b in (a, c):
        return 0.0
    angle = math.atan2(c[1] - b[1], c[0] - b[0]) - math.atan2(b[1] - a[1], b[0] - a[0])
    return abs(math.remainder(angle, math.tau)) / math.pi


def _at(path: Sequence[Point], times: Sequence[float], index: int, moment: float) -> Point:
    after = min(index + 1, len(path) - 1)
    span = times[after] - times[index]
    share = 1.0 if span <= 0 else min(1.0, (moment - times[index]) / span)
    return _between(path[index], path[after], share)
