"""One running card bench with the probe inside: orders to the bench, orders to the probe."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PROBE = Path(__file__).with_name("probe.py")
BENCH = [sys.executable, "-m", "drivers.card_reader.bench"]
Answer = dict[str, Any]


def bench_environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


class Control:
    """Orders to a bench's control socket."""

    def __init__(self, path: Path, alive: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        self._socket = socket.socket(socket.AF_UNIX)
        while True:
            try:
                self._socket.connect(str(path))
                break
            except OSError:
                assert alive(), "the bench ended before it was ready"
                assert time.monotonic() < deadline, "the bench never opened its control socket"
                time.sleep(0.05)
        self._file = self._socket.makefile("rw")

    def __call__(self, op: str, **words: object) -> Answer:
        self._file.write(json.dumps({"op": op, **words}) + "\n")
        self._file.flush()
        return json.loads(self._file.readline())

    def close(self) -> None:
        self._file.close()
        self._socket.close()


class Bench:
    """A bench with the probe as its command."""

    def __init__(self, folder: Path, authority: Path | None = None) -> None:
        kept = [] if authority is None else ["--pki", str(authority)]
        self._log_path = folder / "stderr.log"
        control = folder / "control"
        with self._log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [*BENCH, "--control", str(control), *kept, "--", sys.executable, str(PROBE)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
                env=bench_environment(),
            )
        self.order = Control(control, lambda: self.process.poll() is None)

    def do(self, what: str, **words: object) -> Answer:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": what, **words}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, self.log()
        return json.loads(line)

    def insert(self, persona: str) -> Answer:
        answer = self.order("insert", persona=persona)
        assert answer["ok"], answer
        assert self.do("wait", status="present", timeout=5)["status"] == "present"
        return answer

    def log(self) -> str:
        return self._log_path.read_text(errors="replace")

    def close(self) -> int:
        self.order.close()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(20)
