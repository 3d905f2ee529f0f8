"""Decisions about notifications become messages: once, in plain words, and never in the way."""

import datetime as dt
import os
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, event, select

from hub.accounts.staff import StaffMember
from hub.messages.delivery.recipients import reach
from hub.messages.delivery.resident_key import OURS, key_of, keys_of
from hub.messages.delivery.rules import open_dispatch
from hub.messages.delivery.states import DispatchState, MessageState, Purpose
from hub.messages.from_register.queueing import TellingState
from hub.messages.from_register.telling import tell_due
from hub.messages.message.checking import Checked, check
from hub.messages.message.content import Deadline, Paragraph
from hub.messages.message.page import as_html
from hub.office import Office
from hub.register.protection import set_protection
from hub.review.decide import AcceptOrder, ReturnOrder, accept, send_back
from hub.storage.tables import (
    Alarm,
    DecisionMessage,
    Filing,
    Message,
    MessageContent,
    MessageDispatch,
    MessageRecipient,
    Resident,
    ResidentNumber,
)
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.counter_unit import FiledEvent, move_in
from tests.hub.test_review import accepted, amended, filed


def returned(desk: Desk, taken: FiledEvent, reviewer: StaffMember, reason: str = "証明書") -> None:
    due = dt.date(2099, 1, 31)
    order = ReturnOrder(taken.identity, reason, reviewer.staff_id, due)
    send_back(desk.office, taken.manifest.notification_id, order, reviewer)


def rows(desk: Desk) -> list[DecisionMessage]:
    with desk.office.database.reading() as session:
        return list(session.scalars(select(DecisionMessage).order_by(DecisionMessage.number)))


def messages(desk: Desk) -> list[Message]:
    with desk.office.database.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.number)))


def read(desk: Desk, message: Message) -> Checked:
    with desk.office.database.reading() as session:
        content = session.get_one(MessageContent, message.number).content
    return check(content, desk.office.ring.message_certificates())


def text_of(checked: Checked) -> str:
    return "\n".join(b.text for b in checked.content.main.text if isinstance(b, Paragraph))


def test_acceptance_is_told_with_what_was_registered_and_what_next(desk: Desk):
    taken = filed(desk)
    accepted(desk, taken)
    assert tell_due(desk.office) == 1
    (message,) = messages(desk)
    checked = read(desk, message)
    assert message.message_id == checked.content.message_id
    assert (message.kind, message.atena_no) == ("notification-accepted", f"{OURS}R00000001")
    text = text_of(checked)
    assert taken.manifest.reception_number in text
    assert "飯田橋" in text
    assert "マイナンバーカード" in text
    assert [one.state for one in rows(desk)] == [TellingState.MADE]
    assert checked.content.recipient.name.characters[0].id == "MJ026191"
    assert OURS not in as_html(checked)  # a key of ours says nothing to a resident


def test_a_decision_is_told_once_however_often_it_is_tried(desk: Desk):
    accepted(desk, filed(desk))
    tell_due(desk.office)
    with desk.office.database.writing() as session:
        row = session.scalars(select(DecisionMessage)).one()
        row.state = TellingState.WAITING.value  # as after a restore between two transactions
    tell_due(desk.office)
    assert len(messages(desk)) == 1


def _killed(_connection: Connection) -> None:
    os._exit(9)


@pytest.mark.parametrize("committed", [False, True])
def test_decision_and_note_survive_a_kill_together_or_not_at_all(desk: Desk, committed: bool):
    taken = filed(desk)
    reviewer = staff(desk, "s002", Role.REVIEWER)
    child = os.fork()
    if not child:
        office = Office.open(desk.office.settings)
        if not committed:
            event.listen(Engine, "commit", _killed)
        accept(office, taken.manifest.notification_id, AcceptOrder(taken.identity), reviewer)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert len(rows(desk)) == int(committed)
    with desk.office.database.reading() as session:
        state = session.get_one(Filing, taken.manifest.notification_id).state
    assert state == ("accepted" if committed else "waiting")


def test_a_return_gives_the_reason_to_somebody_who_is_no_resident_yet(desk: Desk):
    taken = filed(desk)
    returned(
        desk, taken, staff(desk, "s002", Role.REVIEWER), "転出証明書の\x0b日付が\r\n読めません"
    )
    tell_due(desk.office)
    (message,) = messages(desk)
    assert message.atena_no == taken.manifest.notification_id.replace("-", "")
    checked = read(desk, message)
    text = text_of(checked)
    assert "転出証明書の日付が\n読めません" in text
    assert "本人確認書類" in text
    assert [one.day for one in checked.content.actions if isinstance(one, Deadline)] == [
        dt.date(2099, 1, 31)
    ]
    with desk.office.database.reading() as session:
        found = reach(session, message.atena_no)
    assert found.postal is not None
    assert "飯田橋" in found.postal.lines[0]


