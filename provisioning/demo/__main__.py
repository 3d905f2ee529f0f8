"""`python -m provisioning.demo`: the outer process, whose one duty is that nothing stays behind.

The office itself runs in a child (`provisioning.demo.run`). When either is killed, the other ends
what the first one started and removes the temporary folder.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from provisioning.demo.ending import leave_nothing
from provisioning.demo.lineage import adopt_orphans, die_with_parent
from provisioning.demo.places import Places

_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo office until it ends; returns its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.outage and not options.once:
        parser.error("--outage goes with --once; a person cuts the line on the panel")
    state = options.state or Path(tempfile.mkdtemp(prefix="madoguchi-demo-"))
    command = [sys.executable, "-m", "provisioning.demo.run", "--state", str(state)]
    command += [f"--{name}" for name in ("once", "outage") if getattr(options, name)]
    command += ["--temporary"] if options.state is None else []
    adopt_orphans()
    # Eight Python programs start: without stored bytecode each would compile its libraries anew.
    environment = {name: os.environ[name] for name in os.environ if name != _NO_BYTECODE}
    child = subprocess.Popen(command, env=environment, preexec_fn=die_with_parent)  # noqa: PLW1509 - prctl only

    def stop(_number: int, _frame: object) -> None:
        child.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        return _status(child.wait())
    finally:
        leave_nothing(Places(state), temporary=options.state is None)


def _status(code: int) -> int:
    return code if code >= 0 else 128 - code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m provisioning.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="one notification without a person")
    parser.add_argument(
        "--outage", action="store_true", help="with --once: the broker is away while it is filed"
    )
    parser.add_argument(
        "--state", type=Path, help="keep everything here (default: a temporary folder, removed)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
