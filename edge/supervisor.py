"""The process above all others of the unit: holds the draft key, starts and restarts the rest.

It does so little that it hardly can fail: drafts of a process that died are opened by its
successor with the same key, and the key is gone when the machine is switched off.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from edge.core_dumps import forbid_core_dumps
from edge.errors import SettingsError
from edge.lifeline import DRAFT_KEY_BYTES, READY
from edge.processes import PROCESSES, Process
from edge.service_notice import notify

log = logging.getLogger(__name__)
STOP_SECONDS = 8.0


@dataclass(frozen=True)
class Backoff:
    """How long to wait before the next start of a process that keeps dying."""

    first: float = 0.2
    ceiling: float = 30.0
    forgiven_after: float = 60.0  # a process that lived this long starts at `first` again

    def after(self, previous: float, lived: float) -> float:
        """Seconds to wait now, when the last wait was `previous` (0: none yet)."""
        if previous == 0.0 or lived >= self.forgiven_after:
            return self.first
        return min(previous * 2, self.ceiling)


class Supervisor:
    """Runs `PROCESSES` until it is told to stop, or one of them says the configuration is wrong."""

    def __init__(
        self,
        config: Path,
        *,
        processes: tuple[Process, ...] = PROCESSES,
        program: tuple[str, ...] = (sys.executable, "-m", "edge"),
        backoff: Backoff | None = None,
    ) -> None:
        self._config = config
        self._processes = processes
        self._program = program
        self._backoff = backoff or Backoff()
        self._key = secrets.token_bytes(DRAFT_KEY_BYTES)
        self._stop = asyncio.Event()
        self._exit_code = 0

    async def run(self) -> int:
        """Run until SIGTERM or SIGINT; the exit code of this process."""
        forbid_core_dumps()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        await asyncio.gather(*(self._keep(process) for process in self._processes))
        notify("STOPPING=1")
        return self._exit_code

    async def _keep(self, process: Process) -> None:
        wait = 0.0
        while not self._stop.is_set():
            started = time.monotonic()
            code = await self._once(process)
            if self._stop.is_set():
                return
            if code == SettingsError.exit_code:
                log.error("child refuses its configuration", extra={"child": process.name})
                self._exit_code = code
                self._stop.set()
                return
            wait = self._backoff.after(wait, time.monotonic() - started)
            log.warning(
                "child ended, starting it again",
                extra={"child": process.name, "exit_code": code, "seconds": wait},
            )
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._stop.wait()

    async def _once(self, process: Process) -> int:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                child = await asyncio.create_subprocess_exec(
                    *self._program,
                    *process.arguments,
                    "--config",
                    str(self._config),
                    "--lifeline",
                    str(theirs.fileno()),
                    pass_fds=(theirs.fileno(),),
                )
            log.info("child started", extra={"child": process.name, "pid": child.pid})
            ours.sendall(self._key)
            ours.setblocking(False)
            return await self._guard(process, child, ours)

    async def _guard(
        self, process: Process, child: asyncio.subprocess.Process, ours: socket.socket
    ) -> int:
        ended = asyncio.create_task(child.wait())
        listening = asyncio.create_task(_listen(ours, process.silent_seconds))
        stopping = asyncio.create_task(self._stop.wait())
        tasks: tuple[asyncio.Task[object], ...] = (ended, listening, stopping)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            if stopping.done():
                child.terminate()
                await asyncio.wait((ended,), timeout=STOP_SECONDS)
            elif not await _ends_soon(ended):
                log.error("child is silent", extra={"child": process.name, "pid": child.pid})
            with contextlib.suppress(ProcessLookupError):
                child.kill()
        for task in (listening, stopping):
            task.cancel()
        return await ended


async def _ends_soon(ended: asyncio.Task[int]) -> bool:
    await asyncio.wait((ended,), timeout=0.5)
    return ended.done()


async def _listen(ours: socket.socket, silent_seconds: float) -> None:
    """Pass the child's signs of life on to systemd; return when they stop."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            async with asyncio.timeout(silent_seconds):
                words = await loop.sock_recv(ours, 64)
        except (TimeoutError, OSError):
            return
        if not words:
            return
        if READY in words:
            notify(f"READY=1\nMAINPID={os.getpid()}")
        notify("WATCHDOG=1")
