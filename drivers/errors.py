"""Every way a device can fail, as types: each message says what happened and what to do next.

`exit_code` is the status a command ends with, `code` the key of the sentence in
`drivers/text/devices.toml`, `retryable` whether plugging in or waiting can help.
"""

from typing import ClassVar


class DriverError(Exception):
    """A device or its recording did not do what was asked."""

    code: ClassVar[str] = "driver_error"
    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False


class AddressError(DriverError):
    """The text does not name a device in a form that this program knows."""

    code: ClassVar[str] = "address_error"
    exit_code: ClassVar[int] = 2


class RecordingError(DriverError):
    """A recording cannot be read as one."""

    code: ClassVar[str] = "recording_error"
    exit_code: ClassVar[int] = 2


class DeviceMissingError(DriverError):
    """The device is not plugged in, or nothing serves it."""

    code: ClassVar[str] = "device_missing"
    exit_code: ClassVar[int] = 3
    retryable: ClassVar[bool] = True


class DeviceLostError(DeviceMissingError):
    """The device went away while it was in use."""

    code: ClassVar[str] = "device_lost"


class DeviceRefusedError(DriverError):
    """The device is there but must not or cannot be used."""

    code: ClassVar[str] = "device_refused"
    exit_code: ClassVar[int] = 4


class DevicePermissionError(DeviceRefusedError):
    """The device is there but its node may not be opened by this user."""

    code: ClassVar[str] = "device_permission"


class DeviceBusyError(DeviceRefusedError):
    """Another program holds the device for itself."""

    code: ClassVar[str] = "device_busy"
    retryable: ClassVar[bool] = True


class DeviceUnsupportedError(DeviceRefusedError):
    """The device is there but is not of a kind this driver can work with."""

    code: ClassVar[str] = "device_unsupported"
