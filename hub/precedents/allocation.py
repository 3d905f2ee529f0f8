"""How the C library hands out memory in a process that searches: large pieces go back when freed.

Matrices of tens of megabytes are read and replaced; by default glibc keeps what it got for them,
and an arena for each thread besides, which comes to a quarter of such a process's memory.
"""

import ctypes
from typing import Final

_PIECE: Final = 256 * 1024  # octets; larger pieces are mapped alone
_OPTIONS: Final = ((-8, 1), (-3, _PIECE), (-1, _PIECE))  # M_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_...


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
