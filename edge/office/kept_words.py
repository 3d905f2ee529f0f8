"""The office's signed words as files: kept as they came, verified again at every start."""

import logging
from pathlib import Path

from edge.durable import replace_file

log = logging.getLogger(__name__)


class KeptWords:
    """Small signed messages by name (`keys`, `roster`, `checkpoint`) in one folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder

    def get(self, name: str) -> bytes | None:
        """The message, or None."""
        path = self._folder / name
        return path.read_bytes() if path.exists() else None

    def put(self, name: str, data: bytes) -> None:
        """Keep the message, synced, in the place of the former one.

        On a full disk the former one stays and the office says it again: a receipt must not fail
        because what came with it cannot be written.
        """
        try:
            if self.get(name) != data:
                replace_file(self._folder / name, data)
        except OSError:
            log.exception("what the office said could not be written")
