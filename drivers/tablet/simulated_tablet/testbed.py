"""One mock event node by libumockdev: shown to preloaded processes, fed through its own terminal.

The library adds a device but cannot take it away and add it again (0.17.16 stops the program), so
unplugging here swaps the terminal behind the node and hides the node; plugging shows it again.
"""

import ctypes
import fcntl
import os
import select
import struct
import tempfile
import termios
import tty
from collections.abc import Iterable
from pathlib import Path

from drivers.errors import DeviceLostError, DeviceMissingError
from drivers.tablet import event_codes as code
from drivers.tablet.simulated_tablet.device import MockDevice

PRELOAD = "libumockdev-preload.so.0"
_EVENT = struct.Struct(code.EVENT_FORMAT)
_TIOCGPTN = 0x80045430
_DROPPED = (code.SYN_DROPPED, code.SYN_REPORT)


class Testbed:
    """A folder that stands in for /dev and /sys of every process started with `environment`."""

    def __init__(self, device: MockDevice) -> None:
        """Make the folder and plug `device` in. DeviceMissingError without libumockdev."""
        self._library = _load_library()
        self._device = device
        self._handle = self._library.umockdev_testbed_new()
        self._root = Path(os.fsdecode(self._library.umockdev_testbed_get_root_dir(self._handle)))
        self.node = device.node
        self._node = self._root / device.node.removeprefix("/")
        self._add()
        self._fd = self._library.umockdev_testbed_get_dev_fd(self._handle, device.node.encode())
        os.set_blocking(self._fd, False)
        self._rest = b""
        self._dropping = False
        self.plugged = True

    def environment(self, base: dict[str, str]) -> dict[str, str]:
        """Give `base` with what makes a process and its children see the mock device."""
        preload = " ".join(filter(None, (PRELOAD, base.get("LD_PRELOAD", ""))))
        return {**base, "LD_PRELOAD": preload, "UMOCKDEV_DIR": str(self._root)}

    def send(self, events: Iterable[tuple[int, int, int, int]]) -> None:
        """Write one report of (time_us, type, code, value). DeviceLostError when unplugged.

        Never waits: like the kernel it drops reports that a slow reader leaves no room for, and
        says SYN_DROPPED as soon as there is room again.
        """
        if not self.plugged:
            raise DeviceLostError("the simulated tablet is unplugged: plug it in first")
        if _hung_up(self._fd):
            self._forget_unread()
            return
        report = list(events)
        if self._dropping and report:
            at = report[0][0]
            report = [(at, code.EV_SYN, number, 0) for number in _DROPPED] + report
        data = b"".join(_EVENT.pack(*divmod(at, 1_000_000), *rest) for at, *rest in report)
        self._dropping = not (self._flush() and self._flush(data))

    def _flush(self, data: bytes = b"") -> bool:
        """Write `data` or what is left of an earlier report; False when nothing of it went out."""
        self._rest = self._rest or data
        if not self._rest:
            return True
        try:
            written = os.write(self._fd, self._rest)
        except BlockingIOError:
            self._rest = b"" if data else self._rest
            return False
        self._rest = self._rest[written:]
        return bool(data) or not self._rest

    def _forget_unread(self) -> None:
        """Nobody has the node open: a kernel keeps nothing for who comes later."""
        self._rest, self._dropping = b"", False
        other_end = os.open(_terminal(self._fd), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        termios.tcflush(other_end, termios.TCIOFLUSH)
        os.close(other_end)

    def readers(self) -> int:
        """Count the processes that hold the node open."""
        return _holders(_terminal(self._fd)) if self.plugged else 0

    def unplug(self) -> None:
        """Take the device away: readers see the end of it, the node and its sysfs entry vanish."""
        if not self.plugged:
            return
        self.plugged = False
        self._node.unlink()
        self._class_folder().rename(self._hidden_folder())
        master, slave = os.openpty()
        tty.setraw(master)
        os.close(slave)
        os.set_blocking(master, False)
        os.dup2(master, self._fd, inheritable=False)
        os.close(master)
        self._rest, self._dropping = b"", False

    def plug(self) -> None:
        """Bring the device back under the same node."""
        if self.plugged:
            return
        terminal = _terminal(self._fd)
        mapping = self._root / "dev/.ptymap" / terminal.replace("/", "_")
        mapping.unlink(missing_ok=True)
        mapping.symlink_to(self._device.node)
        self._hidden_folder().rename(self._class_folder())
        self._node.symlink_to(terminal)
        self.plugged = True

    def close(self) -> None:
        """Remove the folder and everything in it."""
        self._library.umockdev_testbed_clear(self._handle)
        self._library.g_object_unref(self._handle)

    def _add(self) -> None:
        added = self._library.umockdev_testbed_add_from_string(
            self._handle, self._device.sysfs.encode(), None
        )
        with tempfile.NamedTemporaryFile("w", suffix=".ioctl") as file:
            file.write(self._device.ioctl)
            file.flush()
            answered = self._library.umockdev_testbed_load_ioctl(
                self._handle, self._device.node.encode(), file.name.encode(), None
            )
        if not (added and answered):
            raise DeviceMissingError("umockdev refused the device description: check its two files")

    def _class_folder(self) -> Path:
        return self._root / "sys/class/input"

    def _hidden_folder(self) -> Path:
        return self._root / "sys/class/.unplugged"


def _terminal(master: int) -> str:
    """Path of the terminal whose other end is `master` (os.ptsname comes with Python 3.13)."""
    (number,) = struct.unpack("I", fcntl.ioctl(master, _TIOCGPTN, bytes(4)))
    return f"/dev/pts/{number}"


def _hung_up(master: int) -> bool:
    """Whether whoever had the other end open has closed it."""
    poll = select.poll()
    poll.register(master, 0)
    return any(events & select.POLLHUP for _, events in poll.poll(0))


def _holders(terminal: str) -> int:
    """Count the processes that hold `terminal` open, also those in other mount namespaces.

    The text of a link below /proc tells the path as one namespace sees it; the inode tells the
    terminal itself.
    """
    sought = _inode(Path(terminal))
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            held = any(
                entry.readlink().name == Path(terminal).name and _inode(entry) == sought
                for entry in (process / "fd").iterdir()
            )
        except OSError:
            continue  # gone, or not ours to look at
        count += held
    return count


def _inode(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _load_library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libumockdev.so.0")
    except OSError as error:
        raise DeviceMissingError("libumockdev is not installed: apt install umockdev") from error
    text, handle = ctypes.c_char_p, ctypes.c_void_p
    signatures: dict[str, tuple[list[type], type | None]] = {
        "umockdev_testbed_new": ([], handle),
        "umockdev_testbed_get_root_dir": ([handle], text),
        "umockdev_testbed_add_from_string": ([handle, text, handle], ctypes.c_int),
        "umockdev_testbed_load_ioctl": ([handle, text, text, handle], ctypes.c_int),
        "umockdev_testbed_get_dev_fd": ([handle, text], ctypes.c_int),
        "umockdev_testbed_clear": ([handle], None),
        "g_object_unref": ([handle], None),
    }
    for name, (arguments, result) in signatures.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, result
    return library
