"""The header of an ink log: the tablet's description as canonical CBOR."""

from typing import Final, cast

from intake import canonical
from intake.errors import DecodeError
from intake.ink.sample import AxisRange, Calibration, TabletDescription
from intake.record import Record

HEADER_LIMIT: Final = 4096
_AXES: Final = ("x", "y", "pressure", "tilt_x", "tilt_y")


def write_header(tablet: TabletDescription) -> bytes:
    """Give the canonical bytes of a description."""
    return canonical.encode(
        {
            "tool_id": tablet.tool_id,
            "name": tablet.name,
            "calibration": tablet.calibration,
            **{name: _axis_value(getattr(tablet, name)) for name in _AXES},
        }
    )


def read_header(data: bytes) -> TabletDescription:
    """Read a description; DecodeError for anything `write_header` would not have written."""
    record = Record(canonical.decode(data, limit=HEADER_LIMIT), "ink header")
    axes = {name: _read_axis(record, name) for name in _AXES}
    x, y, pressure = axes["x"], axes["y"], axes["pressure"]
    if x is None or y is None or pressure is None:
        raise DecodeError("an ink header lacks an axis range")
    tablet = TabletDescription(
        tool_id=record.text("tool_id"),
        name=record.text("name"),
        x=x,
        y=y,
        pressure=pressure,
        tilt_x=axes["tilt_x"],
        tilt_y=axes["tilt_y"],
        calibration=_read_calibration(record),
    )
    record.close()
    return tablet


def _axis_value(axis: AxisRange | None) -> list[int] | None:
    return None if axis is None else [axis.minimum, axis.maximum, axis.resolution]


def _read_axis(record: Record, name: str) -> AxisRange | None:
    if record.absent(name):
        return None
    return AxisRange(*_integers(record, name, 3))


def _read_calibration(record: Record) -> Calibration | None:
    if record.absent("calibration"):
        return None
    return cast("Calibration", tuple(_integers(record, "calibration", 6)))


def _integers(record: Record, name: str, count: int) -> list[int]:
    items = record.items(name, limit=count)
    numbers = [item for item in items if isinstance(item, int) and not isinstance(item, bool)]
    if len(numbers) != count or len(items) != count:
        raise DecodeError(f"ink header.{name} is not {count} integers")
    return numbers
