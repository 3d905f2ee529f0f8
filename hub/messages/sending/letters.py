"""Letters in the print folder: taken as one archive a batch, then said to be printed."""

import re
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
from hub.messages.delivery.states import DispatchState
from hub.messages.sending.residents import hidden_residents, protected_key
from hub.office import Office
from hub.review.access import may_see
from hub.storage.tables import Message, MessageDispatch
from intake.office.roster import Role

SINGLE: Final = "single"
"""The folder of letters that belong to no batch."""
CHECK: Final = "check"
NAMED: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
"""Folders as the letter channel names them; what somebody made beside them is no batch."""
AT_ONCE: Final = 500


@dataclass(frozen=True)
class LetterBatch:
    """A batch in the print folder. new: never taken; taken: not said to be printed yet.

    last_take, last_print: marks of the newest taking and the newest print, 0 without any.
    """

    name: str
    new: int
    taken: int
    printed: int
    last_take: int = 0
    last_print: int = 0


@dataclass(frozen=True)
class _Letter:
    path: Path
    dispatch: MessageDispatch


def letter_batches(office: Office, staff: StaffMember) -> Sequence[LetterBatch]:
    """Batches with letters that this account may take, in their order, the newest last."""
    found: list[LetterBatch] = []
    with office.database.reading() as session:
        for folder in _folders(office):
            letters = list(_seen(session, staff, folder))
            if letters:
                found.append(_counted(folder.name, [one.dispatch for one in letters]))
    return found


def archive(office: Office, staff: StaffMember, batch: str, into: BinaryIO) -> int:
    """Write what of a batch is not printed as a ZIP; an entry of the log, which says how many.

    All of it is one taking, which `printed` names. Letters of protected persons are left out unless
    the protected desk asks: an address stands on them. RoleError outside senders and that desk,
    NotFoundError without letters to print.
    """
    folder = _folder(office, staff, batch)
    with office.journal.appending() as append:
        letters = [
            one
            for one in _seen(append.session, staff, folder)
            if one.dispatch.printed_us is None and one.path.is_file()
        ]
        if not letters:
            raise NotFoundError("there are no letters of this batch to be printed")
        for one in letters:
            one.dispatch.taken_us = append.time_us
        _note(append, staff, "take_letters", batch, len(letters))
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as written:
        for one in letters:
            written.write(one.path, one.path.name.partition("_")[0] + ".pdf")
    office.live.say("messages")
    return len(letters)


def printed(office: Office, staff: StaffMember, batch: str, taking: int) -> int:
    """Say that the letters of one taking are printed: no archive has them again.

    Returns how many. MessageStateError when somebody took them anew since, or said so already.
    """
    folder = _folder(office, staff, batch)
    with office.journal.appending() as append:
        taken = [
            one
            for one in _known(append.session, staff, folder)
            if one.taken_us == taking and one.printed_us is None
        ]
        if not taken:
            raise MessageStateError("these letters were taken anew, or are printed already")
        for one in taken:
            one.printed_us = append.time_us
        _note(append, staff, "letters_printed", batch, len(taken))
    office.live.say("messages")
    return len(taken)


def not_printed(office: Office, staff: StaffMember, batch: str, print_: int) -> int:
    """Take one `printed` back; returns how many letters can be taken again.

    MessageStateError when it was taken back already.
    """
    folder = _folder(office, staff, batch)
    with office.journal.appending() as append:
        again = [
            one for one in _known(append.session, staff, folder) if one.printed_us == print_ != 0
        ]
        if not again:
            raise MessageStateError("these letters are not said to be printed any more")
        for one in again:
            one.printed_us = None
        _note(append, staff, "letters_not_printed", batch, len(again))
    office.live.say("messages")
    return len(again)


def _folders(office: Office) -> Sequence[Path]:
    root = office.settings.channels.letter.folder
    if root is None or not root.is_dir():
        return ()
    found = (one for one in root.iterdir() if one.is_dir() and NAMED.fullmatch(one.name))
    return sorted((one for one in found if one.name != CHECK), key=_order)


def _folder(office: Office, staff: StaffMember, batch: str) -> Path:
    """The print folder of a batch that is among those there: what a form says is no path."""
    if not staff.has(Role.SENDER) and not may_see(staff):
        raise RoleError("only a sender takes letters to print")
    found = next((one for one in _folders(office) if one.name == batch), None)
    if found is None:
        raise NotFoundError("there are no letters of this batch")
    return found


def _order(folder: Path) -> tuple[int, str]:
    """Batches by their number, what has none behind them."""
    return (int(folder.name) if folder.name.isdecimal() else 1 << 62, folder.name)


def _letters(session: Session, folder: Path) -> Iterator[_Letter]:
    """Every file of a folder that is a letter now: not one that came back, or that nobody knows."""
    files = sorted(one for one in folder.glob("*.pdf") if one.is_file())
    for at in range(0, len(files), AT_ONCE):
        some = {one.stem.partition("_")[2]: one for one in files[at : at + AT_ONCE]}
        found = session.scalars(
            select(MessageDispatch).where(
                MessageDispatch.key.in_(some), MessageDispatch.state == DispatchState.HANDED.value
            )
        )
        known: Mapping[str, MessageDispatch] = {one.key: one for one in found}
        yield from (_Letter(path, known[key]) for key, path in some.items() if key in known)


def _seen(session: Session, staff: StaffMember, folder: Path) -> Iterator[_Letter]:
    """Those that this account may take."""
    hidden = hidden_residents(session)
    for one in _letters(session, folder):
        if may_see(staff) or not _protected(session, one.dispatch, hidden):
            yield one


def _known(session: Session, staff: StaffMember, folder: Path) -> Sequence[MessageDispatch]:
    return [one.dispatch for one in _seen(session, staff, folder)]


def _protected(session: Session, dispatch: MessageDispatch, hidden: Collection[str]) -> bool:
    return protected_key(session, session.get_one(Message, dispatch.message).atena_no, hidden)


def _counted(name: str, letters: Sequence[MessageDispatch]) -> LetterBatch:
    waiting = [one for one in letters if one.printed_us is None]
    takes = [one.taken_us for one in waiting if one.taken_us is not None]
    prints = [one.printed_us for one in letters if one.printed_us is not None]
    new = len(waiting) - len(takes)
    last_take, last_print = max(takes, default=0), max(prints, default=0)
    return LetterBatch(name, new, len(takes), len(prints), last_take, last_print)


def _note(append: Append, staff: StaffMember, action: str, batch: str, count: int) -> None:
    body = {"action": action, "batch": batch, "count": count, "staff_id": staff.staff_id}
    append.office(EntryKind.MESSAGE, staff.login, body)
