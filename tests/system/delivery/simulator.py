"""The simulator in a process of its own, for tests."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

TOKEN = "a token for tests"
SECRET = "a secret for tests"


class Simulator:
    """Started by the operator's own command; ended with the block."""

    def __init__(self, folder: Path, certificates: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.token_file, self.secret_file = folder / "token", folder / "secret"
        for path, text in ((self.token_file, TOKEN), (self.secret_file, SECRET)):
            path.write_text(text + "\n", encoding="ascii")
        token, secret = (
            os.open(self.token_file, os.O_RDONLY),
            os.open(self.secret_file, os.O_RDONLY),
        )
        command = [sys.executable, "-m", "hub", "channels", "simulate", "--folder", str(folder)]
        command += ["--token-fd", str(token), "--secret-fd", str(secret)]
        if certificates is not None:
            command += ["--certificates", str(certificates)]
        self._child = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, pass_fds=(token, secret)
        )
        os.close(token)
        os.close(secret)
        assert self._child.stdout is not None
        self.url = str(json.loads(self._child.stdout.readline())["url"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._child.terminate()
        self._child.wait(10)
        if self._child.stdout:
            self._child.stdout.close()

    def faults(self, **switches: object) -> None:
        data = json.dumps(switches).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/v1/faults", data, headers)  # noqa: S310 - our own child
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - as above

    def taken(self, kind: str = "") -> list[dict[str, Any]]:
        return cast("list[dict[str, Any]]", json.loads(self.page(f"/v1/taken?kind={kind}")))

    def page(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:  # noqa: S310 - as above
            return str(answer.read().decode())
