import errno
from typing import cast

import pytest
from evdev import InputDevice

from drivers.address import parse
from drivers.errors import (
    DeviceBusyError,
    DeviceMissingError,
    DevicePermissionError,
    DeviceRefusedError,
)
from drivers.tablet import evdev_tablet
from drivers.tablet.plugged import PluggedPen


class KernelNode:
    """Stands where the kernel is: a node whose grab ends as told."""

    path = "/dev/input/event3"

    def __init__(self, number: int) -> None:
        self._number = number

    def grab(self) -> None:
        raise OSError(self._number, "told so")


@pytest.mark.parametrize(
    ("number", "error"), [(errno.EBUSY, DeviceBusyError), (errno.ENODEV, DeviceMissingError)]
)
def test_a_node_that_cannot_be_grabbed_says_why(number: int, error: type[Exception]):
    with pytest.raises(error, match="event3"):
        evdev_tablet._grab(cast("InputDevice[str]", KernelNode(number)))


def test_a_node_without_rights_names_the_udev_rule(monkeypatch: pytest.MonkeyPatch):
    def refuse(node: str) -> None:
        raise PermissionError(errno.EACCES, "told so", node)

    monkeypatch.setattr(evdev_tablet, "InputDevice", refuse)
    with pytest.raises(DevicePermissionError, match=r"60-madoguchi\.rules"):
        evdev_tablet.open_evdev(parse("evdev:/dev/null"))


def test_two_tablets_must_be_told_apart(monkeypatch: pytest.MonkeyPatch):
    twins = tuple(PluggedPen(f"/dev/input/event{n}", "Pen", 0x56A, 0x37A) for n in (3, 4))
    monkeypatch.setattr(evdev_tablet, "pens", lambda: twins)
    with pytest.raises(DeviceRefusedError, match="evdev:/dev/input/event4"):
        evdev_tablet.open_evdev(parse("evdev:056a:037a"))
