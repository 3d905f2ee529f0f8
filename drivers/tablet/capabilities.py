"""What an event node says about itself, and whether that makes it a pen tablet."""

from collections.abc import Mapping
from dataclasses import dataclass

from drivers.errors import DeviceUnsupportedError
from drivers.tablet import event_codes as code
from intake.ink import AxisRange, TabletDescription

_NO_PRESSURE = AxisRange(0, 1)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Identity, axes and keys of one event node, from the kernel or from a recording."""

    name: str
    vendor: int
    product: int
    axes: Mapping[int, AxisRange]
    keys: frozenset[int]

    @property
    def has_touch_key(self) -> bool:
        """Whether the device itself says when the pen touches."""
        return code.BTN_TOUCH in self.keys

    @property
    def is_pen(self) -> bool:
        """Whether this node reports the position of a pen (not touch, not pad buttons)."""
        return is_pen(frozenset(self.axes), self.keys)

    def describe(self) -> TabletDescription:
        """Description for the ink; DeviceUnsupportedError when this is no pen tablet."""
        if not self.is_pen:
            raise DeviceUnsupportedError(
                f"{self.name!r} is not a pen tablet: choose the node that `discover` lists"
            )
        return TabletDescription(
            tool_id=f"{self.vendor:04x}:{self.product:04x}",
            name=self.name,
            x=self.axes[code.ABS_X],
            y=self.axes[code.ABS_Y],
            pressure=self.axes.get(code.ABS_PRESSURE, _NO_PRESSURE),
            tilt_x=self.axes.get(code.ABS_TILT_X),
            tilt_y=self.axes.get(code.ABS_TILT_Y),
        )


def is_pen(axes: frozenset[int], keys: frozenset[int]) -> bool:
    """Tell a pen node from the touch and pad nodes of the same tablet.

    Some pens (UC-Logic) never name their tool; a pad has stylus keys too, but no pressure.
    """
    if not {code.ABS_X, code.ABS_Y} <= axes:
        return False
    return code.BTN_TOOL_PEN in keys or (code.BTN_STYLUS in keys and code.ABS_PRESSURE in axes)
