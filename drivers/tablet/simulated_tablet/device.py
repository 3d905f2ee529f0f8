"""The words in which umockdev is told about an event node: sysfs text and answers to ioctls."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from drivers.tablet import evemu
from drivers.tablet import event_codes as code
from drivers.tablet.simulated import SIMULATED_TABLET
from intake.ink import AxisRange, TabletDescription

_KEYS = (code.BTN_TOOL_PEN, code.BTN_TOOL_RUBBER, code.BTN_TOUCH, code.BTN_STYLUS)
_BUS_USB = 3
_BUFFER = 96


@dataclass(frozen=True, slots=True)
class MockDevice:
    """What the testbed needs to make a node: its path, its description and its ioctl answers."""

    node: str
    sysfs: str
    ioctl: str
    description: TabletDescription


def simulated(node: str = "/dev/input/event0") -> MockDevice:
    """Give the made-up pen display of `sim:` as a device that umockdev can show."""
    tablet = SIMULATED_TABLET
    axes = {code.ABS_X: tablet.x, code.ABS_Y: tablet.y, code.ABS_PRESSURE: tablet.pressure}
    if tablet.tilt_x is not None and tablet.tilt_y is not None:
        axes |= {code.ABS_TILT_X: tablet.tilt_x, code.ABS_TILT_Y: tablet.tilt_y}
    return MockDevice(node, _sysfs(node, tablet, axes), _ioctl(node, tablet, axes), tablet)


def recorded(sysfs: Path, ioctl: Path) -> MockDevice:
    """Give a real tablet that `umockdev-record` described in these two files."""
    answers = ioctl.read_text()
    node = answers.split(None, 2)[1]
    described = evemu.describe(ioctl).describe()
    return MockDevice(node, sysfs.read_text(), answers, described)


def _sysfs(node: str, tablet: TabletDescription, axes: dict[int, AxisRange]) -> str:
    vendor, product = tablet.tool_id.split(":")
    event = node.rpartition("/")[2]
    minor = 64 + int(event.removeprefix("event"))
    parent = "/devices/virtual/input/input7"
    return f"""P: {parent}/{event}
N: input/{event}
E: DEVNAME={node}
E: MAJOR=13
E: MINOR={minor}
E: SUBSYSTEM=input
E: ID_INPUT=1
E: ID_INPUT_TABLET=1
A: dev=13:{minor}\\n
L: device=../../input7

P: {parent}
E: EV=b
E: NAME="{tablet.name}"
E: PRODUCT=3/{vendor}/{product}/1
E: PROP=2
E: SUBSYSTEM=input
A: capabilities/abs={_sysfs_bits(axes)}\\n
A: capabilities/ev=b\\n
A: capabilities/key={_sysfs_bits(_KEYS)}\\n
A: id/bustype=0003\\n
A: id/product={product}\\n
A: id/vendor={vendor}\\n
A: id/version=0001\\n
A: name={tablet.name}\\n
A: properties=2\\n
"""


def _ioctl(node: str, tablet: TabletDescription, axes: dict[int, AxisRange]) -> str:
    vendor, product = (int(word, 16) for word in tablet.tool_id.split(":"))
    name = tablet.name.encode() + b"\0"
    kinds = {code.EV_SYN, code.EV_KEY, code.EV_ABS}
    lines = [
        f"@DEV {node}",
        f"EVIOCGID 0 {struct.pack('<4H', _BUS_USB, vendor, product, 1).hex().upper()}",
        f"EVIOCGNAME(0) {len(name)} {name.ljust(256, bytes(1)).hex().upper()}",
        "EVIOCGVERSION 0 01000100",
        f"EVIOCGBIT(0) 4 {_bitmap(kinds, 4)}",
        f"EVIOCGBIT(0) 8 {_bitmap(kinds, _BUFFER)}",
        f"EVIOCGBIT({code.EV_KEY}) {_BUFFER} {_bitmap(_KEYS, _BUFFER)}",
        f"EVIOCGBIT({code.EV_ABS}) 8 {_bitmap(axes, _BUFFER)}",
    ]
    for number, axis in axes.items():
        data = struct.pack("<6i", 0, axis.minimum, axis.maximum, 0, 0, axis.resolution)
        argument = f"({number})" if number else ""
        lines.append(f"EVIOCGABS{argument} 0 {data.hex().upper()}")
    lines.append("EVIOCGEFFECTS 0 00000000")
    return "\n".join(lines) + "\n"


def _bitmap(numbers: Iterable[int], size: int) -> str:
    """Hex of the bits in a buffer of `size` bytes, as the kernel answers them."""
    value = sum(1 << number for number in numbers)
    return value.to_bytes(size, "little").hex().upper()


def _sysfs_bits(numbers: Iterable[int]) -> str:
    """Bits as sysfs writes them: words of 64 bits, the highest first."""
    value = sum(1 << number for number in numbers)
    words: list[str] = []
    while value:
        words.append(f"{value & 0xFFFF_FFFF_FFFF_FFFF:x}")
        value >>= 64
    return " ".join(reversed(words))
