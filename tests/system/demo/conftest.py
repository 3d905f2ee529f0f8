"""One demo office for a person, open for all browser tests of this folder, and a browser."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, sync_playwright


@dataclass(frozen=True)
class OpenDemo:
    """What the demo printed when it was open."""

    printed: str

    def address(self, label: str) -> str:
        found = re.search(rf"/ {label} +(http\S+)", self.printed)
        assert found is not None, self.printed
        return found[1]

    def account(self, staff_id: str) -> tuple[str, str, str]:
        """Counter PIN, office login and password of a member of staff."""
        (row,) = [
            line.split() for line in self.printed.splitlines() if line.split()[:1] == [staff_id]
        ]
        return row[1], row[2], row[3]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDemo]:
    environment = os.environ | {"TMPDIR": str(tmp_path_factory.mktemp("demo"))}
    with subprocess.Popen(
        [sys.executable, "-m", "provisioning.demo"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        printed = ""
        try:
            while "Ctrl-C" not in printed:
                line = process.stdout.readline()
                assert line, "the demo ended before it was open"
                printed += line
            yield OpenDemo(printed)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=40)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield found
        found.close()
