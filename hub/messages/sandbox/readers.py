"""The office's one pool of children: started with the first document, ended with the office."""

import threading

from hub.messages.sandbox.confinement import Confinement, confinement
from hub.messages.sandbox.pool import Pool


class Readers:
    """Hands out the pool. Thread-safe; a process that reads nothing starts no child."""

    def __init__(self, size: int | None = None) -> None:
        self._size = size
        self._pool: Pool | None = None
        self._lock = threading.Lock()

    @property
    def confinement(self) -> Confinement:
        """What the children are shut in by on this machine."""
        return confinement()

    def pool(self) -> Pool:
        """The pool, started when it was not."""
        with self._lock:
            if self._pool is None:
                self._pool = Pool(self._size)
            return self._pool

    def close(self) -> None:
        """End the children; a later `pool` starts others."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()
