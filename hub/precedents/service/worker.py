"""The search process: index and encoders live here, apart from the hub that serves the pages.

`python -m hub.precedents.service.worker STORE [MODEL]` reads a JSON object a line (`id` and
`question`) and answers with lines of the same id: `stage` with `result`, at last `done`, or
`error`. A line without an id says which encoders are ready. It ends with its standard input.
"""

import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TextIO

from hub.precedents.allocation import keep_little
from hub.precedents.encoders import Encoder, chosen
from hub.precedents.errors import EncoderError, PrecedentsError
from hub.precedents.question import Question
from hub.precedents.rerank import Reranker, installed_reranker
from hub.precedents.search import Searcher
from hub.precedents.store import Store

AT_ONCE: Final = 4  # questions; each step of one holds the searcher for a moment only

WARM_UP: Final = "届出"  # what a first question would else wait for


class Worker:
    """Answers lines from one stream on another."""

    def __init__(self, store: Path, model: Path | None, out: TextIO) -> None:
        self._path = store
        self._model = model
        self._out = out
        self._writing = threading.Lock()
        self._opening = threading.Lock()
        self._store: Store | None = None
        self._searcher: Searcher | None = None
        self._encoders: list[Encoder] = []
        self._reranker: Reranker | None = None

    def load_encoders(self) -> None:
        """Load the encoders and the re-ranker; until then words alone are compared."""
        problems: list[str] = []
        found: list[Encoder] = []
        reranker: Reranker | None = None
        for one in chosen(self._model):
            try:
                found.append(one.verified())
                found[-1].question(WARM_UP)
            except EncoderError as error:
                problems.append(str(error))
        try:
            reranker = installed_reranker()
        except EncoderError as error:
            problems.append(str(error))
        with self._opening:
            self._encoders, self._reranker = found, reranker
            self._searcher = None
        self._say({"encoders": [one.name for one in found], "problems": problems})

    def answer(self, line: str) -> None:
        """Answer one line."""
        asked: dict[str, Any] = json.loads(line)
        number = asked["id"]
        try:
            for stage, result in self._found().stages(Question.read(asked["question"])):
                self._say({"id": number, "stage": stage, "result": result.as_json()})
            self._say({"id": number, "done": True})
        except PrecedentsError as error:
            self._say({"id": number, "error": error.code, "message": str(error)})
        except Exception as error:  # noqa: BLE001 - its words may hold the question: only its kind is told
            self._say({"id": number, "error": "precedents", "message": type(error).__name__})

    def _found(self) -> Searcher:
        with self._opening:
            if self._store is None:
                self._store = Store(self._path)
            if self._searcher is None:
                self._searcher = Searcher(self._store, self._encoders, self._reranker)
            return self._searcher

    def _say(self, message: dict[str, Any]) -> None:
        text = json.dumps(message, ensure_ascii=False)
        with self._writing:
            self._out.write(text + "\n")
            self._out.flush()


def main(arguments: list[str]) -> None:
    """Serve until standard input ends."""
    store = Path(arguments[0])
    model = Path(arguments[1]) if len(arguments) > 1 else None
    worker = Worker(store, model, sys.stdout)
    threading.Thread(target=worker.load_encoders, daemon=True).start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for line in sys.stdin:
            pool.submit(worker.answer, line)


if __name__ == "__main__":
    for name, value in (("OMP_NUM_THREADS", "1"), ("OPENBLAS_NUM_THREADS", "1")):
        assert os.environ.get(name) == value, f"start it with {name}={value}"
    keep_little()
    main(sys.argv[1:])
