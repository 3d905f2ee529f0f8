"""Bounces (RFC 3464) out of a folder that the mail server fills: one file, one report."""

import email
import logging
from collections.abc import Iterator, Sequence
from email.message import Message
from pathlib import Path
from typing import Final

from hub.messages.channels.channel import Receipt, ReceiptKind, TemporaryError
from hub.messages.channels.refusals import dead_by_status

LARGEST: Final = 1024 * 1024
AT_ONCE: Final = 200
DONE: Final = "done"

logger = logging.getLogger(__name__)


class BounceFolder:
    """Reads what lies in a folder (a Maildir's `new` will do) and moves it to `done` beside it.

    A file is moved only when the caller comes back with the cursor that it was given with it: then
    what it reported is stored.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._given: dict[str, list[Path]] = {}

    def read(self, cursor: str) -> tuple[Sequence[Receipt], str]:
        """Reports of the files there, and the cursor that says they were taken in."""
        for path in self._given.pop(cursor, []):
            self._put_away(path)
        self._given.clear()
        try:
            paths = sorted(path for path in self._folder.iterdir() if path.is_file())[:AT_ONCE]
            found = [receipt for path in paths for receipt in _receipts(path)]
        except OSError as error:
            raise TemporaryError("bounce_folder_unreadable") from error
        if not paths:
            return (), cursor
        after = f"{paths[-1].name}:{len(paths)}"[:256]
        self._given[after] = paths
        return found, after

    def _put_away(self, path: Path) -> None:
        done = self._folder / DONE
        try:
            done.mkdir(mode=0o700, exist_ok=True)
            path.replace(done / path.name)
        except OSError as error:
            raise TemporaryError("bounce_folder_unwritable") from error


def _receipts(path: Path) -> Sequence[Receipt]:
    """What one file reports: nothing when it cannot be read as a mail, whoever sent it."""
    with path.open("rb") as stream:
        data = stream.read(LARGEST)
    try:
        return tuple(_reported(data))
    except Exception as error:  # noqa: BLE001 - a stranger's mail keeps no bounce waiting
        logger.warning("a mail in the bounce folder cannot be read: %s", type(error).__name__)
        return ()


def _reported(data: bytes) -> Iterator[Receipt]:
    report = email.message_from_bytes(data)
    if report.get_content_type() != "multipart/report":
        return
    key = _key(report)
    for part in report.walk():
        status = _header(part, "Status") if not part.is_multipart() else ""
        failed = _header(part, "Action").lower() == "failed"
        if key and failed and status.startswith("5."):
            suppress = dead_by_status(status)
            reason = f"bounced_{status}"[:64]
            yield Receipt(key, ReceiptKind.REFUSED, 0, reason, suppress)
            return


def _key(report: Message) -> str:
    """The key in the Message-ID of the mail that came back."""
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            returned = email.message_from_string(str(part.get_payload()))
        elif kind == "message/rfc822":
            inner = part.get_payload()
            returned = inner[0] if isinstance(inner, list) and inner else None
        else:
            continue
        if isinstance(returned, Message):
            return _header(returned, "Message-ID").strip(" <>").partition("@")[0]
    return ""


def _header(part: Message, name: str) -> str:
    """A header as text; one with raw bytes comes as another type, however it is declared."""
    return str(part.get(name) or "").strip()
