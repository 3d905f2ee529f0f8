"""Run a command beside a simulated tablet: see docs/tablets.md for the orders it takes.

The command's exit status is passed on and signals are forwarded. Nothing stays behind: not the
node, the socket or any process the command left.
"""

import argparse
import asyncio
import ctypes
import os
import signal
import socket
import sys
import time
from pathlib import Path

from drivers.errors import DriverError
from drivers.tablet.simulated_tablet.control import LINE_LIMIT, Control
from drivers.tablet.simulated_tablet.device import MockDevice, recorded, simulated
from drivers.tablet.simulated_tablet.testbed import Testbed

_SET_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36
_FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
_GRACE_S = 3.0
_libc = ctypes.CDLL(None)


def main(arguments: list[str] | None = None) -> int:
    """Run the bench; give the command's exit status (128 + n when signal n ended it)."""
    options = _parse(arguments)
    parent = os.getppid()
    _libc.prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        return 128 + signal.SIGTERM
    _libc.prctl(_SET_CHILD_SUBREAPER, 1)
    try:
        return asyncio.run(_bench(options.command, options.control, _device(options)))
    except DriverError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except OSError as error:
        sys.stderr.write(f"{error.filename or options.control}: {error}: check the path\n")
        return 2


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m drivers.tablet.simulated_tablet", description=__doc__
    )
    parser.add_argument("--control", type=Path, required=True, metavar="SOCKET")
    parser.add_argument("--device", type=Path, metavar="FILE.umockdev", help="a recorded tablet")
    parser.add_argument("--ioctl", type=Path, metavar="FILE.ioctl", help="and its answers")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    options = parser.parse_args(arguments)
    if bool(options.device) != bool(options.ioctl):
        parser.error("--device and --ioctl go together")
    return options


def _device(options: argparse.Namespace) -> MockDevice:
    if options.device:
        return recorded(options.device, options.ioctl)
    return simulated()


class _Command:
    """The command and the signals for it, also those that come before it has started."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._early: list[signal.Signals] = []
        for number in _FORWARDED:
            asyncio.get_running_loop().add_signal_handler(number, self._forward, number)

    async def run(self, words: list[str], environment: dict[str, str]) -> int:
        """Run it to its end; give its exit status."""
        if self._early:
            return 128 + self._early[0]
        self._process = await asyncio.create_subprocess_exec(
            *words, env=environment, preexec_fn=_die_with_bench
        )
        for number in self._early:
            self._forward(number)
        status = await self._process.wait()
        return status if status >= 0 else 128 - status

    def _forward(self, number: signal.Signals) -> None:
        if self._process is None:
            self._early.append(number)
        elif self._process.returncode is None:
            self._process.send_signal(number)


async def _bench(words: list[str], control_path: Path, device: MockDevice) -> int:
    command = _Command()
    testbed = Testbed(device)
    try:
        listener = _listen(control_path)
        control = Control(testbed, device.description)
        server = await asyncio.start_unix_server(control.serve, sock=listener, limit=LINE_LIMIT)
        async with server:
            return await command.run(words, testbed.environment(dict(os.environ)))
    finally:
        _remove(control_path)
        _end_strays()
        testbed.close()


def _listen(path: Path) -> socket.socket:
    """Make the control socket for this user only, in place of one that was left behind."""
    _remove(path)
    listener = socket.socket(socket.AF_UNIX)
    previous = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(previous)
    return listener


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _die_with_bench() -> None:
    _libc.prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)


def _end_strays() -> None:
    """End what the command left running: as subreaper this process has inherited it."""
    deadline = time.monotonic() + _GRACE_S
    while strays := _children():
        number = signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL
        for pid in strays:
            os.kill(pid, number)
        time.sleep(0.05)
        _reap()


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _children() -> list[int]:
    _reap()
    mine = os.getpid()
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # ended meanwhile
        if parent == mine:
            found.append(int(stat.parent.name))
    return found


if __name__ == "__main__":
    sys.exit(main())
