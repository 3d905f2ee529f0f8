"""`python -m drivers.card_reader.bench --control SOCKET [--pki DIR] -- COMMAND...`.

Only one pcscd runs per machine and its socket is compiled in, so the command and a pcscd of its
own get a mount namespace with their own /run/pcscd (bubblewrap; root or a normal user), and a
process namespace, so that nothing outlives the bench. /dev, /run and the environment pass through.
"""

import argparse
import ctypes
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from drivers.card_reader.bench.card_service import VPCD_LIBRARY
from drivers.card_reader.errors import SimulationForbiddenError
from drivers.card_reader.simulated_card.gate import require_simulation

_RUN = Path("/run")
_PCSCD = _RUN / "pcscd"
_FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
_SET_DEATH_SIGNAL = 1
_MISSING = 3


def main() -> int:
    """Run the command in the bench; its exit status (2 usage, 3 bubblewrap missing, 4 refused)."""
    parser = argparse.ArgumentParser(prog="python -m drivers.card_reader.bench")
    parser.add_argument("--control", type=Path, required=True, help="path of the control socket")
    parser.add_argument("--pki", type=Path, help="folder of the demo authority (default: unkept)")
    parser.add_argument("--environment", default="demo", help="demo or training")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    options = parser.parse_args()
    try:
        require_simulation(options.environment)
    except SimulationForbiddenError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    for program, package in (("bwrap", "bubblewrap"), ("pcscd", "pcscd")):
        if _find(program) is None:
            sys.stderr.write(f"{program} is missing; install the package {package}\n")
            return _MISSING
    if not VPCD_LIBRARY.exists():
        sys.stderr.write(f"{VPCD_LIBRARY} is missing; install the package vsmartcard-vpcd\n")
        return _MISSING
    return _run(options.control.absolute(), options.pki, options.command)


def _run(control: Path, pki: Path | None, command: list[str]) -> int:
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
    inner_end, outer_end = os.pipe()
    inside = [sys.executable, "-m", "drivers.card_reader.bench.inside"]
    inside += ["--control", str(control), "--orders-fd", str(inner_end)]
    if pki is not None:
        inside += ["--pki", str(pki.absolute())]
    path = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
    process = subprocess.Popen(
        [*_bubblewrap(), *inside, "--", *command],
        pass_fds=[inner_end],
        env=os.environ | {"PATH": path},
    )
    os.close(inner_end)
    for number in _FORWARDED:
        signal.signal(number, lambda received, _: _tell(outer_end, received))
    status = process.wait()
    control.unlink(missing_ok=True)
    return status if status >= 0 else 128 - status


def _tell(outer_end: int, number: int) -> None:
    os.write(outer_end, bytes([number]))


def _bubblewrap() -> list[str]:
    return [
        "bwrap",
        "--die-with-parent",
        "--unshare-pid",
        "--dev-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        *_own_pcscd_folder(),
    ]


def _own_pcscd_folder() -> list[str]:
    """An empty /run/pcscd; where the machine has none, a /run with everything else in it."""
    if _PCSCD.is_dir():
        return ["--tmpfs", str(_PCSCD)]
    mounts = ["--tmpfs", str(_RUN)]
    for path in sorted(_RUN.iterdir()):
        if path.is_symlink():
            mounts += ["--symlink", str(path.readlink()), str(path)]
        else:
            mounts += ["--dev-bind-try", str(path), str(path)]
    return [*mounts, "--dir", str(_PCSCD)]


def _find(program: str) -> str | None:
    return shutil.which(program, path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")


if __name__ == "__main__":
    sys.exit(main())
