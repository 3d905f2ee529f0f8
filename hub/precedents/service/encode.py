"""The encoding process: makes missing vectors at low priority, telling how far it is.

`python -m hub.precedents.service.encode STORE [MODEL]` prints a JSON object a line: `encoder`,
`done`, `whole`, or at last `error` with a `message`. It ends when nobody reads its lines.
"""

import json
import os
import sys
import threading
from pathlib import Path
from typing import Final

from hub.precedents.encoders import chosen
from hub.precedents.encoding import encode_all
from hub.precedents.errors import PrecedentsError
from hub.precedents.store import Store

_WRITING: Final = threading.Lock()
NICENESS: Final = 5  # the counters' events and the pages come first


def main(arguments: list[str]) -> int:
    """Encode what is missing; the exit code is that of the error."""
    os.nice(NICENESS)
    model = Path(arguments[1]) if len(arguments) > 1 else None
    try:
        with Store(Path(arguments[0])) as store:
            encode_all(store, chosen(model), _tell)
    except PrecedentsError as error:
        _print({"error": error.code, "message": str(error)})
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


def _tell(encoder: str, done: int, whole: int) -> None:
    _print({"encoder": encoder, "done": done, "whole": whole})


def _print(message: dict[str, object]) -> None:
    with _WRITING:
        sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
