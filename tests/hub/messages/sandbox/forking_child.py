"""A child whose forks misbehave as the document says: for the test of what a fork can do."""

import os
import time
from pathlib import Path

from hub.messages.sandbox import forks


def answer(_: bytes, data: bytes) -> bytes:
    """What a taken-over fork might try."""
    match data:
        case b"linger":  # leave a process behind that speaks later
            if os.fork() == 0:
                time.sleep(30)
                os._exit(0)
            return b"lingered\n"
        case b"two":
            return b"one\ntwo\n"
        case b"die":
            os._exit(1)
        case b"peek":  # reach for the pipes of the child
            return f"{[_opened(n) for n in (0, 1)]} {_seen()}\n".encode()
        case b"processes":
            states = [path.read_text().rpartition(")")[2] for path in Path("/proc").glob("*/stat")]
            return b"%d\n" % sum(not state.startswith(" Z") for state in states)
        case _:
            return b"said " + data + b"\n"


def _opened(descriptor: int) -> str:
    try:
        os.close(os.open(f"/proc/{os.getppid()}/fd/{descriptor}", os.O_RDONLY))
    except OSError as error:
        return type(error).__name__
    return "open"


def _seen() -> str:
    try:
        os.fstat(0)
    except OSError:
        return "closed"
    return "open"


if __name__ == "__main__":
    forks.serve(int, answer)
