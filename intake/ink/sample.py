"""Pen samples, the tablet they came from, and the strokes a reader sees in them."""

from dataclasses import dataclass

Stroke = tuple[tuple[int, int, int], ...]
"""Points (x, y, time_us) of one contact of the pen, in device units, x right and y down."""

Calibration = tuple[int, int, int, int, int, int]
"""Affine map (a, b, c, d, e, f) in units of 1/65536: x' = a*x + b*y + c, y' = d*x + e*y + f."""


@dataclass(frozen=True, slots=True)
class AxisRange:
    """What a tablet declares about one axis; samples may leave it, and the log keeps them.

    `resolution` is device units per millimetre (per radian for tilt), 0 when not declared.
    """

    minimum: int
    maximum: int
    resolution: int = 0


@dataclass(frozen=True, slots=True)
class TabletDescription:
    """The instrument: enough to draw, scale and compare its samples years later.

    `tool_id` names tablet and pen as the kernel does (`056a:00a8`, with `/serial` where the pen
    has one); it never names a person. `calibration` is what was in force, never applied to the log.
    """

    tool_id: str
    name: str
    x: AxisRange
    y: AxisRange
    pressure: AxisRange
    tilt_x: AxisRange | None = None
    tilt_y: AxisRange | None = None
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class PenSample:
    """One pen report, as it came: device units, kernel time stamp, nothing corrected.

    `time_us` is the kernel's clock in microseconds and may go back. `in_range`: the tablet sees the
    pen. `contact`: the pen touches. `dropped_before`: reports were lost just before this one.
    Without a tilt axis both tilts are 0.
    """

    time_us: int
    x: int
    y: int
    pressure: int
    tilt_x: int = 0
    tilt_y: int = 0
    in_range: bool = True
    contact: bool = False
    dropped_before: bool = False


@dataclass(frozen=True, slots=True)
class Ink:
    """All samples of one writing, hover included, in the order they came."""

    tablet: TabletDescription
    samples: tuple[PenSample, ...]

    def strokes(self) -> tuple[Stroke, ...]:
        """Split the contact samples into strokes; hover is left out.

        A drop mark ends a stroke too: no line is drawn where nothing was seen.
        """
        strokes: list[Stroke] = []
        points: list[tuple[int, int, int]] = []
        for sample in self.samples:
            if points and (not sample.contact or sample.dropped_before):
                strokes.append(tuple(points))
                points = []
            if sample.contact:
                points.append((sample.x, sample.y, sample.time_us))
        if points:
            strokes.append(tuple(points))
        return tuple(strokes)
