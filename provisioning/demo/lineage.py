"""Who descends from whom: so that nothing of the demo outlives it, however it ends.

The kernel does the two things no handler can: it signals a child whose parent died
(PR_SET_PDEATHSIG) and hands orphans to the nearest ancestor that asked for them
(PR_SET_CHILD_SUBREAPER), which then ends them.
"""

import contextlib
import ctypes
import os
import signal
import time
from pathlib import Path

_SET_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36
_libc = ctypes.CDLL(None)


def die_with_parent() -> None:
    """Ask for SIGTERM when the parent ends (also usable between fork and exec)."""
    _libc.prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)


def adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own."""
    _libc.prctl(_SET_CHILD_SUBREAPER, 1)


def descendants(ancestor: int) -> list[int]:
    """Process ids of all living descendants, nearest first."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(stat.parent.name))
    found = list(children.get(ancestor, []))
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def command_line(pid: int) -> list[str]:
    """The arguments of a process; empty when it is gone."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return raw.decode(errors="replace").rstrip("\0").split("\0")


def end_descendants(grace_seconds: float) -> int:
    """End all descendants of this process: politely first, by force after the grace.

    Returns how many there were. Only for a process that adopts orphans; it also reaps them.
    """
    deadline = time.monotonic() + grace_seconds
    seen: set[int] = set()
    asked: set[int] = set()
    while _has_children():  # a look at /proc is no snapshot, but who has no child has no descendant
        alive = descendants(os.getpid())
        seen.update(alive)
        forced = time.monotonic() > deadline
        for pid in alive:
            if forced or pid not in asked:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if forced else signal.SIGTERM)
        asked.update(alive)
        time.sleep(0.05)
    return len(seen)


def _has_children() -> bool:
    """Reap what has ended; whether anything is left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True
