"""One line of text names any device, real, recorded or simulated, and so chooses its driver.

`evdev:/dev/input/event3`, `evdev:056a:037a`, `evdev:` (the only pen plugged in), `hid:056a:00a8`,
`pcsc:0`, `pcsc:NAME`, `serial:/dev/ttyUSB0`, `replay:FILE?pace=fast`, `sim:NAME?seed=7`,
`browser:`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from drivers.errors import AddressError

_ID_PAIR = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")


class Kind(StrEnum):
    """The driver families an address can choose."""

    EVDEV = "evdev"
    HID = "hid"
    PCSC = "pcsc"
    SERIAL = "serial"
    REPLAY = "replay"
    SIM = "sim"
    BROWSER = "browser"


_WITH_OPTIONS = {Kind.REPLAY: {"pace", "description"}, Kind.SIM: {"seed", "pace", "speed"}}
_TARGET_NEEDED = {Kind.HID, Kind.SERIAL, Kind.REPLAY}


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed address; `str(address)` parses back to an equal one."""

    kind: Kind
    target: str
    options: tuple[tuple[str, str], ...] = ()

    def option(self, name: str, default: str) -> str:
        """Value of an option, or `default` when the address does not give it."""
        return dict(self.options).get(name, default)

    @property
    def usb_id(self) -> tuple[int, int] | None:
        """Vendor and product when the target is written as `056a:00a8`, else None."""
        match = _ID_PAIR.fullmatch(self.target)
        return (int(match[1], 16), int(match[2], 16)) if match else None

    def __str__(self) -> str:
        query = urlencode(self.options, safe="/")
        return f"{self.kind}:{self.target}" + (f"?{query}" if query else "")


def parse(text: str) -> Address:
    """Read an address. Raises AddressError naming what is wrong and the forms that are known."""
    name, colon, target = text.strip().partition(":")
    if not colon or name not in {kind.value for kind in Kind}:
        known = ", ".join(f"{kind}:" for kind in Kind)
        raise AddressError(f"{text!r} is no device address: begin it with one of {known}")
    kind = Kind(name)
    options: tuple[tuple[str, str], ...] = ()
    if kind in _WITH_OPTIONS:
        target, _, query = target.partition("?")
        options = _parse_options(kind, query)
    address = Address(kind, target, options)
    _check_target(address)
    return address


def _parse_options(kind: Kind, query: str) -> tuple[tuple[str, str], ...]:
    options = tuple(parse_qsl(query, keep_blank_values=True))
    for name, _ in options:
        if name not in _WITH_OPTIONS[kind]:
            known = ", ".join(sorted(_WITH_OPTIONS[kind]))
            raise AddressError(f"{kind}: has no option {name!r}: use {known}")
    return options


def _check_target(address: Address) -> None:
    kind, target = address.kind, address.target
    if kind in _TARGET_NEEDED and not target:
        raise AddressError(f"{kind}: names nothing: write what to open after the colon")
    if kind is Kind.HID and address.usb_id is None:
        raise AddressError(f"hid:{target} must be vendor and product, such as hid:056a:00a8")
    if kind is Kind.EVDEV and target and address.usb_id is None and not target.startswith("/dev/"):
        raise AddressError(
            f"evdev:{target} must be a node (/dev/input/event3), an id (056a:037a) or empty"
        )
    if kind is Kind.BROWSER and target:
        raise AddressError("browser: takes nothing after the colon")
