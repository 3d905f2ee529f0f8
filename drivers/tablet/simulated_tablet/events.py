"""Pen samples back into the events a kernel would send for them."""

from drivers.tablet import event_codes as code
from intake.ink import PenSample

Event = tuple[int, int, int, int]


def report(sample: PenSample, time_us: int) -> tuple[Event, ...]:
    """Give the events of one report, stamped `time_us`, its SYN_REPORT last."""
    pairs = (
        (code.EV_KEY, code.BTN_TOOL_PEN, int(sample.in_range)),
        (code.EV_ABS, code.ABS_X, sample.x),
        (code.EV_ABS, code.ABS_Y, sample.y),
        (code.EV_ABS, code.ABS_PRESSURE, sample.pressure),
        (code.EV_ABS, code.ABS_TILT_X, sample.tilt_x),
        (code.EV_ABS, code.ABS_TILT_Y, sample.tilt_y),
        (code.EV_KEY, code.BTN_TOUCH, int(sample.contact)),
        (code.EV_SYN, code.SYN_REPORT, 0),
    )
    return tuple((time_us, *pair) for pair in pairs)
