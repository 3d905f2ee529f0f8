"""A channel's token or password from its file, read anew each time: it can be changed."""

from pathlib import Path
from typing import Final

from hub.messages.channels.channel import TemporaryError

LONGEST: Final = 4096


def read_secret(path: Path | None) -> str:
    """The first line of the file; TemporaryError when it cannot be read or is empty.

    Temporary: an operator can put it right, and what waits is then handed over.
    """
    if path is None:
        raise TemporaryError("secret_file_not_set")
    try:
        with path.open("rb") as stream:
            text = stream.read(LONGEST).decode("ascii").split("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TemporaryError("secret_file_unreadable") from error
    if not text or not text.isprintable():
        raise TemporaryError("secret_file_empty")
    return text
