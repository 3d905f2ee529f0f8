"""Asking the search process: started when needed, started again when it has died."""

import itertools
import json
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from hub.precedents.errors import (
    CollectionError,
    EncoderError,
    PrecedentsError,
    QuestionError,
)
from hub.precedents.question import Question, check

WAIT_S: Final = 30.0  # for one stage; the first question may wait until the index is built
SINGLE_THREADED: Final = {
    "OMP_NUM_THREADS": "1",  # spinning threads would starve the office's own
    "OMP_WAIT_POLICY": "passive",
    "OPENBLAS_NUM_THREADS": "1",
}
_ERRORS: Final = {one.code: one for one in (CollectionError, EncoderError, QuestionError)}

logger = logging.getLogger(__name__)
Message = dict[str, Any]


@dataclass(frozen=True)
class Staged:
    """One stage of an answer: how far it is (`words`, `meaning`, `reranked`), and the result."""

    stage: str
    result: dict[str, Any]


@dataclass(frozen=True)
class Ready:
    """Which encoders the search process has loaded, and why others are not."""

    encoders: tuple[str, ...]
    problems: tuple[str, ...]


class SearchProcess:
    """One child that holds index and encoders. Safe to share among threads."""

    def __init__(self, store: Path, model: Path | None = None) -> None:
        self._command = [sys.executable, "-m", "hub.precedents.service.worker", str(store)]
        self._command += [str(model)] if model else []
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._pending: dict[int, queue.SimpleQueue[Message | None]] = {}
        self._child: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self.ready: Ready | None = None

    @property
    def pid(self) -> int | None:
        """The process id, None while there is none."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the child unless it runs."""
        with self._lock:
            self._started()

    def ask(self, question: Question) -> Generator[Staged]:
        """The stages of the answer, each as soon as it is known; PrecedentsError if it cannot."""
        check(question)
        number, answers = next(self._numbers), queue.SimpleQueue[Message | None]()
        try:
            with self._lock:
                child = self._started()
                self._pending[number] = answers
                self._send(child, {"id": number, "question": question.as_json()})
            while True:
                try:
                    found = answers.get(timeout=WAIT_S)
                except queue.Empty:
                    raise CollectionError("the search takes too long; ask again") from None
                if found is None:
                    raise CollectionError("the search process has ended; ask again")
                if "error" in found:
                    raise _ERRORS.get(found["error"], PrecedentsError)(found["message"])
                if "done" in found:
                    return
                yield Staged(found["stage"], found["result"])
        finally:
            with self._lock:
                self._pending.pop(number, None)

    def stop(self) -> None:
        """End the child; questions still waiting get an error."""
        with self._lock:
            child, reader, self._child = self._child, self._reader, None
        if child is not None and reader is not None:
            child.kill()
            child.wait()
            reader.join()

    def _started(self) -> subprocess.Popen[str]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.ready = None
        child = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | SINGLE_THREADED,
        )
        self._child = child
        self._reader = threading.Thread(target=self._read, args=(child,), daemon=True)
        self._reader.start()
        return child

    def _send(self, child: subprocess.Popen[str], message: Message) -> None:
        assert child.stdin is not None
        try:
            child.stdin.write(json.dumps(message) + "\n")
            child.stdin.flush()
        except OSError as error:
            raise CollectionError("the search process has ended; ask again") from error

    def _read(self, child: subprocess.Popen[str]) -> None:
        """Pass the child's lines to who waits for them; at its end wake everybody."""
        assert child.stdin is not None
        assert child.stdout is not None
        for line in child.stdout:
            message = cast("Message", json.loads(line))
            if "id" not in message:
                self.ready = Ready(tuple(message["encoders"]), tuple(message["problems"]))
                continue
            with self._lock:
                waiting = self._pending.get(message["id"])
            if waiting is not None:
                waiting.put(message)
        code = child.wait()
        with self._lock:
            for waiting in self._pending.values():
                waiting.put(None)
            ended = self._child is child
        child.stdout.close()
        try:
            child.stdin.close()
        except OSError:
            logger.debug("the pipe to the search process was closed already")
        if ended and code:
            logger.warning("the search process ended with %s", code)
