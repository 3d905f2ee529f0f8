"""Scans read by tesseract where it is installed: offered, marked, and always left to a person."""

import os
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from hub.messages.documents.recognised import lines
from hub.messages.documents.result import DocumentWarning, Line, Page, Reading, WarningCode
from hub.messages.sandbox.confinement import command, environment
from hub.messages.sandbox.pool import PictureError, Pool
from hub.messages.sandbox.recogniser import PROGRAM

DATA: Final = (
    "/usr/share/tesseract-ocr/5/tessdata/jpn.traineddata",
    "/usr/share/tesseract-ocr/4.00/tessdata/jpn.traineddata",
    "/usr/share/tessdata/jpn.traineddata",
)
PACKAGES: Final = "tesseract-ocr tesseract-ocr-jpn"
RECOGNISER: Final = ("-I", "-m", "hub.messages.sandbox.recogniser")
RESOLUTION: Final = 300
SECONDS: Final = 60.0
"""For one page."""
MOST_PAGES: Final = 20
OUTPUT_BYTES: Final = 8 * 1024 * 1024


def installed() -> bool:
    """Whether tesseract and its Japanese data are on this machine."""
    return os.access(PROGRAM, os.X_OK) and any(Path(path).is_file() for path in DATA)


def scanned(reading: Reading) -> list[int]:
    """Pages (from 1) that are pictures without text."""
    found = {w.page for w in reading.warnings if w.code is WarningCode.SCAN and w.page is not None}
    return sorted(found)


def with_text(pool: Pool, data: bytes, reading: Reading, password: str = "") -> Reading:
    """The reading with recognised text on its scanned pages, each with the warning `ocr`.

    The warning `scan` stays: nothing of it is sent without a person. A page that cannot be
    recognised stays empty.
    """
    found = {
        number: _page(pool, data, number, password) for number in scanned(reading)[:MOST_PAGES]
    }
    pages = tuple(
        replace(page, lines=found[number]) if found.get(number) else page
        for number, page in enumerate(reading.pages, 1)
    )
    return replace(reading, pages=pages, warnings=(*reading.warnings, *_marks(found, pages)))


def _marks(found: Iterable[int], pages: tuple[Page, ...]) -> list[DocumentWarning]:
    return [DocumentWarning(WarningCode.OCR, n) for n in found if pages[n - 1].lines]


def _page(pool: Pool, data: bytes, number: int, password: str) -> tuple[Line, ...]:
    try:
        png = pool.picture(data, number - 1, RESOLUTION, password)
        done = subprocess.run(
            command(pool.kind, RECOGNISER),
            input=png,
            capture_output=True,
            env=environment(),
            timeout=SECONDS,
            check=True,
        )
        if len(done.stdout) > OUTPUT_BYTES:
            return ()
        return lines(done.stdout.decode("utf-8", "replace"), RESOLUTION)
    except (PictureError, OSError, subprocess.SubprocessError, ValueError):
        return ()
