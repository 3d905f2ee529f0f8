"""What runs inside the bench's namespace: pcscd, the virtual card, the control socket, the command.

Started by drivers.card_reader.bench; /run/pcscd is a file system of its own here, so everything
kept in it is gone with the namespace.
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import os
import signal
import socket
import sys
from pathlib import Path

from drivers.card_reader.bench.card_service import RUN_FOLDER, CardService
from drivers.card_reader.bench.control import LINE_LIMIT, Control
from drivers.card_reader.simulated_card.demo_pki import open_pki
from drivers.errors import DriverError

PKI_VARIABLE = "MADOGUCHI_CARD_PKI"
_GRACE_S = 10.0
_SIGNALLED = 128


def main() -> int:
    """Run the command beside the service; its exit status (128 + n when signal n ended it)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=Path, required=True)
    parser.add_argument("--pki", type=Path)
    parser.add_argument("--orders-fd", type=int, required=True)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    RUN_FOLDER.chmod(0o755)
    folder = RUN_FOLDER / "bench"
    folder.mkdir(mode=0o700)
    service = CardService(folder)
    try:
        service.start()
    except DriverError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    pki_folder: Path = options.pki or folder / "pki"
    control = Control(service, open_pki(pki_folder, dt.datetime.now(dt.UTC)))
    environment = dict(os.environ) | {PKI_VARIABLE: str(pki_folder)}
    try:
        with _listen(options.control) as listener:
            return asyncio.run(
                _bench(options.command, environment, listener, options.orders_fd, control)
            )
    finally:
        options.control.unlink(missing_ok=True)
        control.close()
        service.stop()


def _listen(path: Path) -> socket.socket:
    """The control socket, for this user only, in place of one that was left behind."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    previous = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(previous)
    return listener


async def _bench(
    command: list[str],
    environment: dict[str, str],
    listener: socket.socket,
    orders_fd: int,
    control: Control,
) -> int:
    server = await asyncio.start_unix_server(control.serve, sock=listener, limit=LINE_LIMIT)
    try:
        return await _run(command, environment, orders_fd)
    finally:
        server.close()


async def _run(command: list[str], environment: dict[str, str], orders_fd: int) -> int:
    try:
        process = await asyncio.create_subprocess_exec(*command, env=environment)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 2
    loop = asyncio.get_running_loop()
    loop.add_reader(orders_fd, _forward, loop, orders_fd, process)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lambda: None)  # the command decides when to end
    status = await process.wait()
    loop.remove_reader(orders_fd)
    return status if status >= 0 else _SIGNALLED - status


def _forward(
    loop: asyncio.AbstractEventLoop, orders_fd: int, process: asyncio.subprocess.Process
) -> None:
    """Pass on the signals the outside received; its end means ours, after a grace."""
    numbers = os.read(orders_fd, 16)
    with contextlib.suppress(ProcessLookupError):
        for number in numbers:
            process.send_signal(number)
        if not numbers:
            loop.remove_reader(orders_fd)
            process.terminate()
            loop.call_later(_GRACE_S, _kill, process)


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()


if __name__ == "__main__":
    sys.exit(main())
