import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from provisioning.demo.lineage import command_line, descendants

_STRAY = """
    import os, subprocess, sys
    os.fork() and os._exit(0)
    os.setsid()
    subprocess.Popen(["sleep", "{mark}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os._exit(0)
"""
_KEEPER = """
    import subprocess, sys
    from provisioning.demo.lineage import adopt_orphans, end_descendants
    {adopt}
    subprocess.run([sys.executable, "-c", {stray!r}], check=True)
    print(end_descendants(2.0))
"""


def run_keeper(mark: str, adopt: str) -> int:
    stray = textwrap.dedent(_STRAY.format(mark=mark))
    keeper = textwrap.dedent(_KEEPER.format(adopt=adopt, stray=stray))
    done = subprocess.run(
        [sys.executable, "-c", keeper], capture_output=True, text=True, check=True, timeout=20
    )
    return int(done.stdout)


def sleepers(mark: str) -> list[int]:
    everybody = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return [pid for pid in everybody if command_line(pid) == ["sleep", mark]]


@pytest.mark.parametrize("mark", ["86401.25", "86401.5", "86401.75"])
def test_what_left_its_parent_and_session_is_still_ended(mark: str) -> None:
    assert run_keeper(mark, "adopt_orphans()") >= 1
    assert sleepers(mark) == []


def test_the_control_that_adopts_nobody_leaves_the_stray_running() -> None:
    assert run_keeper("86402.5", "pass") == 0
    deadline = time.monotonic() + 5
    while not sleepers("86402.5") and time.monotonic() < deadline:
        time.sleep(0.02)
    (stray,) = sleepers("86402.5")
    subprocess.run(["kill", str(stray)], check=True)
    deadline = time.monotonic() + 5
    while sleepers("86402.5") and time.monotonic() < deadline:
        time.sleep(0.02)


def test_descendants_are_found_through_generations() -> None:
    script = "import subprocess; subprocess.run(['sleep', '86403'])"
    with subprocess.Popen([sys.executable, "-c", script]) as parent:
        deadline = time.monotonic() + 5
        while not descendants(parent.pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        (child,) = descendants(parent.pid)
        assert command_line(child)[0] == "sleep"
        subprocess.run(["kill", str(child)], check=True)
    assert command_line(child) == []
