"""The messages of a batch as a table for a spreadsheet: numbers and states, no names."""

import csv
import io
from typing import Final, Protocol

from sqlalchemy import select

from hub.accounts.staff import StaffMember
from hub.clock import iso
from hub.log.entry import EntryKind
from hub.messages.sending.residents import protected_key
from hub.office import Office
from hub.review.access import may_see
from hub.storage.tables import Message

COLUMNS: Final = (
    "message",
    "message_id",
    "atena_no",
    "kind",
    "title",
    "document_number",
    "state",
    "channel",
    "reason",
    "accepted",
    "handed",
    "delivered",
    "read",
)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would compute instead of showing."""


class Words(Protocol):
    """The sentences of a language."""

    def __call__(self, key: str, **values: object) -> str:
        """The sentence under a key."""
        ...


def as_csv(office: Office, staff: StaffMember, batch: int, t: Words) -> bytes:
    """UTF-8 with its mark, so that every spreadsheet reads it; taking it is an entry of the log.

    Numbers of protected persons are left out unless the protected desk asks.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow([t(f"sending.export.{name}") for name in COLUMNS])
    with office.database.reading() as session:
        rows = session.scalars(
            select(Message).where(Message.batch == str(batch)).order_by(Message.number)
        ).all()
        for message in rows:
            shown = may_see(staff) or not protected_key(session, message.atena_no)
            table.writerow([_safe(cell) for cell in _cells(message, t, shown=shown)])
    with office.journal.appending() as append:
        body = {"action": "export", "batch": batch, "count": len(rows), "staff_id": staff.staff_id}
        append.office(EntryKind.MESSAGE, staff.login, body)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cells(message: Message, t: Words, *, shown: bool) -> list[str]:
    times = (message.accepted_us, message.handed_us, message.delivered_us, message.read_us)
    return [
        str(message.number),
        message.message_id,
        message.atena_no if shown else t("protected.mark"),
        message.kind,
        message.title,
        message.document_number or "",
        t(f"message_state.{message.state}"),
        message.channel,
        message.reason,
        *("" if time is None else iso(time) for time in times),
    ]


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
