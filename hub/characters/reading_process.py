"""`python -m hub.characters.reading_process WANTED THRESHOLD`: an upload in, an answer out.

Started by hub.characters.reading with the file as its input. It takes limits upon itself before it
looks at a byte: memory, processor time, the size of what it writes, the number of open files.
"""

import resource
import sys

from hub.characters import font_reading, image_reading
from hub.characters.errors import GlyphRefusedError, Problem
from hub.characters.reading import (
    ANSWER_LIMIT,
    MOST_BYTES,
    Upload,
    encode_answer,
    encode_problem,
)

MEMORY_BYTES = 1 << 30
PROCESSOR_S = 15
OPEN_FILES = 16
IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def limit_itself() -> None:
    """Nothing that this process does from here on can use up the machine."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_S),
        (resource.RLIMIT_FSIZE, ANSWER_LIMIT),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def read(data: bytes, wanted: str, threshold: int | None) -> Upload:
    """What is in the file; GlyphRefusedError otherwise."""
    if len(data) > MOST_BYTES:
        raise GlyphRefusedError(Problem.TOO_LARGE)
    if font_reading.is_font(data):
        found = font_reading.choices(data, wanted)
        return Upload(b"", tuple((one.label, one.outline) for one in found), None, None)
    if data.startswith(IMAGES):
        traced = image_reading.trace(data, threshold)
        return Upload(b"", (("", traced.outline),), traced.original, traced.threshold)
    raise GlyphRefusedError(Problem.NOT_KNOWN)


def main() -> None:
    """Answer once; a fault of a decoder ends the process, and its starter says so."""
    limit_itself()
    wanted, threshold = sys.argv[1], sys.argv[2]
    try:
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
        answer = encode_answer(read(data, wanted, int(threshold) if threshold else None))
    except GlyphRefusedError as error:
        answer = encode_problem(error.problem)
    except MemoryError:
        answer = encode_problem(Problem.TOO_COMPLEX)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
