"""How a child is shut in: bubblewrap where it works, limits alone elsewhere, and it says which."""

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import hub

CHILD: Final = ("-I", "-m", "hub.messages.sandbox.child")
PROBE_SECONDS: Final = 10


class Confinement(StrEnum):
    """What holds a child that was taken over."""

    BUBBLEWRAP = "bubblewrap"
    LIMITS = "limits"


@functools.cache
def confinement() -> Confinement:
    """Bubblewrap when a child can be started in it here, else limits alone."""
    if shutil.which("bwrap") is None:
        return Confinement.LIMITS
    probe = [*_bubblewrap(), sys.executable, "-I", "-c", "pass"]
    try:
        found = subprocess.run(probe, capture_output=True, timeout=PROBE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return Confinement.LIMITS
    return Confinement.BUBBLEWRAP if found.returncode == 0 else Confinement.LIMITS


def command(kind: Confinement, child: Sequence[str] = CHILD) -> list[str]:
    """The command line of a child; `child`: the interpreter's arguments for another than ours."""
    inside = [sys.executable, *child]
    return [*_bubblewrap(), *inside] if kind is Confinement.BUBBLEWRAP else inside


def environment() -> dict[str, str]:
    """What a child knows of its surroundings: nothing but how to write text."""
    return {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}


def _bubblewrap() -> list[str]:
    """No network, no other processes, nothing writable, and only the interpreter to be seen."""
    line = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    line += ["--ro-bind", "/usr", "/usr"]
    for name in ("lib", "lib64", "bin"):
        root = Path("/", name)
        if root.is_symlink():
            line += ["--symlink", str(root.readlink()), str(root)]
        elif root.is_dir():
            line += ["--ro-bind", str(root), str(root)]
    line += ["--proc", "/proc", "--dev", "/dev", "--chdir", "/"]
    for path in _seen():
        line += ["--ro-bind", path, path]
    return line


def _seen() -> list[str]:
    """Folders of the interpreter, its packages and this program, the outer ones first."""
    paths = {
        sys.prefix,
        sys.base_prefix,
        sysconfig.get_paths()["purelib"],
        str(Path(hub.__file__).parent),
        str(Path(hub.__file__).parent.parent),
    }
    real = sorted({os.path.realpath(path) for path in paths} | paths, key=len)
    kept = [path for path in real if path != "/usr" and not path.startswith("/usr/")]
    return [path for path in kept if os.path.isdir(path)]  # noqa: PTH112 plain text paths here
