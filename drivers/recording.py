"""The one recording format for pens: the ink log of `intake.ink`, in files that end in `.ink`.

`record` keeps whatever a tablet reports; `replay:FILE.ink` plays it back bit for bit.
"""

import os
from pathlib import Path
from typing import BinaryIO

from drivers.errors import RecordingError
from drivers.tablet.interface import Tablet
from intake.errors import IntakeError
from intake.ink import Ink, log

SUFFIX = ".ink"


def is_recording(path: Path) -> bool:
    """Whether the file's name says that it is one of our recordings."""
    return path.suffix == SUFFIX


def load(path: Path) -> Ink:
    """Read a recording, a torn end left out. Raises RecordingError when nothing can be read."""
    try:
        return log.recover(path.read_bytes()).ink
    except OSError as error:
        raise RecordingError(f"{path.name} cannot be read: {error.strerror}") from error
    except IntakeError as error:
        raise RecordingError(f"{path.name} is no pen recording: make one with `record`") from error


def save(path: Path, ink: Ink) -> None:
    """Write a whole recording, readable by its owner only: it is somebody's handwriting."""
    _write(path, log.encode(ink))


async def record(tablet: Tablet, path: Path) -> int:
    """Keep every report of `tablet` until it ends or is closed; give the number of reports.

    What was written stays readable if this process dies. A tablet that is unplugged ends the
    recording with its marked last sample and raises DeviceLostError.
    """
    writer = log.LogWriter(tablet.description)
    count = 0
    with _create(path) as file:
        file.write(writer.header())
        try:
            async for sample in tablet.reports():
                count += 1
                file.write(writer.append(sample))
                file.flush()
        finally:
            file.write(writer.flush())
    return count


def _write(path: Path, data: bytes) -> None:
    with _create(path) as file:
        file.write(data)


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
