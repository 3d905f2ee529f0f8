"""The office's signed words as files: kept as they came, verified again at every start."""

from pathlib import Path

from edge.durable import replace_file


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
        """Keep the message, synced, in the place of the former one."""
        if self.get(name) != data:
            replace_file(self._folder / name, data)
