"""The precedents as the hub has them: where the collection lies, and all that works on it."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from hub.log.entry import EntryKind
from hub.log.journal import Journal
from hub.precedents.service.asking import SearchProcess
from hub.precedents.service.encoding import Encoding
from hub.precedents.service.importing import Importing, Job
from hub.precedents.store import FILE_NAME
from hub.settings import Settings

INCOMING: Final = "precedents-incoming"
COUNTED: Final = ("generation", "new", "changed", "repealed", "not_yet_in_force")


class Assistant:
    """Search, background encoding and imports over the office's collection.

    Making one starts nothing: the search process starts with the first question or with `start`.
    """

    def __init__(self, settings: Settings, journal: Journal, say: Callable[[str], None]) -> None:
        """`say` tells open pages that a topic changed."""
        self.settings = settings.precedents
        self.store = settings.state.folder / FILE_NAME
        self._incoming = settings.state.folder / INCOMING
        self._journal = journal
        self._say = say
        self.search = SearchProcess(self.store, self.settings.model)
        self.encoding = Encoding(self.store, self.settings.model, self._changed)
        self.importing = Importing(self.store, self._changed, self._imported)

    def start(self) -> None:
        """Load the encoders before the first question, and encode what is new from now on."""
        shutil.rmtree(self._incoming, ignore_errors=True)  # left by a hub that was cut off
        if self.store.is_file():
            self.search.start()
        self.encoding.start()

    def close(self) -> None:
        """End every process and thread; safe when nothing was started."""
        self.importing.stop()
        self.encoding.stop()
        self.search.stop()

    def incoming(self) -> Path:
        """A new private folder for one upload, to be removed behind its import."""
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=self._incoming))

    def _changed(self) -> None:
        self._say("precedents")

    def _imported(self, job: Job) -> None:
        """Log who changed the collection, and let the new texts be encoded."""
        if job.problem or job.exit_code:
            return
        counts = {key: job.summary[key] for key in COUNTED}
        with self._journal.appending() as append:
            body = {"action": job.order.action, "signed": job.order.key is not None} | counts
            append.office(EntryKind.PRECEDENT, job.order.actor, body)
        self.search.start()
        self.encoding.wake()
