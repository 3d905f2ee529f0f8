"""Letters in the print folder: taken as one archive a batch, then said to be printed."""

import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.errors import MessageStateError, NotFoundError, RoleError
from hub.log.entry import EntryKind
from hub.log.journal import Append
from hub.messages.sending.residents import hidden_residents, protected_key
from hub.office import Office
from hub.review.access import may_see
from hub.storage.tables import Message, MessageDispatch
from intake.office.roster import Role

SINGLE: Final = "single"
"""The folder of letters that belong to no batch."""
CHECK: Final = "check"
AT_ONCE: Final = 500


@dataclass(frozen=True)
class LetterBatch:
    """A batch in the print folder. new: never taken; taken: not said to be printed yet."""

    name: str
    new: int
    taken: int
    printed: int


@dataclass(frozen=True)
class _Letter:
    path: Path
    dispatch: MessageDispatch | None


def letter_batches(office: Office) -> Sequence[LetterBatch]:
    """Batches with letters in the print folder, the newest last."""
    root = office.settings.channels.letter.folder
    if root is None or not root.is_dir():
        return ()
    found: list[LetterBatch] = []
    with office.database.reading() as session:
        for folder in sorted((one for one in root.iterdir() if one.is_dir()), key=_order):
            letters = list(_letters(session, folder)) if folder.name != CHECK else []
            if letters:
                found.append(_counted(folder.name, [one.dispatch for one in letters]))
    return found


def archive(office: Office, staff: StaffMember, batch: str, into: BinaryIO) -> int:
    """Write what of a batch is not printed as a ZIP; an entry of the log, which says how many.

    Those of protected persons are left out unless the protected desk asks: an address stands on
    them. RoleError outside senders and that desk, NotFoundError without letters to print.
    """
    folder = _folder(office, staff, batch)
    with office.database.reading() as session:
        letters = [
            one
            for one in _seen(session, staff, folder)
            if one.dispatch is None or one.dispatch.printed_us is None
        ]
    if not letters:
        raise NotFoundError("there are no letters of this batch to be printed")
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as written:
        for one in letters:
            written.write(one.path, one.path.name.partition("_")[0] + ".pdf")
    with office.journal.appending() as append:
        for one in letters:
            if one.dispatch is not None:
                known = append.session.get_one(MessageDispatch, one.dispatch.number)
                known.taken_us = append.time_us
        _note(append, staff, "take_letters", batch, len(letters))
    office.live.say("messages")
    return len(letters)


def printed(office: Office, staff: StaffMember, batch: str) -> int:
    """Say that the letters of a batch that were taken are printed: no archive has them again.

    Returns how many. MessageStateError when none is taken.
    """
    folder = _folder(office, staff, batch)
    with office.journal.appending() as append:
        taken = [
            one
            for one in _known(append.session, staff, folder)
            if one.taken_us is not None and one.printed_us is None
        ]
        if not taken:
            raise MessageStateError("no letter of this batch was taken; take them and print them")
        for one in taken:
            one.printed_us = append.time_us
        _note(append, staff, "letters_printed", batch, len(taken))
    office.live.say("messages")
    return len(taken)


def not_printed(office: Office, staff: StaffMember, batch: str) -> int:
    """Take the newest `printed` of a batch back; returns how many letters can be taken again."""
    folder = _folder(office, staff, batch)
    with office.journal.appending() as append:
        known = [one for one in _known(append.session, staff, folder) if one.printed_us is not None]
        newest = max((one.printed_us or 0 for one in known), default=0)
        again = [one for one in known if one.printed_us == newest]
        if not again:
            raise MessageStateError("no letter of this batch is said to be printed")
        for one in again:
            one.printed_us = None
        _note(append, staff, "letters_not_printed", batch, len(again))
    office.live.say("messages")
    return len(again)


def _folder(office: Office, staff: StaffMember, batch: str) -> Path:
    """The print folder of a batch that is among those there: what a form says is no path."""
    if not staff.has(Role.SENDER) and not may_see(staff):
        raise RoleError("only a sender takes letters to print")
    root = office.settings.channels.letter.folder
    names = {one.name for one in root.iterdir() if one.is_dir()} if root and root.is_dir() else ()
    if root is None or batch not in names or batch == CHECK:
        raise NotFoundError("there are no letters of this batch")
    return root / batch


def _order(folder: Path) -> tuple[int, str]:
    """Batches by their number, what has none behind them."""
    return (int(folder.name) if folder.name.isdecimal() else 1 << 62, folder.name)


def _letters(session: Session, folder: Path) -> Iterator[_Letter]:
    """Every letter of a folder with its hand-over; None for a file that nobody knows."""
    files = sorted(one for one in folder.glob("*.pdf") if one.is_file())
    for at in range(0, len(files), AT_ONCE):
        some = {one.stem.partition("_")[2]: one for one in files[at : at + AT_ONCE]}
        found = session.scalars(select(MessageDispatch).where(MessageDispatch.key.in_(some)))
        known: Mapping[str, MessageDispatch] = {one.key: one for one in found}
        for key, path in some.items():
            yield _Letter(path, known.get(key))


def _seen(session: Session, staff: StaffMember, folder: Path) -> Iterator[_Letter]:
    """Those that this account may take; what nobody knows is the protected desk's."""
    hidden = hidden_residents(session)
    for one in _letters(session, folder):
        if may_see(staff) or (one.dispatch and not _protected(session, one.dispatch, hidden)):
            yield one


def _known(session: Session, staff: StaffMember, folder: Path) -> Sequence[MessageDispatch]:
    return [one.dispatch for one in _seen(session, staff, folder) if one.dispatch is not None]


def _protected(session: Session, dispatch: MessageDispatch, hidden: Collection[str]) -> bool:
    return protected_key(session, session.get_one(Message, dispatch.message).atena_no, hidden)


def _counted(name: str, dispatches: Sequence[MessageDispatch | None]) -> LetterBatch:
    printed_ones = sum(one is not None and one.printed_us is not None for one in dispatches)
    taken = sum(one is not None and one.taken_us is not None for one in dispatches)
    new = len(dispatches) - taken
    return LetterBatch(name, new, taken - printed_ones, printed_ones)


def _note(append: Append, staff: StaffMember, action: str, batch: str, count: int) -> None:
    body = {"action": action, "batch": batch, "count": count, "staff_id": staff.staff_id}
    append.office(EntryKind.MESSAGE, staff.login, body)
