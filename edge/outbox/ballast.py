"""Room on the disk: how much is left, and a ballast file given back when there is none.

A full disk stops SQLite even from deleting and from writing its checkpoint, so an outbox on a full
disk could never drain. The ballast is space held for that moment.
"""

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from edge.errors import OutboxFullError

BLOCK = 1 << 16


@dataclass(frozen=True)
class Room:
    """Room left for new notifications."""

    free_bytes: int
    enough: bool
    ballast: bool  # False: the ballast was given back and waits for space to be laid again


class Ballast:
    """The ballast file of one folder and the reserve below which nothing new is accepted."""

    def __init__(self, path: Path, size: int, reserve: int) -> None:
        self._path = path
        self._size = size
        self._reserve = reserve

    def room(self, reusable: int = 0) -> Room:
        """Room now; `reusable` bytes are free inside the database itself."""
        disk = os.statvfs(self._path.parent)
        free = disk.f_bavail * disk.f_frsize + reusable
        return Room(free, free >= self._reserve, self.laid)

    @property
    def laid(self) -> bool:
        """Whether the ballast has its full size on disk."""
        return self._path.exists() and self._path.stat().st_size == self._size

    def lay(self) -> bool:
        """Write the ballast if the reserve stays free beside it; False when there is no room."""
        if self.laid:
            return True
        self.give_back()
        if self.room().free_bytes < self._size + self._reserve:
            return False
        try:
            with self._path.open("wb") as file:
                for start in range(0, self._size, BLOCK):
                    file.write(os.urandom(min(BLOCK, self._size - start)))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self.give_back()
            if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
                return False
            raise
        return True

    def give_back(self) -> bool:
        """Free the ballast's space; False when there was none to give."""
        if not self._path.exists():
            return False
        self._path.unlink()
        return True

    def demand(self, reusable: int = 0) -> None:
        """Raise OutboxFullError unless a new notification may be accepted."""
        room = self.room(reusable)
        if not room.enough:
            raise OutboxFullError(
                f"The disk has {room.free_bytes // 2**20} MiB left and "
                f"{self._reserve // 2**20} MiB are needed: call the operator; "
                "what was accepted before is safe and goes on being sent"
            )
