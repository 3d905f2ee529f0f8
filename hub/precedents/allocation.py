"""What memory a process that searches keeps: large pieces go back when freed, mapped files too.

Matrices of tens of megabytes are read and replaced; by default glibc keeps what it got for them,
and an arena for each thread besides, which comes to a quarter of such a process's memory.
"""

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PIECE: Final = 256 * 1024  # octets; larger pieces are mapped alone
_OPTIONS: Final = ((-8, 1), (-3, _PIECE), (-1, _PIECE))  # M_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_...
_DONTNEED: Final = 4  # MADV_DONTNEED


def keep_little() -> None:
    """Set this process's allocator so (mallopt(3)); another C library than glibc is left as it is.

    To be called before the first thread is started.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    for option, value in _OPTIONS:
        mallopt(option, value)


def give_back() -> None:
    """Give the memory that loading alone needed back to the system, where the C library can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def let_go(file: Path) -> None:
    """Take the pages of a file that is mapped here, read-only, out of this process's memory.

    A row of a table brings its neighbours with it, 64 KiB at a time, so a table of words is soon
    all here. The pages stay in the system's cache: to read one again is no work of a disk.
    Only a mapping that nothing can have been written through is touched, since writing to a private
    one would be lost (madvise(2), MADV_DONTNEED). Where there is no /proc, nothing is done.
    """
    advise = getattr(ctypes.CDLL(None), "madvise", None)
    if advise is None:
        return
    for start, end in _mapped(file):
        advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _DONTNEED)


def _mapped(file: Path) -> Iterator[tuple[int, int]]:
    """Where a file is mapped read-only (proc_pid_maps(5)), asked anew: addresses are used again."""
    try:
        lines = Path("/proc/self/maps").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        place, allowed, *_, name = [*line.split(maxsplit=5), ""][:6]
        if name == str(file) and allowed.startswith("r--"):
            start, end = place.split("-")
            yield int(start, 16), int(end, 16)
