"""Letters that wait in the print folder of a batch, as one archive to be printed."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import select

from hub.accounts.staff import StaffMember
from hub.errors import NotFoundError, RoleError
from hub.log.entry import EntryKind
from hub.messages.sending.residents import protected_key
from hub.office import Office
from hub.review.access import may_see
from hub.storage.tables import Message, MessageDispatch
from intake.office.roster import Role

SINGLE: Final = "single"
"""The folder of letters that belong to no batch."""


def waiting_letters(office: Office) -> Sequence[tuple[str, int]]:
    """Batches with letters in the print folder, and how many each has."""
    folder = office.settings.channels.letter.folder
    if folder is None or not folder.is_dir():
        return ()
    found = [(one.name, len(_files(one))) for one in sorted(folder.iterdir()) if one.is_dir()]
    return [(name, count) for name, count in found if count and name != "check"]


def archive(office: Office, staff: StaffMember, batch: str) -> bytes:
    """The letters of a batch as a ZIP; that it was taken is an entry of the log.

    Those of protected persons are left out unless the protected desk asks: an address stands on
    them. RoleError outside senders and that desk, NotFoundError without letters.
    """
    if not staff.has(Role.SENDER) and not may_see(staff):
        raise RoleError("only a sender takes letters to print")
    root = office.settings.channels.letter.folder
    known = dict(waiting_letters(office))
    if root is None or batch not in known:
        raise NotFoundError("there are no letters of this batch")
    letters = [one for one in _files(root / batch) if may_see(staff) or not _protected(office, one)]
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as written:
        for letter in letters:
            written.write(letter, letter.name.partition("_")[0] + ".pdf")
    with office.journal.appending() as append:
        body = {
            "action": "take_letters",
            "batch": batch,
            "count": len(letters),
            "staff_id": staff.staff_id,
        }
        append.office(EntryKind.MESSAGE, staff.login, body)
    return data.getvalue()


def _files(folder: Path) -> Sequence[Path]:
    return sorted(one for one in folder.glob("*.pdf") if one.is_file())


def _protected(office: Office, letter: Path) -> bool:
    """Whether a letter is a protected person's; one that nobody knows counts as such."""
    key = letter.stem.partition("_")[2]
    with office.database.reading() as session:
        found = session.scalar(
            select(Message.atena_no)
            .join(MessageDispatch, MessageDispatch.message == Message.number)
            .where(MessageDispatch.key == key)
        )
        return found is None or protected_key(session, found)
