"""Finds pen nodes in sysfs without opening them, so that a node we may not open is still listed."""

import os
from dataclasses import dataclass
from pathlib import Path

from drivers.tablet.capabilities import is_pen

_WORD_BITS = 64


@dataclass(frozen=True, slots=True)
class PluggedPen:
    """One pen node that the kernel has made."""

    node: str
    name: str
    vendor: int
    product: int

    @property
    def usb_id(self) -> str:
        """Vendor and product as in an address."""
        return f"{self.vendor:04x}:{self.product:04x}"

    @property
    def accessible(self) -> bool:
        """Whether this process may read it and take it for itself."""
        return os.access(self.node, os.R_OK | os.W_OK)


def pens(sysfs: Path = Path("/sys"), dev: Path = Path("/dev")) -> tuple[PluggedPen, ...]:
    """Give every pen node, in the order of their numbers; touch and pad nodes are left out."""
    nodes = (sysfs / "class/input").glob("event*")
    ordered = sorted(nodes, key=lambda node: (len(node.name), node.name))
    found = (_read(node, dev) for node in ordered)
    return tuple(pen for pen in found if pen is not None)


def _read(node: Path, dev: Path) -> PluggedPen | None:
    device = node / "device"
    try:
        axes = _bits((device / "capabilities/abs").read_text())
        keys = _bits((device / "capabilities/key").read_text())
        if not is_pen(axes, keys):
            return None
        return PluggedPen(
            str(dev / "input" / node.name),
            (device / "name").read_text().strip(),
            int((device / "id/vendor").read_text(), 16),
            int((device / "id/product").read_text(), 16),
        )
    except (OSError, ValueError):
        return None  # gone between the listing and the look, or not a device of ours


def _bits(text: str) -> frozenset[int]:
    """Numbers set in a sysfs bitmap: words of 64 bits, the highest first."""
    words = [int(word, 16) for word in reversed(text.split())]
    return frozenset(
        index * _WORD_BITS + bit
        for index, word in enumerate(words)
        for bit in range(_WORD_BITS)
        if word >> bit & 1
    )
