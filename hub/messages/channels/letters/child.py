"""The child that makes one letter: limits first, then an order, the pages, the address; an answer.

The pages came with a message and may be hostile; the hub itself never opens them.
"""

import json
import os
import resource
import sys
from typing import Final

from hub.messages.channels.letters.pages import Order, make
from hub.messages.channels.letters.window import Box

MEMORY: Final = 1024 * 1024 * 1024
CPU_SECONDS: Final = 20


def main() -> None:
    """One order on standard input, one answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    given = json.loads(sys.stdin.buffer.readline(10_000))
    data = sys.stdin.buffer.read(given["data"])
    stamp = sys.stdin.buffer.read(given["stamp"])
    box = Box(*given["seen"])
    order = Order(given["name"], box, given["most_pages"], given["cover"])
    found = make(data, stamp, order)
    if isinstance(found[0], bytes):
        head, content = {"pages": found[1]}, found[0]
    else:
        head, content = {"findings": [str(one) for one in found]}, b""
    answers.write(json.dumps(head).encode() + b"\n" + content)
    answers.flush()
    os._exit(0)  # nothing of a hostile document is tidied up


if __name__ == "__main__":
    main()
