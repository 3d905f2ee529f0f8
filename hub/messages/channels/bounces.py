"""Bounces (RFC 3464) out of a folder that the mail server fills: one file, one report."""

import email
from collections.abc import Iterator, Sequence
from email.message import Message
from pathlib import Path
from typing import Final

from hub.messages.channels.channel import Receipt, ReceiptKind, TemporaryError

LARGEST: Final = 1024 * 1024
AT_ONCE: Final = 200
DONE: Final = "done"


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


def _receipts(path: Path) -> Iterator[Receipt]:
    with path.open("rb") as stream:
        report = email.message_from_bytes(stream.read(LARGEST))
    if report.get_content_type() != "multipart/report":
        return
    key = _key(report)
    for part in report.walk():
        status = (part.get("Status") or "").strip() if not part.is_multipart() else ""
        failed = (part.get("Action") or "").strip().lower() == "failed"
        if key and failed and status.startswith("5."):
            suppress = status.startswith("5.1.")
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
            return (returned.get("Message-ID") or "").strip(" <>").partition("@")[0]
    return ""