def test_a_later_decision_withdraws_what_no_channel_took(desk: Desk):
    reviewer = staff(desk, "s002", Role.REVIEWER)
    first = filed(desk)
    returned(desk, first, reviewer)
    tell_due(desk.office)
    second = amended(desk, first, staff="s001")
    accepted(desk, second)
    tell_due(desk.office)
    assert [one.state for one in messages(desk)] == [MessageState.CANCELLED, MessageState.CREATED]


def test_a_later_decision_leaves_alone_what_a_channel_has(desk: Desk):
    """Though it waits for a person by now: nobody may be told that it was withdrawn."""
    first = filed(desk)
    returned(desk, first, staff(desk, "s002", Role.REVIEWER))
    tell_due(desk.office)
    with desk.office.database.writing() as session:
        message = session.scalars(select(Message)).one()
        open_dispatch(session, message, "mynaportal", Purpose.MESSAGE, 1)
        session.flush()
        session.scalars(select(MessageDispatch)).one().state = DispatchState.HANDED.value
        message.state = MessageState.HELD.value
    accepted(desk, amended(desk, first, staff="s001"))
    tell_due(desk.office)
    assert [one.state for one in messages(desk)] == [MessageState.HELD, MessageState.CREATED]


def test_a_decision_overtaken_before_it_was_told_is_not_told(desk: Desk):
    reviewer = staff(desk, "s002", Role.REVIEWER)
    first = filed(desk)
    returned(desk, first, reviewer)
    second = amended(desk, first, staff="s001")
    accepted(desk, second)
    tell_due(desk.office)
    assert [one.kind for one in messages(desk)] == ["notification-accepted"]
    assert [one.state for one in rows(desk)] == [TellingState.OVERTAKEN, TellingState.MADE]


def test_what_cannot_be_made_is_a_problem_and_the_decision_stands(desk: Desk):
    taken = filed(desk)
    accepted(desk, taken)
    with desk.office.database.writing() as session:
        session.scalars(select(DecisionMessage)).one().resident_id = "R99999999"
    tell_due(desk.office)
    (row,) = rows(desk)
    assert (row.state, row.problem) == (TellingState.PROBLEM, "no-addressee")
    assert messages(desk) == []
    with desk.office.database.reading() as session:
        assert session.get_one(Filing, taken.manifest.notification_id).state == "accepted"
        assert [a.kind for a in session.scalars(select(Alarm))] == ["message_failed"]
    assert tell_due(desk.office) == 0


def test_the_setting_leaves_residents_alone(desk: Desk):
    settings = desk.office.settings
    sending = replace(settings.sending, tell_decisions=False)
    office = replace(desk.office, settings=replace(settings, sending=sending))
    accepted(replace(desk, office=office), filed(desk))
    assert rows(desk) == []


def test_a_number_that_comes_later_leads_to_the_same_resident(desk: Desk):
    accepted(desk, filed(desk))
    with desk.office.database.writing() as session:
        assert key_of(session, "R00000001") == "registerR00000001"
        session.add(
            ResidentNumber(atena_no="777", resident_id="R00000001", set_us=1, set_by="test")
        )
        session.flush()
        assert keys_of(session, "R00000001") == ("777", "registerR00000001")
        assert reach(session, "777").postal == reach(session, "registerR00000001").postal
        assert reach(session, "R00000001").postal is None


def test_the_household_of_a_protected_person_is_protected_too(desk: Desk):
    accepted(desk, filed(desk))
    guard = staff(desk, "s009", Role.PROTECTED_DESK)
    set_protection(desk.office, guard, "R00000003", protect=True, reason="支援措置")
    with desk.office.database.reading() as session:
        assert reach(session, "registerR00000001").protected


def test_a_return_that_may_concern_a_protected_person_is_protected(desk: Desk):
    accepted(desk, filed(desk))
    guard = staff(desk, "s009", Role.PROTECTED_DESK, Role.REVIEWER)
    set_protection(desk.office, guard, "R00000001", protect=True, reason="支援措置")
    again = filed(desk, move_in())
    returned(desk, again, guard)
    tell_due(desk.office)
    with desk.office.database.reading() as session:
        key = again.manifest.notification_id.replace("-", "")
        assert session.get_one(MessageRecipient, key).protected


def test_a_letter_never_goes_where_somebody_lived_before(desk: Desk):
    accepted(desk, filed(desk))
    with desk.office.database.writing() as session:
        resident = session.get_one(Resident, "R00000001")
        resident.moved_out_on, resident.moved_out_to = "2026-11-30", "東京都港区芝1-1\u3000芝荘"
        session.flush()
        postal = reach(session, "registerR00000001").postal
    assert postal is not None
    assert postal.lines == ("東京都港区芝1-1", "芝荘")
