"""An imported child that reads many documents, each in a fork of its own that ends with it.

Only inside a process namespace: what a document leaves running is ended by ending everything there.
The child itself never looks into a document. A fork can neither read the next order, which comes on
a pipe that it does not hold, nor speak for the next document, since its answer has its own pipe.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import IO, Final

from hub.messages.sandbox.child_limits import limit
from hub.messages.sandbox.wire import ANSWER_BYTES

LONGEST_ORDER: Final = 4 * 1024 * 1024
GARBLED: Final = b"!\n"
"""What is answered for a fork that ended without an answer; no reader takes it for one."""
LAST_PROCESS: Final = 3
"""Process numbers of the child begin here at most inside a namespace of its own."""
PR_SET_DUMPABLE: Final = 4
CHUNK: Final = 1 << 20


def serve(size: Callable[[bytes], int], answer: Callable[[bytes, bytes], bytes]) -> None:
    """Answer orders until there are no more; `size`: how many bytes follow an order's line."""
    if os.getpid() > LAST_PROCESS:
        sys.exit("only inside a process namespace")  # or _end_all would end everything of the user
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0)  # no fork looks into this process
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a parser prints is no answer
    answers.write(b"\n")
    while line := sys.stdin.buffer.readline(LONGEST_ORDER):
        data = sys.stdin.buffer.read(size(line))
        write_all(answers, _apart(answer, line, data, answers.fileno()))
        _end_all()


def write_all(stream: IO[bytes], data: bytes) -> None:
    """Write everything to an unbuffered stream."""
    left = memoryview(data)
    while left:
        left = left[stream.write(left) or 0 :]


def _apart(answer: Callable[[bytes, bytes], bytes], line: bytes, data: bytes, out: int) -> bytes:
    reading, writing = os.pipe()
    fork = os.fork()
    if fork == 0:
        for descriptor in (0, out, reading):
            os.close(descriptor)
        try:
            limit()
            with os.fdopen(writing, "wb", buffering=0) as stream:
                write_all(stream, answer(line, data))
        finally:
            os._exit(0)  # nothing of a hostile document is tidied up
    os.close(writing)
    found = _all_of(reading)
    os.kill(fork, signal.SIGKILL)
    os.waitpid(fork, 0)
    whole = found.endswith(b"\n") and found.count(b"\n") == 1 and len(found) <= ANSWER_BYTES
    return found if whole else GARBLED


def _all_of(descriptor: int) -> bytes:
    """What comes until a line ends: another process may hold the pipe open for ever."""
    found = bytearray()
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        while len(found) <= ANSWER_BYTES and not found.endswith(b"\n"):
            chunk = stream.read(CHUNK)
            if not chunk:
                break
            found += chunk
    return bytes(found)


def _end_all() -> None:
    """End whatever the fork left behind in this namespace."""
    try:
        os.kill(-1, signal.SIGKILL)
        while True:
            os.waitpid(-1, 0)
    except (ProcessLookupError, ChildProcessError):
        return
