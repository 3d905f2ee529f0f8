"""The wire between supervisor and child: draft key in, signs of life out, its end is the end.

A socket pair whose far end the child inherits as a file descriptor. The draft key travels here
because it must be in no file, no argument and no environment.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable

DRAFT_KEY_BYTES = 32
ALIVE = b"."
READY = b"!"
GRACE_SECONDS = 5.0


class Lifeline:
    """The child's end."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._socket.set_inheritable(False)

    def draft_key(self) -> bytes:
        """The 32 bytes that open the drafts; EOFError when the supervisor is gone already."""
        key = b""
        while len(key) < DRAFT_KEY_BYTES:
            more = self._socket.recv(DRAFT_KEY_BYTES - len(key))
            if not more:
                raise EOFError("the supervisor ended before it gave the draft key")
            key += more
        return key

    def alive(self) -> None:
        """Say that this process still turns; silently nothing when the supervisor is gone."""
        self._say(ALIVE)

    def ready(self) -> None:
        """Say that the pages are up."""
        self._say(READY)

    def watch(self, gone: Callable[[], None]) -> None:
        """Call `gone` from a thread when the supervisor has ended, however it ended."""
        threading.Thread(target=self._watch, args=(gone,), name="lifeline", daemon=True).start()

    def _watch(self, gone: Callable[[], None]) -> None:
        try:
            while self._socket.recv(1):
                pass
        except OSError:
            pass
        gone()

    def _say(self, word: bytes) -> None:
        try:
            self._socket.send(word, socket.MSG_NOSIGNAL)
        except OSError:
            return


def end_with_supervisor() -> None:
    """Stop this process in order, and by force when that takes longer than five seconds."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
