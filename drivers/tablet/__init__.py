"""Pen tablets: `open_tablet` turns an address into one, and nobody need know what stands behind."""

from drivers import address as addresses
from drivers.address import Address, Kind
from drivers.errors import AddressError, DeviceUnsupportedError
from drivers.tablet.browser import BrowserTablet
from drivers.tablet.interface import Tablet

__all__ = ["BrowserTablet", "Tablet", "open_tablet"]

_DEFAULT_PAGE = (1280.0, 800.0)


def open_tablet(address: Address | str) -> Tablet:
    """Open the tablet an address names (`evdev:`, `replay:`, `sim:`, `browser:`).

    Raises AddressError, RecordingError or a DeviceMissingError / DeviceRefusedError whose message
    says what to do. A browser pen whose page has another size is made as `BrowserTablet(w, h)`.
    """
    parsed = addresses.parse(address) if isinstance(address, str) else address
    match parsed.kind:
        case Kind.EVDEV:
            from drivers.tablet.evdev_tablet import open_evdev  # noqa: PLC0415 - needs the library

            return open_evdev(parsed)
        case Kind.REPLAY:
            from drivers.tablet.replay import open_replay  # noqa: PLC0415 - as above, keeps start lean

            return open_replay(parsed)
        case Kind.SIM:
            from drivers.tablet.simulated import open_simulated  # noqa: PLC0415 - as above

            return open_simulated(parsed)
        case Kind.BROWSER:
            return BrowserTablet(*_DEFAULT_PAGE)
        case Kind.HID:
            raise DeviceUnsupportedError(
                f"{parsed}: signature pads over raw HID are not supported yet: use an evdev tablet"
            )
        case _:
            raise AddressError(f"{parsed} names no tablet: use evdev:, replay:, sim: or browser:")
