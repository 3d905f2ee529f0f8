"""Reads evemu and umockdev recordings of event nodes, the form of 2013 as well as the newer one.

Events are `E: seconds.micros type code value`, numbers in hex but the value. The description stands
before them (`N: I: A: B:`) or, for recordings of events only, in a `.desc` or `.ioctl` file beside.
In 2013 an `A:` line had no resolution; it then is 0.
"""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from drivers.errors import RecordingError
from drivers.tablet import event_codes as code
from drivers.tablet.capabilities import Capabilities
from intake.ink import AxisRange

_EVENT = re.compile(r"E:\s+(\d+)\.(\d+)\s+([0-9a-fA-F]+)\s+([0-9a-fA-F]+)\s+(-?\d+)")
_IOCTL = re.compile(r"(EVIOCG(?:ID|NAME|ABS|BIT))(?:\((\d+)\))?\s+\S+\s+([0-9A-Fa-f]+)")
_SIZE_LIMIT = 64 * 1024 * 1024

Event = tuple[int, int, int, int]
"""time_us, type, code, value."""


@dataclass(frozen=True, slots=True)
class EventRecording:
    """A device's description and its events in order."""

    capabilities: Capabilities
    events: tuple[Event, ...]


def load(path: Path, description: Path | None = None) -> EventRecording:
    """Read a recording; `description` overrides where its axes are looked for.

    Raises RecordingError when there are no events or no description.
    """
    lines = _lines(path)
    events = tuple(_events(lines))
    if not events:
        raise RecordingError(f"{path.name} holds no events: give a recording made by evemu-record")
    return EventRecording(_find_capabilities(path, lines, description), events)


def describe(path: Path) -> Capabilities:
    """Read a description alone (`.desc` of evemu, `.ioctl` of umockdev); RecordingError if none."""
    return _parse_description(path.name, _lines(path))


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > _SIZE_LIMIT:
            raise RecordingError(f"{path.name} is larger than 64 MiB: cut it into pieces")
        return path.read_text("utf-8", "replace").splitlines()
    except OSError as error:
        raise RecordingError(f"{path.name} cannot be read: {error.strerror}") from error


def _events(lines: Iterable[str]) -> Iterable[Event]:
    for line in lines:
        match = _EVENT.match(line)
        if match:
            micros = int(match[2].ljust(6, "0")[:6])
            time_us = int(match[1]) * 1_000_000 + micros
            yield time_us, int(match[3], 16), int(match[4], 16), int(match[5])


def _find_capabilities(path: Path, lines: list[str], description: Path | None) -> Capabilities:
    if description is not None:
        return describe(description)
    if any(line.startswith("A: ") for line in lines):
        return _parse_description(path.name, lines)
    for suffix in (".desc", ".ioctl"):
        beside = path.with_suffix(suffix)
        if beside.exists():
            return describe(beside)
    raise RecordingError(
        f"{path.name} does not describe its tablet: put {path.stem}.desc or .ioctl beside it"
    )


def _parse_description(name: str, lines: list[str]) -> Capabilities:
    try:
        if any(line.startswith("EVIOCG") for line in lines):
            return _from_ioctl(lines)
        return _from_evemu(lines)
    except (ValueError, IndexError, struct.error) as error:
        raise RecordingError(f"{name} does not describe a tablet in a known form") from error


def _from_evemu(lines: list[str]) -> Capabilities:
    device, vendor, product = "unnamed", 0, 0
    axes: dict[int, AxisRange] = {}
    key_bytes = bytearray()
    for line in lines:
        tag, _, rest = line.partition(": ")
        words = rest.split()
        if tag == "N":
            device = rest.strip()
        elif tag == "I":
            vendor, product = int(words[1], 16), int(words[2], 16)
        elif tag == "A":
            resolution = int(words[5]) if len(words) > 5 else 0
            axes[int(words[0], 16)] = AxisRange(int(words[1]), int(words[2]), resolution)
        elif tag == "B" and int(words[0], 16) == code.EV_KEY:
            key_bytes += bytes.fromhex("".join(words[1:]))
    return Capabilities(device, vendor, product, axes, _bits(bytes(key_bytes)))


def _from_ioctl(lines: list[str]) -> Capabilities:
    device, vendor, product = "unnamed", 0, 0
    axes: dict[int, AxisRange] = {}
    keys: frozenset[int] = frozenset()
    for line in lines:
        match = _IOCTL.match(line)
        if not match:
            continue
        request, argument, data = match[1], int(match[2] or 0), bytes.fromhex(match[3])
        if request == "EVIOCGID":
            _, vendor, product, _ = struct.unpack("<4H", data)
        elif request == "EVIOCGNAME":
            device = data.split(b"\0", 1)[0].decode()
        elif request == "EVIOCGABS":
            _, minimum, maximum, _, _, resolution = struct.unpack("<6i", data)
            axes[argument] = AxisRange(minimum, maximum, resolution)
        elif argument == code.EV_KEY:
            keys = _bits(data)
    return Capabilities(device, vendor, product, axes, keys)


def _bits(data: bytes) -> frozenset[int]:
    return frozenset(
        index * 8 + bit for index, byte in enumerate(data) for bit in range(8) if byte >> bit & 1
    )
