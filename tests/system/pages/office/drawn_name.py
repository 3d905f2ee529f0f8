"""Ink of a drawn character for the replay: a few strokes with the pace of a hand."""

import math

from intake.characters import NameText
from intake.event.manifest import PartName
from intake.ink import Ink, PenSample, TabletDescription, log, name_drawings
from intake.ink.sample import AxisRange

STROKES = (
    ((2000, 1500), (5200, 1400)),
    ((3500, 900), (3400, 3300)),
    ((2200, 2300), (4900, 2200)),
    ((1800, 3400), (5400, 3300)),
    ((3400, 3400), (2200, 5600)),
    ((3600, 3500), (5600, 5500)),
)
OFFERED = ("MJ026191", "MJ026190", "MJ026192", "MJ026193", "MJ026194")
STEP_US, POINTS, PAUSE_US = 5000, 40, 180_000


def ink() -> Ink:
    axis = AxisRange(0, 8000, 100)
    tablet = TabletDescription("sim", "simulated", axis, axis, AxisRange(0, 1023, 1))
    samples: list[PenSample] = []
    time_us = 1_000_000
    for (x0, y0), (x1, y1) in STROKES:
        for n in range(POINTS):
            part = n / (POINTS - 1)
            bow = round(120 * math.sin(math.pi * part))
            place = (round(x0 + (x1 - x0) * part), round(y0 + (y1 - y0) * part) + bow)
            samples.append(PenSample(time_us, *place, 500, contact=n < POINTS - 1))
            time_us += STEP_US
        time_us += PAUSE_US
    return Ink(tablet, tuple(samples))


def name_ink(name: NameText) -> dict[PartName, bytes]:
    """The part `name_ink` of one person whose first character was drawn."""
    first = next(iter(name))
    drawing = name_drawings.NameDrawing("p1", "name", 0, log.encode(ink()), OFFERED, first)
    return {PartName.NAME_INK: name_drawings.encode([drawing])}
