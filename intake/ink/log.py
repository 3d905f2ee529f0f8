"""The ink log: every sample bit for bit, about 2 KB for 3 s, readable after a crash in the middle."""

from collections.abc import Iterable
from dataclasses import dataclass

from intake.ink.sample import Ink, PenSample, TabletDescription

BLOCK_SAMPLES = 64
"""Samples a streaming writer holds back before it hands out a block (0.32 s at 200 Hz)."""

SAMPLE_LIMIT = 240_000
"""Most samples a reader accepts unless told otherwise (20 minutes at 200 Hz)."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a log still holds: `torn` when bytes after `good_length` were lost or damaged."""

    ink: Ink
    torn: bool
    good_length: int


def encode(ink: Ink) -> bytes:
    """Give the whole log of `ink`, the same bytes each time; `decode` gives back an equal value."""
    raise NotImplementedError


def decode(data: bytes, *, sample_limit: int = SAMPLE_LIMIT) -> Ink:
    """Read a whole log; DecodeError when it is torn, damaged or longer than `sample_limit`."""
    raise NotImplementedError


def recover(data: bytes, *, sample_limit: int = SAMPLE_LIMIT) -> Recovered:
    """Read as much of a log as is intact; DecodeError only when not even its header is."""
    raise NotImplementedError


class LogWriter:
    """Turns samples into log bytes as they come; the caller writes the bytes to its file.

    Write `header()` first, then whatever `append` and `flush` return, in order. What was handed out
    and written can be read back whatever happens afterwards.
    """

    def __init__(self, tablet: TabletDescription, *, block_samples: int = BLOCK_SAMPLES) -> None:
        raise NotImplementedError

    def header(self) -> bytes:
        """Give the first bytes of the log."""
        raise NotImplementedError

    def append(self, sample: PenSample) -> bytes:
        """Take one sample; give the bytes of a finished block, or nothing yet."""
        raise NotImplementedError

    def extend(self, samples: Iterable[PenSample]) -> bytes:
        """Take several samples; give the bytes of the blocks they finished."""
        raise NotImplementedError

    def flush(self) -> bytes:
        """Give the held-back samples as a (short) block; nothing when none are held."""
        raise NotImplementedError


class LogReader:
    """Reads a log in pieces of any size, as it grows."""

    def __init__(self, *, sample_limit: int = SAMPLE_LIMIT) -> None:
        raise NotImplementedError

    @property
    def tablet(self) -> TabletDescription | None:
        """The tablet, once the header has been read."""
        raise NotImplementedError

    @property
    def good_length(self) -> int:
        """Bytes from the start that were read and found intact."""
        raise NotImplementedError

    @property
    def damaged(self) -> bool:
        """Whether a block failed its check; nothing after it is read."""
        raise NotImplementedError

    def feed(self, data: bytes) -> tuple[PenSample, ...]:
        """Take the next bytes; give the samples of the blocks completed by them."""
        raise NotImplementedError
