"""Imports that an operator starts from a page: one at a time, each in a child, with progress.

The child is the command `madoguchi-hub precedents import`, so page and command line do the same.
"""

import contextlib
import json
import logging
import re
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from hub.precedents.errors import BusyError

PROGRESS: Final = re.compile(r"reading: (\d+)/(\d+)")
SAID_AT_MOST: Final = 600
PREFIX: Final = "madoguchi-hub: "
MEMORY: Final = 3 << 30
"""Address space of the child: what an operator was given to import is not to take the hub's."""
CUT_OFF: Final = (
    "the import could not be started, was cut off or took too much memory; "
    "import again, fewer files at a time"
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """What to do: `action` is import, sample or undo; with `key` the one path is a bundle."""

    action: str
    actor: str
    paths: tuple[Path, ...] = ()
    key: Path | None = None

    def arguments(self, store: Path) -> list[str]:
        """The command line that does it."""
        verb = "undo" if self.action == "undo" else "import"
        found = ["precedents", verb, "--store", str(store), "--json"]
        if self.action == "sample":
            return [*found, "--no-encode", "--sample"]
        if self.action == "import":
            trust = ["--bundle-key", str(self.key)] if self.key else ["--unsigned"]
            return [*found, "--no-encode", *trust, "--", *map(str, self.paths)]
        return found


@dataclass(frozen=True)
class Job:
    """An order, how far it is, and what came of it. `problem` is what the command said."""

    order: Order
    running: bool = True
    done: int = 0
    whole: int = 0
    problem: str = ""
    exit_code: int = 0
    summary: dict[str, Any] = field(default_factory=dict[str, Any])


class Importing:
    """The import at hand and the one before it."""

    def __init__(
        self,
        store: Path,
        changed: Callable[[], None],
        finished: Callable[[Job], None],
    ) -> None:
        """`changed` is called at every step, `finished` once; both from a thread of its own."""
        self._store = store
        self._changed = changed
        self._finished = finished
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[str] | None = None
        self._stopping = False
        self.job: Job | None = None

    def begin(self, order: Order, afterwards: Callable[[], None] = lambda: None) -> None:
        """Start an order; BusyError while another runs. `afterwards` clears up behind it."""
        with self._lock:
            if self.job is not None and self.job.running:
                raise BusyError("an import is running; wait until it has ended")
            self.job = Job(order)
            self._thread = threading.Thread(
                target=self._run, args=(order, afterwards), name="importing", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """End a running import; the collection stays what it was."""
        with self._lock:
            self._stopping = True
            thread = self._thread
            if self._child is not None:
                self._child.kill()
        if thread is not None:
            thread.join()

    def wait(self) -> None:
        """Until the import at hand has ended."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, order: Order, afterwards: Callable[[], None]) -> None:
        job = Job(order, running=False, problem=CUT_OFF, exit_code=1)
        try:
            job = self._done(order)
        except (OSError, ValueError) as error:
            logger.warning("precedents %s: %s", order.action, type(error).__name__)
        finally:
            afterwards()
            self.job = job
        self._finished(job)
        self._changed()

    def _done(self, order: Order) -> Job:
        command = [sys.executable, "-m", "hub", *order.arguments(self._store)]
        with self._started(command) as child:
            assert child.stdout is not None
            assert child.stderr is not None
            said = self._hear(order, child.stderr)
            printed = child.stdout.read()
        self._child = None
        if child.returncode:
            logger.warning("precedents %s ended with %s", order.action, child.returncode)
            _, own, sentence = "\n".join(said).partition(PREFIX)
            problem = sentence[-SAID_AT_MOST:] if own else CUT_OFF  # no trace of a fault is shown
            return Job(order, running=False, problem=problem, exit_code=child.returncode)
        return Job(order, running=False, summary=_without_changes(json.loads(printed)))

    def _started(self, command: list[str]) -> subprocess.Popen[str]:
        """The child; one that is started while the hub stops ends at once."""
        with self._lock:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
            with contextlib.suppress(ProcessLookupError):  # it may have ended already
                resource.prlimit(self._child.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
            if self._stopping:
                self._child.kill()
            return self._child

    def _hear(self, order: Order, lines: Iterable[str]) -> list[str]:
        said: list[str] = []
        for line in lines:
            found = PROGRESS.fullmatch(line.strip())
            if found is None:
                said = [*said[-4:], line.strip()]
                continue
            self.job = replace(Job(order), done=int(found[1]), whole=int(found[2]))
            self._changed()
        return said


def _without_changes(summary: dict[str, Any]) -> dict[str, Any]:
    """The summary with the first of its changes only: a whole code of law has thousands."""
    return summary | {"changes": summary.get("changes", [])[:50]}
