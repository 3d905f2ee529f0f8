"""Background encoding: whenever the collection has changed, a child reads what is new.

Searches go on meanwhile, over all vectors there are; what has none yet is found by its words.
"""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from hub.precedents.errors import PrecedentsError
from hub.precedents.store import Store, edition

LOOK_S: Final = 2.0
TRY_AGAIN_S: Final = 60.0
ENVIRONMENT: Final = {"OMP_WAIT_POLICY": "passive", "OPENBLAS_NUM_THREADS": "1"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class EncodingState:
    """How far the encoding is: which encoders have read how many of the passages they lacked."""

    running: bool = False
    encoder: str = ""
    done: int = 0
    whole: int = 0
    problem: str = ""


class Encoding:
    """A thread that looks for new texts and lets a child encode them, one run at a time."""

    def __init__(self, store: Path, model: Path | None, changed: Callable[[], None]) -> None:
        """`changed` is called after every step, from this thread."""
        self._path = store
        self._command = [sys.executable, "-m", "hub.precedents.service.encode", str(store)]
        self._command += [str(model)] if model else []
        self._changed = changed
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None
        self._told: dict[str, tuple[int, int]] = {}
        self._complete = ""  # the edition in which nothing is missing any more
        self.state = EncodingState()

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._run, name="encoding", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    def stop(self) -> None:
        """End the child and the thread; what is encoded is kept."""
        self._stopping.set()
        self._wake.set()
        with self._lock:
            if self._child is not None:
                self._child.kill()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        pause = LOOK_S
        while not self._stopping.is_set():
            pause = LOOK_S if self._look() else TRY_AGAIN_S
            self._wake.wait(pause)
            self._wake.clear()

    def _look(self) -> bool:
        """Encode if the collection is another than it was; whether that went well."""
        try:
            now = self._edition()
        except PrecedentsError as error:
            self._say(EncodingState(problem=str(error)))
            return False
        if now in {"", self._complete}:
            return True
        self._told = {}
        self._say(EncodingState(running=True))
        try:
            complete = self._encode()
        except OSError as error:
            logger.warning("encoding: %s", error.strerror)
            self._say(EncodingState(problem="the encoding process cannot be started now"))
            return False
        if complete:
            self._complete = now
            self._say(EncodingState())
            return True
        return False

    def _edition(self) -> str:
        if not self._path.is_file():
            return ""
        with Store(self._path) as store, store.reading() as connection:
            return edition(connection)

    def _encode(self) -> bool:
        with self._lock:
            if self._stopping.is_set():
                return False
            child = self._child = subprocess.Popen(
                self._command,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env=os.environ | ENVIRONMENT,
            )
        assert child.stdout is not None
        with child.stdout:
            for line in child.stdout:
                self._hear(line)
        code = child.wait()
        with self._lock:
            self._child = None
        if code and not self._stopping.is_set():
            problem = self.state.problem or f"the encoding process ended with {code}"
            logger.warning("encoding: %s", problem)
            self._say(EncodingState(problem=problem))
        return code == 0

    def _hear(self, line: str) -> None:
        try:
            message = cast("dict[str, Any]", json.loads(line))
        except ValueError:
            return  # cut off: the child was ended while it wrote, which its exit code says
        if "error" in message:
            self._say(replace(self.state, problem=message["message"]))
        else:
            self._told[message["encoder"]] = (message["done"], message["whole"])
            done, whole = (sum(pair) for pair in zip(*self._told.values(), strict=True))
            self._say(EncodingState(True, ", ".join(self._told), done, whole))

    def _say(self, state: EncodingState) -> None:
        self.state = state
        self._changed()
