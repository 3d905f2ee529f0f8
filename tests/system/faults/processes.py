"""Processes of the fault tests: each can be stopped, frozen and killed, and keeps its log."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
PATIENCE_S = 30.0


def until(
    condition: Callable[[], object],
    what: str,
    seconds: float = PATIENCE_S,
    *,
    look_s: float = 0.05,
) -> None:
    """Wait for a condition; fails the test, naming it, when it does not come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not in time: {what}"
        time.sleep(look_s)


def python(*arguments: str | Path) -> list[str]:
    return [sys.executable, *(str(argument) for argument in arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass
class RealProcess:
    """One program that is started any number of times; stdout and stderr are appended to files."""

    name: str
    command: list[str]
    folder: Path
    more_environment: Mapping[str, str] = field(default_factory=dict[str, str])
    starts: int = 0
    kills: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def out(self) -> Path:
        return self.folder / f"{self.name}.out"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def start(self) -> None:
        assert not self.alive
        self.starts += 1
        with self.out.open("ab") as out, self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=log,
                cwd=ROOT,
                env={**environment(), **self.more_environment},
            )

    def tell(self, line: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def freeze(self) -> None:
        """SIGSTOP: the process does nothing more, its connections stay."""
        os.kill(self.pid, signal.SIGSTOP)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self._process is not None:
            self.kills += 1
            self._process.kill()
            self._end()

    def stop(self) -> None:
        """SIGTERM; a process that does not end in time fails the test."""
        if self.alive and self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._end()
                raise
        self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None

    def said(self) -> str:
        """The end of its log, for a test's message."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""
