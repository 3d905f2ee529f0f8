"""Makes the vectors that are missing, one process at a time, whoever asks for them."""

import fcntl
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from hub.precedents.encoders import Verifiable
from hub.precedents.errors import CollectionError
from hub.precedents.rows import current_entries
from hub.precedents.store import Store
from hub.precedents.vectors import encode_missing, missing

Progress = Callable[[str, int, int], None]


def encode_all(store: Store, encoders: Sequence[Verifiable], progress: Progress) -> dict[str, int]:
    """Make every missing vector with each encoder; returns how many each made.

    The encoders read side by side; the error of one is raised when the others have read. Another
    process that encodes is waited for, and leaves nothing to do. An encoder is loaded only where it
    has something to read. `progress` is told encoder, done, whole, from several threads.
    """
    with _alone(store.path), ThreadPoolExecutor(max(1, len(encoders))) as pool:
        running = [pool.submit(_encode, store.path, one, progress) for one in encoders]
    return dict(made.result() for made in running)


def _encode(path: Path, one: Verifiable, progress: Progress) -> tuple[str, int]:
    """Read until nothing is missing, also what an import brings meanwhile.

    An operator's own model has no name while its description cannot be read: an EncoderError.
    """
    name, made = one.name, 0
    with Store(path) as store:
        while _lacks(store, name):
            made += encode_missing(
                store, one.verified(), lambda done, whole: progress(name, done, whole)
            )
    return name, made


def _lacks(store: Store, encoder: str) -> bool:
    with store.reading() as connection:
        return bool(missing(connection, encoder, current_entries(connection)))


@contextmanager
def _alone(store: Path) -> Generator[None]:
    """Hold the lock beside the store; it goes with the process, however that ends."""
    try:
        with store.with_suffix(".encoding").open("wb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise CollectionError(f"{store}: cannot be locked for encoding: {error}") from error
