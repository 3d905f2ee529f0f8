"""Handwriting made by formula: smooth curves, sensor noise, jittering time stamps, pen lifts."""

from __future__ import annotations

import math
import random

from intake.ink import AxisRange, Ink, PenSample, TabletDescription

TABLET = TabletDescription(
    tool_id="056a:00a8/461503946",
    name="Test tablet",
    x=AxisRange(0, 44_704, 200),
    y=AxisRange(0, 27_940, 200),
    pressure=AxisRange(0, 2_047),
    tilt_x=AxisRange(-64, 63),
    tilt_y=AxisRange(-64, 63),
    calibration=(65_536, 0, 12, 0, 65_536, -7),
)


def handwriting(count: int, seed: int = 1) -> Ink:
    """Give `count` samples at 200 Hz; the same ones for the same seed on every machine."""
    chance = random.Random(seed)  # noqa: S311 - the same strokes every time
    time_us = 1_700_000_000_000_000
    samples: list[PenSample] = []
    for number in range(count):
        time_us += 5_000 + chance.randint(-90, 90)
        phase = number / 200
        x = 20_000 + 3_000 * math.sin(7 * phase) * math.cos(3 * phase) + 800 * math.sin(25 * phase)
        y = 14_000 + 3_000 * math.cos(5 * phase) + 600 * math.cos(31 * phase)
        contact = number % 60 < 48
        pressure = 900 + 400 * math.sin(9 * phase) + chance.randint(-8, 8)
        samples.append(
            PenSample(
                time_us=time_us,
                x=round(x) + chance.randint(-2, 2),
                y=round(y) + chance.randint(-2, 2),
                pressure=round(pressure) if contact else 0,
                tilt_x=round(20 + 3 * math.sin(phase)),
                tilt_y=round(-10 + 3 * math.cos(phase)),
                contact=contact,
                dropped_before=number == 100,
            )
        )
    return Ink(TABLET, tuple(samples))
