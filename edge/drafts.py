"""Drafts on disk, encrypted under the key that the supervisor holds in memory.

They survive a closed browser and a killed process, and are noise to whoever takes the disk. Files
are replaced as a whole and synced; their names are authenticated, so none stands in for another.
"""

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from edge.durable import replace_file, sync_folder
from edge.errors import DraftError

NONCE_BYTES = 12
_NAME = re.compile(r"[a-z0-9-]{1,80}")


class DraftStore:
    """Named byte strings in one folder; AES-256-GCM under `key` (32 bytes)."""

    def __init__(self, folder: Path, key: bytes) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._cipher = AESGCM(key)

    def put(self, name: str, content: bytes) -> None:
        """Write `content` under `name`; on return it is synced. OSError on a full disk."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, content, name.encode())
        replace_file(self._path(name), sealed)

    def get(self, name: str) -> bytes | None:
        """What was put under `name`, or None; DraftError when the key is not the one it had."""
        try:
            sealed = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        return self._open(name, sealed)

    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.draft")))

    def remove(self, name: str) -> None:
        """Delete what is under `name`, if anything is."""
        with contextlib.suppress(FileNotFoundError):
            self._path(name).unlink()
        sync_folder(self._folder)

    def drop_unreadable(self) -> int:
        """Delete what this key cannot open (drafts of before the machine was restarted)."""
        dropped = 0
        for name in self.names():
            try:
                self.get(name)
            except DraftError:
                self.remove(name)
                dropped += 1
        return dropped

    def log(self, name: str) -> "DraftLog":
        """An append-only log under `name`, each record sealed by itself."""
        return DraftLog(self._folder / f"{self._checked(name)}.log", name, self._cipher)

    def remove_log(self, name: str) -> None:
        """Delete a log, if there is one."""
        with contextlib.suppress(FileNotFoundError):
            (self._folder / f"{self._checked(name)}.log").unlink()

    def _open(self, name: str, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
        except InvalidTag:
            raise DraftError(
                f"The draft {name} was written under another key: it belongs to a run of the unit "
                "that has ended; take the notification anew"
            ) from None

    def _path(self, name: str) -> Path:
        return self._folder / f"{self._checked(name)}.draft"

    def _checked(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise DraftError(f"{name!r} cannot name a draft")
        return name


class DraftLog:
    """Records appended while a pen writes; a torn last record is left out when read back."""

    def __init__(self, path: Path, name: str, cipher: AESGCM) -> None:
        self._path = path
        self._name = name
        self._cipher = cipher
        self._file = path.open("ab", buffering=0)
        path.chmod(0o600)
        intact = list(self._intact())
        self._count = len(intact)
        self._file.truncate(intact[-1][1] if intact else 0)

    def append(self, content: bytes) -> None:
        """Write one record; it survives the process at once, and the machine after `sync`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, content, self._context(self._count))
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._count += 1

    def sync(self) -> None:
        """Return when every record is on the disk itself."""
        os.fsync(self._file.fileno())

    def records(self) -> Iterator[bytes]:
        """Every intact record in order, up to the first torn or foreign one."""
        return (content for content, _ in self._intact())

    def _intact(self) -> Iterator[tuple[bytes, int]]:
        data = self._path.read_bytes()
        place, number = 0, 0
        while place + 4 <= len(data):
            end = place + 4 + int.from_bytes(data[place : place + 4], "big")
            sealed = data[place + 4 : end]
            try:
                content = self._cipher.decrypt(
                    sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._context(number)
                )
            except (InvalidTag, ValueError):
                return
            yield content, end
            place, number = end, number + 1

    def close(self) -> None:
        """Close the file; what was appended stays."""
        self._file.close()

    def _context(self, number: int) -> bytes:
        return f"{self._name}/{number}".encode()
