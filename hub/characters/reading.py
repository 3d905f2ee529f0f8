"""Has a child process read an upload: what it may use is limited, and it is killed when late.

Fonts and pictures from a stranger go through large foreign decoders; a fault there ends the child,
not the office.
"""

import hashlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import IO, Final

from hub.characters.errors import GlyphRefusedError, Problem
from intake import canonical
from intake.errors import IntakeError
from intake.office.outline import GlyphOutline
from intake.record import Record

MOST_BYTES: Final = 48 * 1024 * 1024
ANSWER_LIMIT: Final = 2 * 1024 * 1024
PATIENCE_S: Final = 20.0
MODULE: Final = "hub.characters.reading_process"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class Upload:
    """What was found in a file: one outline or several to choose from, by label.

    original: the picture (PNG) that a scan was traced from; threshold: the grey it was traced at.
    """

    file_sha256: bytes
    choices: tuple[tuple[str, GlyphOutline], ...]
    original: bytes | None
    threshold: int | None


def read_upload(
    file: IO[bytes],
    wanted: str = "",
    threshold: int | None = None,
    *,
    patience_s: float = PATIENCE_S,
) -> Upload:
    """Read a font or picture; GlyphRefusedError with the reason when no character comes of it.

    `wanted` names a glyph of a font (see font_reading.choices), `threshold` is 1 to 254.
    """
    with tempfile.TemporaryFile() as kept, tempfile.TemporaryFile() as answer:
        digest = _copy(file, kept)
        arguments = [wanted, "" if threshold is None else str(threshold)]
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-m", MODULE, *arguments],
                stdin=kept,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
                timeout=patience_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise GlyphRefusedError(Problem.TOO_LONG) from None
        except ValueError:  # a NUL in what was typed
            raise GlyphRefusedError(Problem.NO_SUCH_GLYPH) from None
        if done.returncode != 0:
            raise GlyphRefusedError(Problem.TOO_LONG)
        answer.seek(0)
        return _answer(answer.read(ANSWER_LIMIT), digest)


def encode_answer(upload: Upload) -> bytes:
    """What the child says of a file it could read."""
    return canonical.encode(
        {
            "problem": None,
            "choices": encode_choices(upload.choices),
            "original": upload.original,
            "threshold": upload.threshold,
        }
    )


def encode_choices(choices: tuple[tuple[str, GlyphOutline], ...]) -> bytes:
    """Labels and outlines as they are kept while the operator looks at them."""
    return canonical.encode([[label, outline.data] for label, outline in choices])


def decode_choices(data: bytes) -> tuple[tuple[str, GlyphOutline], ...]:
    """The labels and outlines in `data`; DecodeError otherwise."""
    found: list[tuple[str, GlyphOutline]] = []
    wrapped = {"choices": canonical.decode(data, limit=ANSWER_LIMIT, depth=2)}
    for item in Record(wrapped, "upload").items("choices", limit=100):
        record = Record({"choice": item}, "choice")
        match record.items("choice", limit=2):
            case [str(label), bytes(outline)]:
                found.append((label[:64], GlyphOutline(outline)))
            case _:
                raise GlyphRefusedError(Problem.FONT_UNREADABLE)
    return tuple(found)


def encode_problem(problem: Problem) -> bytes:
    """What the child says of a file that makes no character."""
    return canonical.encode({"problem": problem.value})


def _copy(file: IO[bytes], kept: IO[bytes]) -> bytes:
    """Copy at most MOST_BYTES; the SHA-256 of the file."""
    digest, total = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        total += len(chunk)
        if total > MOST_BYTES:
            raise GlyphRefusedError(Problem.TOO_LARGE)
        digest.update(chunk)
        kept.write(chunk)
    kept.seek(0)
    return digest.digest()


def _answer(data: bytes, digest: bytes) -> Upload:
    """What the child said, read as strictly as a stranger's word."""
    try:
        record = Record(canonical.decode(data, limit=ANSWER_LIMIT, depth=2), "answer")
        if not record.absent("problem"):
            raise GlyphRefusedError(record.choice("problem", Problem))
        return Upload(
            file_sha256=digest,
            choices=decode_choices(record.octets("choices", limit=ANSWER_LIMIT)),
            original=(
                None if record.absent("original") else record.octets("original", limit=ANSWER_LIMIT)
            ),
            threshold=(
                None
                if record.absent("threshold")
                else record.integer("threshold", minimum=1, maximum=255)
            ),
        )
    except IntakeError:
        raise GlyphRefusedError(Problem.FONT_UNREADABLE) from None
