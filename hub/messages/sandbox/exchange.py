"""How one child is started, asked once and ended, whatever it does."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Final

from hub.messages.sandbox.confinement import environment
from hub.messages.sandbox.wire import ANSWER_BYTES

SECONDS: Final = 9.0
"""From the order to the answer: a hostile document has its code within ten seconds."""
START_SECONDS: Final = 30.0
CHUNK: Final = 1 << 20


def start(line: Sequence[str]) -> subprocess.Popen[bytes]:
    """A child by its command line (see `confinement.command`), its pipes open."""
    return subprocess.Popen(
        line,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        bufsize=0,
        start_new_session=True,
    )


def end(child: subprocess.Popen[bytes]) -> None:
    """The end of a child and of whatever it started; its pipes closed."""
    with contextlib.suppress(ProcessLookupError):
        # The group: bubblewrap, killed while it sets up, would leave its own child waiting for it.
        os.killpg(child.pid, signal.SIGKILL)
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    child.wait()


def exchange(child: subprocess.Popen[bytes], sent: bytes, *, fresh: bool = True) -> bytes:
    """Give what is sent, take one line as the answer; TimeoutError or ConnectionError.

    fresh: the child says first that it is ready; one that has answered before is.
    """
    assert child.stdin is not None
    assert child.stdout is not None
    if fresh:
        _receive(child.stdout.fileno(), time.monotonic() + START_SECONDS, lambda got: len(got) > 0)
    until = time.monotonic() + SECONDS
    _send(child.stdin.fileno(), sent, until)
    answer = _receive(child.stdout.fileno(), until, lambda got: got.endswith(b"\n"))
    if len(answer) > ANSWER_BYTES:
        raise ConnectionError("the answer is too long")
    return answer


def _send(descriptor: int, data: bytes, until: float) -> None:
    os.set_blocking(descriptor, False)
    left = memoryview(data)
    while left:
        _, ready, _ = select.select([], [descriptor], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError
        left = left[os.write(descriptor, left[:CHUNK]) :]


def _receive(descriptor: int, until: float, enough: Callable[[bytes], bool]) -> bytes:
    got = bytearray()
    while not enough(bytes(got[-1:])):
        ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError
        chunk = os.read(descriptor, CHUNK)
        if not chunk or len(got) > ANSWER_BYTES:
            raise ConnectionError("the child ended without an answer")
        got += chunk
    return bytes(got)
