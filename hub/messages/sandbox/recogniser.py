"""The way into tesseract: limits first, then the program takes this process over.

Runs shut in as the other children are; the picture comes on standard input, and the words go to
standard output with their places (TSV).
"""

import os
import resource
import sys
from typing import Final

MEMORY: Final = 1024 * 1024 * 1024
CPU_SECONDS: Final = 60
PROGRAM: Final = "/usr/bin/tesseract"
LINE: Final = (PROGRAM, "stdin", "stdout", "-l", "jpn", "--psm", "4", "tsv")


def main() -> None:
    """Become tesseract."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.environ["OMP_THREAD_LIMIT"] = "1"
    os.execv(PROGRAM, LINE)  # noqa: S606 a fixed program with fixed arguments


if __name__ == "__main__":
    sys.exit(main())
