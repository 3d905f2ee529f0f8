"""Turns the kernel's single events into whole pen reports; the only place that knows how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.tablet import event_codes as code
from drivers.tablet.capabilities import Capabilities
from intake.ink import PenSample

_PEN_AXES = frozenset({code.ABS_X, code.ABS_Y, code.ABS_PRESSURE, code.ABS_TILT_X, code.ABS_TILT_Y})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """State that the kernel still knows after it dropped events."""

    axes: Mapping[int, int]
    keys: frozenset[int]


class PenState:
    """State of one pen between reports.

    The kernel sends only what changed; after SYN_DROPPED everything up to the next SYN_REPORT is
    worthless and `resync` is asked for the present state. `resync` gives None when the device
    cannot be asked; then nothing is reported until the pen says more, and that sample is marked.
    """

    def __init__(
        self, capabilities: Capabilities, resync: Callable[[], Snapshot | None] | None = None
    ) -> None:
        self._has_touch_key = capabilities.has_touch_key
        self._resync = resync
        self._axes: dict[int, int] = {}
        self._keys: set[int] = set()
        self._tool_seen = False
        self._was_in_range = False
        self._changed = False
        self._discarding = False
        self._dropped = False
        self._last: PenSample | None = None

    def load(self, snapshot: Snapshot) -> None:
        """Take over what the kernel says is true now."""
        self._axes.update(snapshot.axes)
        self._keys = set(snapshot.keys)
        self._tool_seen = True

    def feed(self, time_us: int, kind: int, number: int, value: int) -> PenSample | None:
        """Take one event; give the finished sample when it ends a report of the pen."""
        if kind == code.EV_SYN:
            return self._synchronise(time_us, number)
        if self._discarding:
            return None
        if kind == code.EV_ABS and number in _PEN_AXES:
            self._axes[number] = value
            self._changed = True
        elif kind == code.EV_KEY:
            self._press(number, pressed=value != 0)
        return None

    def lost(self) -> PenSample | None:
        """Give the sample that closes what the pen was doing when the device went away.

        Its time is that of the last report: the kernel has no later one. None when no pen was near.
        """
        last = self._last
        if last is None or not last.in_range:
            return None
        self._last = None
        return PenSample(
            last.time_us,
            last.x,
            last.y,
            0,
            last.tilt_x,
            last.tilt_y,
            in_range=False,
            contact=False,
            dropped_before=True,
        )

    def _press(self, number: int, *, pressed: bool) -> None:
        if number in code.WRITING_TOOLS or number in code.OTHER_TOOLS:
            self._tool_seen = True
        elif number != code.BTN_TOUCH:
            return
        self._changed = True
        (self._keys.add if pressed else self._keys.discard)(number)

    def _synchronise(self, time_us: int, number: int) -> PenSample | None:
        if number == code.SYN_DROPPED:
            self._discarding = True
            return None
        if number != code.SYN_REPORT:
            return None
        if self._discarding:
            self._discarding = False
            self._dropped = True
            snapshot = self._resync() if self._resync else None
            if snapshot is not None:
                self.load(snapshot)
                self._changed = True
        changed, self._changed = self._changed, False
        return self._finish(time_us) if changed else None

    def _finish(self, time_us: int) -> PenSample | None:
        in_range = self._pen_in_range()
        left, self._was_in_range = self._was_in_range and not in_range, in_range
        if not (in_range or left):
            return None
        axes = self._axes
        pressure = axes.get(code.ABS_PRESSURE, 0)
        touching = code.BTN_TOUCH in self._keys if self._has_touch_key else pressure > 0
        dropped, self._dropped = self._dropped, False
        self._last = PenSample(
            time_us,
            axes.get(code.ABS_X, 0),
            axes.get(code.ABS_Y, 0),
            pressure,
            axes.get(code.ABS_TILT_X, 0),
            axes.get(code.ABS_TILT_Y, 0),
            in_range=in_range,
            contact=in_range and touching,
            dropped_before=dropped,
        )
        return self._last

    def _pen_in_range(self) -> bool:
        """Tell whether a writing tool is near; a recording may begin with one and never say so."""
        if not self._tool_seen:
            return True
        return not self._keys.isdisjoint(code.WRITING_TOOLS) and self._keys.isdisjoint(
            code.OTHER_TOOLS
        )
