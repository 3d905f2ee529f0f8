"""Letters in the print folder: who takes them, and what is said to be printed."""

import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.errors import MessageStateError, NotFoundError, RoleError
from hub.messages.delivery.rules import open_dispatch
from hub.messages.delivery.states import DispatchState, Purpose
from hub.messages.sending import letters
from hub.storage.tables import Message, MessageDispatch, MessageRecipient
from intake.office.roster import Role
from tests.hub.browser import Browser
from tests.hub.conftest import Desk, Opened
from tests.hub.messages.sending.conftest import logged_in
from tests.hub.messages.sending.test_pages import post, sent


def test_letters_are_taken_without_those_of_protected_persons(opened: Opened):
    desk = opened.desk
    folder = desk.office.settings.channels.letter.folder
    assert folder is not None
    sender = logged_in(opened, "s1")
    assert "印刷を待っている手紙はありません" in sender.get("/messages/letters").text
    (folder / "1").mkdir()
    for message in sent(opened)[:3]:
        put_letter(desk, folder, message)
    (folder / "1" / "M-999999_nobody.pdf").write_bytes(b"%PDF-1.7 whose")
    with desk.office.database.writing() as session:
        session.get_one(MessageRecipient, sent(opened)[1].atena_no).protected = True
    assert taken_by(desk, "s1", Role.SENDER) == ["M-000001.pdf", "M-000003.pdf"]
    assert taken_by(desk, "s1", Role.SENDER) == ["M-000001.pdf", "M-000003.pdf"], "a paper jam"
    assert "印刷が済んだ" in sender.get("/messages/letters").text
    assert len(taken_by(desk, "guard", Role.PROTECTED_DESK)) == 3, "what nobody knows is no letter"
    with pytest.raises(NotFoundError):
        letters.archive(desk.office, member("s1", Role.SENDER), "../state", io.BytesIO())
    with pytest.raises(RoleError):
        letters.archive(desk.office, member("a1", Role.AUDITOR), "1", io.BytesIO())


def test_printed_letters_are_in_no_archive_until_that_is_undone(opened: Opened):
    desk = opened.desk
    folder = desk.office.settings.channels.letter.folder
    assert folder is not None
    (folder / "1").mkdir()
    one, two, three = sent(opened)[:3]
    put_letter(desk, folder, one)
    put_letter(desk, folder, two)
    sender = logged_in(opened, "s1")
    assert say_printed(sender, desk) == 409, "nothing is taken"
    answer = sender.form("/messages/letters/take", csrf_token=sender.csrf_token, batch="1")
    assert answer.status == 200
    data = answer.text.encode("utf-8", "surrogateescape")
    with zipfile.ZipFile(io.BytesIO(data)) as taken:
        assert taken.namelist() == ["M-000001.pdf", "M-000002.pdf"]
        assert taken.testzip() is None
    put_letter(desk, folder, three)
    assert counts(desk) == (1, 2, 0)
    assert say_printed(sender, desk) == 303
    assert counts(desk) == (1, 0, 2)
    assert taken_by(desk, "s1", Role.SENDER) == ["M-000003.pdf"]
    assert say_printed(sender, desk) == 303
    last = seen(desk).last_print
    for status in (303, 409):  # a second click undoes no print before it
        assert say_printed(sender, desk, undo="1", mark=str(last)) == status
    assert counts(desk) == (0, 1, 2)
    assert say_printed(sender, desk, undo="1") == 303
    assert taken_by(desk, "s1", Role.SENDER) == ["M-000001.pdf", "M-000002.pdf", "M-000003.pdf"]
    assert say_printed(sender, desk) == 303
    assert post(sender, "/messages/letters/take", batch="1")[0] == 404
    assert "取り消す" in sender.get("/messages/letters").text


def test_what_another_person_took_since_is_not_said_to_be_printed(opened: Opened):
    desk = opened.desk
    folder = desk.office.settings.channels.letter.folder
    assert folder is not None
    (folder / "1").mkdir()
    (folder / "印刷済み").mkdir()
    one, two, three = sent(opened)[:3]
    put_letter(desk, folder, one)
    taken_by(desk, "s1", Role.SENDER)
    first = seen(desk).last_take
    put_letter(desk, folder, two)
    taken_by(desk, "s2", Role.SENDER)
    with pytest.raises(MessageStateError):
        letters.printed(desk.office, member("s1", Role.SENDER), "1", first)
    assert counts(desk) == (0, 2, 0)
    assert letters.printed(desk.office, member("s2", Role.SENDER), "1", seen(desk).last_take) == 2
    put_letter(desk, folder, three)
    with desk.office.database.writing() as session:
        session.scalars(
            select(MessageDispatch).where(MessageDispatch.message == three.number)
        ).one().state = DispatchState.REFUSED.value
    assert counts(desk) == (0, 0, 2), "what came back is not printed again"


def seen(desk: Desk) -> letters.LetterBatch:
    [found] = letters.letter_batches(desk.office, member("s1", Role.SENDER))
    return found


def counts(desk: Desk) -> tuple[int, int, int]:
    found = seen(desk)
    return found.new, found.taken, found.printed


def say_printed(sender: Browser, desk: Desk, mark: str = "", **undo: str) -> int:
    mark = mark or str(seen(desk).last_print if undo else seen(desk).last_take)
    return post(sender, "/messages/letters/printed", batch="1", mark=mark, **undo)[0]


def put_letter(desk: Desk, folder: Path, message: Message) -> None:
    key = f"key-of-{message.number}"
    with desk.office.database.writing() as session:
        open_letter(session, message, key)
    (folder / "1" / f"M-{message.number:06d}_{key}.pdf").write_bytes(b"%PDF-1.7 a letter")


def open_letter(session: Session, message: Message, key: str) -> None:
    open_dispatch(session, message, "letter", Purpose.MESSAGE, 1)
    session.flush()
    row = session.scalars(
        select(MessageDispatch).where(MessageDispatch.message == message.number)
    ).one()
    row.key, row.state = key, DispatchState.HANDED.value


def member(login: str, role: Role) -> StaffMember:
    return StaffMember(login, login, login, frozenset({role}))


def taken_by(desk: Desk, login: str, role: Role) -> list[str]:
    data = io.BytesIO()
    letters.archive(desk.office, member(login, role), "1", data)
    with zipfile.ZipFile(data) as taken:
        return taken.namelist()
