"""Starts the processes of the list, keeps their logs, and says which one failed and why."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path

from provisioning.demo.lineage import die_with_parent
from provisioning.demo.places import LOOPBACK, Places
from provisioning.demo.processes import Process
from provisioning.errors import DemoError

_LAST_LINES = 8
_STOP_SECONDS = 8.0


class Runner:
    """The running processes of one demo office, by name."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._drains: set[asyncio.Task[None]] = set()

    async def start(self, process: Process) -> dict[str, object]:
        """Start one process and wait until it is up; returns the JSON it printed, if any.

        Raises DemoError with its name, its last words and the next step.
        """
        secrets = tuple(path.read_bytes() for path in process.secrets)
        child = await self._begin(process.name, process.command, secrets)
        self._running[process.name] = child
        try:
            return await asyncio.wait_for(self._until_ready(process, child), process.seconds)
        except TimeoutError:
            raise self._failure(process, f"was not up after {process.seconds:g} seconds") from None

    async def run(self, name: str, command: list[str], secrets: tuple[bytes, ...] = ()) -> bytes:
        """Run a short command to its end, giving each secret on a descriptor named in `{0}`, ...

        Returns its standard output. Raises DemoError when it fails.
        """
        child = await self._begin(name, command, secrets)
        output, _ = await child.communicate()
        if child.returncode != 0:
            process = Process(name, tuple(command), "", "run it by hand")
            raise self._failure(process, f"ended with status {child.returncode}")
        return output

    async def _begin(
        self, name: str, command: Sequence[str], secrets: tuple[bytes, ...]
    ) -> asyncio.subprocess.Process:
        """Start a child; each secret is on a descriptor, whose number stands for `{0}`, ..."""
        pipes = [os.pipe() for _ in secrets]
        for (_, end), secret in zip(pipes, secrets, strict=True):
            os.write(end, secret + b"\n")
            os.close(end)
        numbers = [reading for reading, _ in pipes]
        words = [word.format(*numbers) for word in command] if secrets else command
        try:
            with self._log(name).open("ab") as stream:
                return await asyncio.create_subprocess_exec(
                    *words,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=stream,
                    pass_fds=numbers,
                    start_new_session=True,
                    preexec_fn=die_with_parent,
                )
        finally:
            for number in numbers:
                os.close(number)

    async def stop(self, name: str, number: signal.Signals = signal.SIGTERM) -> None:
        """Signal one process and wait for its end; by force after eight seconds."""
        child = self._running.pop(name, None)
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(number)
        try:
            await asyncio.wait_for(child.wait(), _STOP_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    async def stop_all(self) -> None:
        """Stop every process; they are made to lose each other."""
        await asyncio.gather(*(self.stop(name) for name in list(self._running)))

    def pid(self, name: str) -> int | None:
        """The process id of a running process."""
        child = self._running.get(name)
        return None if child is None or child.returncode is not None else child.pid

    async def first_to_end(self) -> str:
        """Wait until a process ends that should not; returns its name."""
        while True:
            for name, child in list(self._running.items()):
                if child.returncode is not None:
                    return name
            await asyncio.sleep(0.5)

    def last_words(self, name: str) -> str:
        """The last lines of a process's log."""
        try:
            lines = self._log(name).read_text(errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(f"    {line}" for line in lines[-_LAST_LINES:])

    def _log(self, name: str) -> Path:
        self._places.logs.mkdir(parents=True, exist_ok=True)
        return self._places.logs / f"{name}.log"

    async def _until_ready(
        self, process: Process, child: asyncio.subprocess.Process
    ) -> dict[str, object]:
        assert child.stdout is not None
        answer: dict[str, object] = {}
        if process.ready == "line":
            answer = await self._first_line(process, child, child.stdout)
        self._drain(process.name, child.stdout)
        while process.ready != "line" and not await self._answers(process):
            if child.returncode is not None:
                raise self._failure(process, f"ended with status {child.returncode}")
            await asyncio.sleep(0.05)
        return answer

    async def _first_line(
        self, process: Process, child: asyncio.subprocess.Process, stdout: asyncio.StreamReader
    ) -> dict[str, object]:
        line = await stdout.readline()
        if not line:
            raise self._failure(process, f"ended with status {await child.wait()}")
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer

    async def _answers(self, process: Process) -> bool:
        if process.ready == "file":
            return (self._places.unit / "state" / "pages.json").exists()
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, self._places.broker_port)
        except OSError:
            return False
        writer.close()
        return True

    def _drain(self, name: str, stdout: asyncio.StreamReader) -> None:
        """Put what a process prints later into its log, so that it never waits for a reader."""

        async def copy() -> None:
            with self._log(name).open("ab") as stream:
                while chunk := await stdout.read(4096):
                    stream.write(chunk)
                    stream.flush()

        task = asyncio.create_task(copy())
        self._drains.add(task)
        task.add_done_callback(self._drains.discard)

    def _failure(self, process: Process, what: str) -> DemoError:
        words = self.last_words(process.name)
        said = f"Its last words ({self._log(process.name)}):\n{words}\n" if words else ""
        return DemoError(f"{process.name} {what}. {said}Next step: {process.next_step}.")
