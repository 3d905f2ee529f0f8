"""The ink log: every sample bit for bit, about 2 KB for 3 s, readable after a crash in the middle.

A log is a header (tablet) and blocks, each with a length and a CRC-32 that goes on from the one
before, so that a lost, doubled or exchanged block shows like a damaged one.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from intake.errors import DecodeError, EncodeError, OversizeError, UnknownVersionError
from intake.ink.bits import read_varint, varint
from intake.ink.block import MAX_SAMPLES, read_block, write_block
from intake.ink.header import read_header, write_header
from intake.ink.sample import Ink, PenSample, TabletDescription

MAGIC: Final = b"\x89INK"
VERSION: Final = 1
BLOCK_SAMPLES: Final = 64
"""Samples a streaming writer holds back before it hands out a block (0.32 s at 200 Hz)."""

SAMPLE_LIMIT: Final = 240_000
"""Most samples a reader accepts unless told otherwise (20 minutes at 200 Hz)."""

_CRC_SIZE: Final = 4
_FRAME_LIMIT: Final = 1 << 17


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a log still holds: `torn` when bytes after `good_length` were lost or damaged."""

    ink: Ink
    torn: bool
    good_length: int


def encode(ink: Ink) -> bytes:
    """Give the whole log of `ink`, the same bytes each time; `decode` gives back an equal value."""
    writer = LogWriter(ink.tablet, block_samples=MAX_SAMPLES)
    return writer.header() + writer.extend(ink.samples) + writer.flush()


def decode(data: bytes, *, sample_limit: int = SAMPLE_LIMIT) -> Ink:
    """Read a whole log; DecodeError when it is torn, damaged or longer than `sample_limit`."""
    recovered = recover(data, sample_limit=sample_limit)
    if recovered.torn:
        raise DecodeError("the ink log is torn or damaged; `recover` reads what is left of it")
    return recovered.ink


def recover(data: bytes, *, sample_limit: int = SAMPLE_LIMIT) -> Recovered:
    """Read as much of a log as is intact; DecodeError only when not even its header is.

    To go on writing, cut the file to `good_length` and mark the next sample `dropped_before`.
    """
    reader = LogReader(sample_limit=sample_limit)
    samples = reader.feed(data)
    if reader.tablet is None:
        raise DecodeError("the ink log has no header; nothing can be read from it")
    ink = Ink(reader.tablet, samples)
    return Recovered(ink, reader.good_length != len(data), reader.good_length)


class LogWriter:
    """Turns samples into log bytes as they come; the caller writes the bytes to its file.

    Write `header()` first, then whatever `append` and `flush` return, in order. What was handed out
    and written can be read back whatever happens afterwards. `resume` goes on after a recovery.
    """

    def __init__(self, tablet: TabletDescription, *, block_samples: int = BLOCK_SAMPLES) -> None:
        if not 1 <= block_samples <= MAX_SAMPLES:
            raise EncodeError(f"a block holds 1 to {MAX_SAMPLES} samples")
        self._header, self._crc = _frame(MAGIC + bytes([VERSION]), write_header(tablet), 0)
        self._held: list[PenSample] = []
        self._block_samples = block_samples

    @classmethod
    def resume(cls, intact: bytes, *, block_samples: int = BLOCK_SAMPLES) -> "LogWriter":
        """Give a writer that goes on behind the first `good_length` bytes of a recovered log."""
        reader = LogReader()
        reader.feed(intact)
        if reader.tablet is None or reader.good_length != len(intact):
            raise DecodeError("writing can go on only behind the intact part of an ink log")
        writer = cls(reader.tablet, block_samples=block_samples)
        writer._crc = reader.crc
        return writer

    def header(self) -> bytes:
        """Give the first bytes of the log."""
        return self._header

    def append(self, sample: PenSample) -> bytes:
        """Take one sample; give the bytes of a finished block, or nothing yet."""
        self._held.append(sample)
        return self.flush() if len(self._held) >= self._block_samples else b""

    def extend(self, samples: Iterable[PenSample]) -> bytes:
        """Take several samples; give the bytes of the blocks they finished."""
        return b"".join([self.append(sample) for sample in samples])

    def flush(self) -> bytes:
        """Give the held-back samples as a (short) block; nothing when none are held."""
        if not self._held:
            return b""
        frame, self._crc = _frame(b"", write_block(self._held), self._crc)
        self._held.clear()
        return frame


class LogReader:
    """Reads a log in pieces of any size, as it grows."""

    def __init__(self, *, sample_limit: int = SAMPLE_LIMIT) -> None:
        self.tablet: TabletDescription | None = None
        """The tablet, once the header has been read."""
        self.good_length = 0
        """Bytes from the start that were read and found intact."""
        self.damaged = False
        """Whether a block failed its check; nothing after it is read."""
        self.crc = 0
        """Check value that the next block goes on from."""
        self._left = sample_limit
        self._waiting = b""

    def feed(self, data: bytes) -> tuple[PenSample, ...]:
        """Take the next bytes; give the samples of the blocks completed by them.

        DecodeError when the first bytes are no ink log, OversizeError above the sample limit.
        """
        self._waiting += data
        samples: list[PenSample] = []
        position = 0
        while not self.damaged:
            if self.tablet is None:
                end = self._read_header()
            else:
                end = self._read_block(position, samples)
            if end is None:
                break
            self.good_length += end - position
            position = end
        self._waiting = b"" if self.damaged else self._waiting[position:]
        return tuple(samples)

    def _read_header(self) -> int | None:
        start = len(MAGIC) + 1
        if not MAGIC.startswith(self._waiting[: len(MAGIC)]):
            raise DecodeError("these bytes are no ink log")
        if len(self._waiting) < start:
            return None
        if self._waiting[len(MAGIC)] != VERSION:
            raise UnknownVersionError("the ink log is of a newer version; keep its bytes")
        found = self._read_frame(0, start)
        if found is None:
            if self.damaged:
                raise DecodeError("the header of the ink log is damaged")
            return None
        payload, end = found
        self.tablet = read_header(payload)
        return end

    def _read_block(self, position: int, samples: list[PenSample]) -> int | None:
        found = self._read_frame(position, position)
        if found is None:
            return None
        payload, end = found
        block = read_block(payload)
        self._left -= len(block)
        if self._left < 0:
            raise OversizeError("the ink log holds more samples than are allowed here")
        samples += block
        return end

    def _read_frame(self, start: int, position: int) -> tuple[bytes, int] | None:
        """Give payload and end of the frame whose length stands at `position`, or None."""
        try:
            size, position = read_varint(self._waiting, position)
        except IndexError:
            return None
        except DecodeError:
            self.damaged = True
            return None
        if size > _FRAME_LIMIT:
            self.damaged = True
            return None
        end = position + size + _CRC_SIZE
        if end > len(self._waiting):
            return None
        crc = zlib.crc32(self._waiting[start : position + size], self.crc)
        if crc.to_bytes(_CRC_SIZE, "big") != self._waiting[position + size : end]:
            self.damaged = True
            return None
        self.crc = crc
        return self._waiting[position : position + size], end


def _frame(prefix: bytes, payload: bytes, crc: int) -> tuple[bytes, int]:
    checked = prefix + varint(len(payload)) + payload
    crc = zlib.crc32(checked, crc)
    return checked + crc.to_bytes(_CRC_SIZE, "big"), crc
