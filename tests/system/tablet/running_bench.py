"""One running tablet bench: starts it around a command, reads what that prints, gives orders."""

import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.tablet import event_codes as code

ROOT = Path(__file__).parents[3]
READER = Path(__file__).parent / "pen_reader.py"
PATIENCE_S = 15.0
Line = dict[str, Any]


class Bench:
    """One running bench, what its command prints, and its control socket."""

    def __init__(self, folder: Path, command: list[str], options: list[str]) -> None:
        self.socket = folder / "control.sock"
        self.temporary = folder / "tmp"
        self.temporary.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "drivers.tablet.simulated_tablet"),
                *("--control", str(self.socket), *options, "--", *command),
            ],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines: queue.Queue[Line] = queue.Queue()
        self._pump = threading.Thread(target=self._read)
        self._pump.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def order(self, **words: object) -> Line:
        with self.connect() as connection, connection.makefile("rw") as file:
            file.write(json.dumps(words) + "\n")
            file.flush()
            return json.loads(file.readline())

    def connect(self) -> socket.socket:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(PATIENCE_S)
            try:
                connection.connect(str(self.socket))
            except OSError:
                connection.close()
                assert time.monotonic() < deadline
                time.sleep(0.02)
            else:
                return connection

    def until(self, wanted: Callable[[Line], bool]) -> list[Line]:
        """Give the lines up to the first that is wanted."""
        lines: list[Line] = []
        while not lines or not wanted(lines[-1]):
            lines.append(self.lines.get(timeout=PATIENCE_S))
        return lines

    def end(self) -> int:
        self.process.terminate()
        status = self.process.wait(PATIENCE_S)
        self._pump.join(PATIENCE_S)
        assert self.process.stdout
        self.process.stdout.close()
        return status


def samples(lines: list[Line]) -> list[Line]:
    return [line["sample"] for line in lines if "sample" in line]


def opened(line: Line) -> bool:
    return "opened" in line


def failed(line: Line) -> bool:
    return "error" in line


def pen(*, x: int, y: int, near: int = 1, touch: int = 1) -> list[list[int]]:
    return [
        [code.EV_KEY, code.BTN_TOOL_PEN, near],
        [code.EV_ABS, code.ABS_X, x],
        [code.EV_ABS, code.ABS_Y, y],
        [code.EV_ABS, code.ABS_PRESSURE, 500 * touch],
        [code.EV_KEY, code.BTN_TOUCH, touch],
    ]
