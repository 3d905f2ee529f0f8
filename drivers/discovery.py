"""Lists the tablets and card readers that are plugged in and says what each missing piece needs.

Nothing is opened or taken: sysfs is read and pcscd asked, so it can run beside a working unit.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from drivers import pcsc_listing
from drivers.errors import DeviceMissingError
from drivers.pcsc_listing import ReaderList, ReaderTrouble
from drivers.sentences import sentence
from drivers.tablet import plugged

_MODULES = {0x056A: "wacom", 0x256C: "hid_uclogic", 0x28BD: "hid_uclogic", 0x5543: "hid_uclogic"}
_SIGNATURE_PADS = {(0x056A, product) for product in range(0x00A1, 0x00A9)}
_CARD_READER_CLASS = "0b"


@dataclass(frozen=True, slots=True)
class Device:
    """One device: `kind` is tablet or card_reader, `address` opens it, `usable` by this process."""

    kind: str
    address: str
    name: str
    usable: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the way: a key of drivers/text/devices.toml and its sentences."""

    code: str
    where: str
    message_ja: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """Everything found, and everything that needs a hand."""

    devices: tuple[Device, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Usb:
    vendor: int
    product: int
    name: str
    classes: frozenset[str]

    @property
    def label(self) -> str:
        return f"{self.name} ({self.vendor:04x}:{self.product:04x})".strip()


def discover(
    sysfs: Path = Path("/sys"),
    dev: Path = Path("/dev"),
    list_readers: Callable[[], ReaderList] = pcsc_listing.list_readers,
) -> Discovery:
    """Look for every kind of device; one kind that fails becomes a finding and hides no other."""
    looks: dict[str, Callable[[], Discovery]] = {
        "tablet": partial(_tablets, sysfs, dev),
        "card_reader": partial(_card_readers, sysfs, list_readers),
    }
    parts = [_guarded(kind, look) for kind, look in looks.items()]
    return Discovery(
        tuple(device for part in parts for device in part.devices),
        tuple(finding for part in parts for finding in part.findings),
    )


def report(found: Discovery, out: TextIO, *, as_json: bool = False) -> int:
    """Write what was found, for a person or as one JSON object; give the command's exit status.

    0 when something usable is there, 3 when nothing is.
    """
    if as_json:
        json.dump(asdict(found), out, ensure_ascii=False)
        out.write("\n")
    else:
        for device in found.devices:
            mark = "" if device.usable else "  (使用できません / not usable)"
            out.write(f"{device.kind}\t{device.address}\t{device.name}{mark}\n")
        out.writelines(
            f"! {finding.message_ja}\n  {finding.message_en}\n" for finding in found.findings
        )
    usable = any(device.usable for device in found.devices)
    return 0 if usable else DeviceMissingError.exit_code


def _guarded(kind: str, look: Callable[[], Discovery]) -> Discovery:
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever a driver does, the other kinds are listed
        return Discovery((), (_finding("kind_failed", kind, type(error).__name__),))


def _tablets(sysfs: Path, dev: Path) -> Discovery:
    pens = plugged.pens(sysfs, dev)
    devices = tuple(Device("tablet", f"evdev:{pen.node}", pen.name, pen.accessible) for pen in pens)
    findings = [_finding("tablet_permission", pen.node) for pen in pens if not pen.accessible]
    served = {(pen.vendor, pen.product) for pen in pens}
    for usb in _usb_devices(sysfs):
        if (usb.vendor, usb.product) in _SIGNATURE_PADS:
            findings.append(_finding("pad_unsupported", usb.label))
        elif usb.vendor in _MODULES and (usb.vendor, usb.product) not in served:
            findings.append(_finding("tablet_driver", usb.label, _MODULES[usb.vendor]))
    if not pens and not findings:
        has_input = any((sysfs / "class/input").glob("input*"))
        has_events = any((sysfs / "class/input").glob("event*"))
        findings.append(_finding("evdev_module" if has_input and not has_events else "tablet_none"))
    return Discovery(devices, tuple(findings))


def _card_readers(sysfs: Path, list_readers: Callable[[], ReaderList]) -> Discovery:
    listed = list_readers()
    devices = tuple(
        Device("card_reader", f"pcsc:{name}", name, usable=True) for name in listed.names
    )
    if devices:
        return Discovery(devices, ())
    if listed.trouble is not ReaderTrouble.NONE_PLUGGED:
        return Discovery((), (_finding(f"reader_{listed.trouble}"),))
    plugged_in = [usb for usb in _usb_devices(sysfs) if _CARD_READER_CLASS in usb.classes]
    if plugged_in:
        return Discovery((), tuple(_finding("reader_driver", usb.label) for usb in plugged_in))
    return Discovery((), (_finding("reader_none"),))


def _usb_devices(sysfs: Path) -> list[_Usb]:
    found: list[_Usb] = []
    for folder in sorted((sysfs / "bus/usb/devices").glob("*")):
        try:
            vendor = int((folder / "idVendor").read_text(), 16)
            product = int((folder / "idProduct").read_text(), 16)
        except (OSError, ValueError):
            continue  # an interface or a hub port, not a device
        classes = frozenset(_read(path) for path in folder.glob("*/bInterfaceClass"))
        found.append(_Usb(vendor, product, _read(folder / "product"), classes))
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _finding(code: str, where: str = "", module: str = "") -> Finding:
    text = sentence(code, where=where, module=module)
    return Finding(code, where, text.ja, text.en)
