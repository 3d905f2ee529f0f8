"""A tablet behind the kernel's event interface, grabbed: no desktop sees the resident's pen."""

import asyncio
import errno
import fcntl
import os
import struct
import time
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

from evdev import AbsInfo, InputDevice

from drivers.address import Address
from drivers.errors import (
    DeviceBusyError,
    DeviceLostError,
    DeviceMissingError,
    DevicePermissionError,
    DeviceRefusedError,
    DeviceUnsupportedError,
)
from drivers.tablet import event_codes as code
from drivers.tablet.capabilities import Capabilities
from drivers.tablet.pen_state import PenState, Snapshot
from drivers.tablet.plugged import pens
from intake.ink import AxisRange, PenSample, TabletDescription

_EVENT = struct.Struct(code.EVENT_FORMAT)
_READ_SIZE = _EVENT.size * 64
_EVIOCSCLOCKID = 0x400445A0
_KEY_BYTES = 96
_EVIOCGKEY = 0x80004518 | _KEY_BYTES << 16


class EvdevTablet:
    """Implements `Tablet`; see there for the contract."""

    def __init__(self, device: InputDevice[str]) -> None:
        """Take an opened node for us alone; the caller hands it over."""
        self._device = device
        self._capabilities = _capabilities(device)
        self._description = self._capabilities.describe()
        _grab(device)
        self._offset_us = _choose_clock(device.fd)
        self._state = PenState(self._capabilities, self._snapshot)
        snapshot = self._snapshot()
        if snapshot is not None:
            self._state.load(snapshot)
        self._ready: deque[PenSample] = deque()
        self._wake = asyncio.Event()
        self._rest = b""
        self._reading = self._closed = self._gone = False

    @property
    def description(self) -> TabletDescription:
        """See `Tablet`."""
        return self._description

    async def reports(self) -> AsyncIterator[PenSample]:
        """See `Tablet`."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._device.fd, self._drain)
        self._reading = True
        try:
            while not self._closed:
                while self._ready:
                    yield self._ready.popleft()
                if self._gone:
                    raise DeviceLostError(
                        f"{self._description.name} was unplugged: plug it in again, then go on"
                    )
                self._wake.clear()
                await self._wake.wait()
        finally:
            self._stop_reading()

    def close(self) -> None:
        """See `Tablet`."""
        if self._closed:
            return
        self._stop_reading()
        self._closed = True
        self._wake.set()
        self._device.close()

    def _stop_reading(self) -> None:
        if self._reading:
            self._reading = False
            asyncio.get_running_loop().remove_reader(self._device.fd)

    def _drain(self) -> None:
        """Empty the kernel's buffer at once: it holds only a few reports."""
        try:
            data = os.read(self._device.fd, _READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._take(self._rest + data)
        else:
            self._gone = True
            self._stop_reading()
            closing = self._state.lost()
            if closing is not None:
                self._ready.append(closing)
        self._wake.set()

    def _take(self, data: bytes) -> None:
        whole = len(data) - len(data) % _EVENT.size
        self._rest = data[whole:]
        for seconds, micros, kind, number, value in _EVENT.iter_unpack(data[:whole]):
            time_us = seconds * 1_000_000 + micros - self._offset_us
            sample = self._state.feed(time_us, kind, number, value)
            if sample is not None:
                self._ready.append(sample)

    def _snapshot(self) -> Snapshot | None:
        """Ask the kernel for the present state; None where it cannot tell (simulated nodes)."""
        try:
            axes = {axis: self._device.absinfo(axis).value for axis in self._capabilities.axes}
            pressed = fcntl.ioctl(self._device.fd, _EVIOCGKEY, bytes(_KEY_BYTES))
        except OSError:
            return None
        keys = {key for key in self._capabilities.keys if pressed[key // 8] >> key % 8 & 1}
        return Snapshot(axes, frozenset(keys))


def open_evdev(address: Address) -> EvdevTablet:
    """Open the tablet an `evdev:` address names; must be called inside a running event loop.

    Raises DeviceMissingError, DevicePermissionError, DeviceBusyError or DeviceUnsupportedError.
    """
    node = _resolve(address)
    if not Path(node).exists():
        raise DeviceMissingError(f"{node} is not there: plug the tablet in")
    try:
        device: InputDevice[str] = InputDevice(node)
    except PermissionError as error:
        raise DevicePermissionError(
            f"{node} may not be opened: install the udev rule 60-madoguchi.rules, then log in again"
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOTTY, errno.EINVAL):
            raise DeviceUnsupportedError(
                f"{node} is no event node: choose one that `discover` lists"
            ) from error
        raise DeviceMissingError(f"{node} is not there: plug the tablet in") from error
    try:
        return EvdevTablet(device)
    except BaseException:
        device.close()
        raise


def _resolve(address: Address) -> str:
    if address.target.startswith("/"):
        return address.target
    wanted = address.usb_id
    found = [pen for pen in pens() if wanted in (None, (pen.vendor, pen.product))]
    if not found:
        raise DeviceMissingError(f"no pen tablet for {address}: plug it in and try `discover`")
    if len(found) > 1:
        nodes = ", ".join(f"evdev:{pen.node}" for pen in found)
        raise DeviceRefusedError(f"{address} fits several tablets: choose one of {nodes}")
    return found[0].node


def _grab(device: InputDevice[str]) -> None:
    try:
        device.grab()
    except OSError as error:
        if error.errno == errno.EBUSY:
            raise DeviceBusyError(
                f"{device.path} is held by another program: stop that program, then try again"
            ) from error
        raise DeviceMissingError(f"{device.path} went away: plug the tablet in") from error


def _choose_clock(descriptor: int) -> int:
    """Ask for monotonic time stamps; give what to subtract where the node keeps wall time."""
    try:
        fcntl.ioctl(descriptor, _EVIOCSCLOCKID, struct.pack("i", time.CLOCK_MONOTONIC))
    except OSError:
        return (time.time_ns() - time.monotonic_ns()) // 1000
    return 0


def _capabilities(device: InputDevice[str]) -> Capabilities:
    listed = device.capabilities(absinfo=True)
    infos = cast("list[tuple[int, AbsInfo]]", listed.get(code.EV_ABS, []))
    axes = {number: AxisRange(info.min, info.max, info.resolution) for number, info in infos}
    keys = frozenset(listed.get(code.EV_KEY, []))
    return Capabilities(device.name, device.info.vendor, device.info.product, axes, keys)
