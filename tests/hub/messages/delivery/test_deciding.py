"""What people decide about messages: each with its role, its entry in the log, and once."""

import pytest
from sqlalchemy import select

from hub.alarms import AlarmKind
from hub.errors import BadRequestError, MessageStateError, NotFoundError, RoleError
from hub.messages.channels.channel import PermanentError, TemporaryError, UnknownOutcomeError
from hub.messages.delivery import deciding
from hub.messages.delivery.accepting import accept
from hub.messages.delivery.ledger import sums
from hub.messages.delivery.recipients import reach
from hub.messages.delivery.registering import Wishes, register, release_channel, wish
from hub.messages.delivery.resident_key import OURS
from hub.messages.delivery.states import HoldReason, MessageState
from hub.messages.delivery.view import channel_rows, hand_overs, progress, timeline
from hub.storage.tables import (
    Alarm,
    MessageRegistration,
    ResidentNumber,
)
from tests.hub.messages.delivery.post import HOME, outgoing
from tests.hub.messages.delivery.window import GUARD, SENDER, WHO, Window
from tests.hub.test_review import accepted, filed


def test_a_protected_address_waits_for_its_desk(window: Window):
    journal = window.desk.office.journal
    window.registers(Wishes(postal=HOME, protected=True))
    number = window.send()
    assert window.message(number).reason == HoldReason.PROTECTED_ADDRESS
    with pytest.raises(RoleError):
        deciding.release_address(journal, SENDER, number)
    deciding.release_address(journal, GUARD, number)
    window.engine.run_once()
    assert (len(window.paper.taken), len(window.courier.taken)) == (1, 0)
    assert window.message(number).state == MessageState.SENT
    assert window.entries() == 1


def test_protection_set_after_the_letter_was_routed_holds_it(window: Window):
    window.paper.answers = [TemporaryError("down", again_s=0.0)]
    with window.desk.office.database.writing() as session:
        wish(session, WHO, Wishes(postal=HOME), "clerk")
        number = accept(session, outgoing(WHO, "1"), "sender").number
    window.engine._keeper.turn()
    with window.desk.office.database.writing() as session:
        wish(session, WHO, Wishes(postal=HOME, protected=True), "clerk")
    window.engine.run_once()
    assert window.paper.calls == 0
    assert window.message(number).reason == HoldReason.PROTECTED_ADDRESS
    deciding.release_address(window.desk.office.journal, GUARD, number)
    assert window.message(number).state == MessageState.SENDING
    window.paper.answers = []
    window.engine.run_once()
    assert len(window.paper.taken) == 1
    assert window.message(number).state == MessageState.SENT
    with window.desk.office.database.reading() as session:
        assert MessageState.PERMANENT_FAILURE not in [e.what for e in timeline(session, number)]
        kinds = [alarm.kind for alarm in session.scalars(select(Alarm))]
    assert AlarmKind.MESSAGE_FAILED not in kinds


def test_a_dead_address_is_dead_under_whichever_key_it_was_registered(window: Window):
    desk = window.desk
    accepted(desk, filed(desk), "s9")
    with desk.office.database.writing() as session:
        register(session, f"{OURS}R00000001", "courier", "dead", "clerk")
        session.add(ResidentNumber(atena_no="777", resident_id="R00000001", set_us=1, set_by="t"))
        accept(session, outgoing("777", "1"), "sender")
    window.courier.answers = [PermanentError("no_such_address", suppress=True)]
    window.engine.run_once()
    with desk.office.database.reading() as session:
        assert reach(session, "777").ways == ()


def test_a_channel_is_released_by_its_desk(window: Window):
    journal = window.desk.office.journal
    window.registers(Wishes(postal=HOME, protected=True))
    with pytest.raises(RoleError):
        release_channel(journal, SENDER, WHO, "courier", release=True)
    release_channel(journal, GUARD, WHO, "courier", release=True)
    window.send()
    assert len(window.courier.taken) == 1
    release_channel(journal, GUARD, WHO, "courier", release=False)
    with window.desk.office.database.reading() as session:
        assert session.get_one(MessageRegistration, (WHO, "courier")).released_by is None
    with pytest.raises(NotFoundError):
        release_channel(journal, GUARD, WHO, "box", release=True)


def test_an_unknown_legal_notice_is_settled_by_a_person(window: Window):
    journal, rules = window.desk.office.journal, window.engine.rules
    window.registers(Wishes())
    window.courier.answers = [UnknownOutcomeError("x"), UnknownOutcomeError("x")]
    first, second = window.send(legal=True), window.send(legal=True, number="2")
    with pytest.raises(MessageStateError):
        deciding.cancel(journal, SENDER, first)
    deciding.arrived(journal, rules, SENDER, first)
    deciding.send_again(journal, SENDER, second)
    window.engine.run_once()
    assert window.message(first).state == window.message(second).state == MessageState.SENT
    assert len(window.courier.taken) == 1
    with window.desk.office.database.reading() as session:
        assert [line.count for line in sums(session, rules, "b")] == [2]
        assert [call.outcome for call in hand_overs(session, second)[0].calls] == [
            "unknown",
            "handed",
        ]
        assert progress(session, "b") == {"sent": 2}
    with pytest.raises(MessageStateError):
        deciding.send_again(journal, SENDER, second)


def test_a_letter_with_findings_is_made_again_after_a_person_looked(window: Window):
    with window.desk.office.database.writing() as session:
        wish(session, WHO, Wishes(postal=HOME), "clerk")
    window.paper.answers = [PermanentError("content_in_window:1", person=True)]
    number = window.send()
    message = window.message(number)
    assert (message.state, message.reason) == (MessageState.HELD, HoldReason.LETTER_CHECKS)
    with window.desk.office.database.reading() as session:
        assert "content_in_window:1" in [event.detail for event in timeline(session, number)]
    deciding.send_again(window.desk.office.journal, SENDER, number)
    window.engine.run_once()
    assert window.message(number).state == MessageState.SENT


@pytest.mark.parametrize("legal", [False, True])
def test_what_failed_for_too_long_goes_out_once_its_channel_is_back(window: Window, *, legal: bool):
    with window.desk.office.database.writing() as session:
        wish(session, WHO, Wishes(postal=HOME), "clerk")
    window.paper.answers = [PermanentError("print_folder_missing")]
    number = window.send(legal=legal)
    assert window.message(number).state == MessageState.PERMANENT_FAILURE
    deciding.send_again(window.desk.office.journal, SENDER, number)
    window.engine.run_once()
    assert window.message(number).state == MessageState.SENT
    assert len(window.paper.taken) == 1


def test_what_failed_and_has_no_letter_goes_out_once_its_channel_is_back(window: Window):
    window.registers(Wishes())
    window.courier.answers = [PermanentError("refused_413")]
    number = window.send()
    assert window.message(number).reason == HoldReason.NO_ADDRESS
    deciding.send_again(window.desk.office.journal, SENDER, number)
    window.engine.run_once()
    assert window.message(number).state == MessageState.SENT
    assert len(window.courier.taken) == 1


def test_what_fails_again_takes_the_way_that_was_opened_meanwhile(window: Window):
    window.registers(Wishes())
    window.courier.answers = [PermanentError("refused_413"), PermanentError("refused_413")]
    number = window.send()
    with window.desk.office.database.writing() as session:
        wish(session, WHO, Wishes(postal=HOME), "clerk")
    deciding.send_again(window.desk.office.journal, SENDER, number)
    window.engine.run_once()
    assert (len(window.courier.taken), len(window.paper.taken)) == (0, 1)


def test_a_returned_letter_is_noted_once_and_in_the_ledger(window: Window):
    journal = window.desk.office.journal
    with window.desk.office.database.writing() as session:
        wish(session, WHO, Wishes(postal=HOME), "clerk")
    number = window.send()
    with window.desk.office.database.reading() as session:
        assert deciding.find_letter(session, f" m-{number:08d} ") == number
        with pytest.raises(BadRequestError):
            deciding.find_letter(session, "not a number")
        with pytest.raises(NotFoundError):
            deciding.find_letter(session, "M-99999999")
    deciding.letter_returned(journal, SENDER, number)
    with pytest.raises(MessageStateError):
        deciding.letter_returned(journal, SENDER, number)
    with window.desk.office.database.reading() as session:
        lines = sums(session, window.engine.rules, "b")
    assert [(line.what, line.count, line.postage_yen, line.print_yen) for line in lines] == [
        ("returned", 1, 0, 0),
        ("sent", 1, 110, 13),
    ]


def test_cancelling_before_any_channel_was_called(window: Window):
    journal = window.desk.office.journal
    window.registers(Wishes())
    with window.desk.office.database.writing() as session:
        number = accept(session, outgoing(WHO, "1"), "sender").number
    deciding.cancel(journal, SENDER, number)
    window.engine.run_once()
    assert window.courier.calls == 0
    assert window.message(number).state == MessageState.CANCELLED
    with pytest.raises(NotFoundError):
        deciding.cancel(journal, SENDER, 999)


def test_a_channel_paused_by_hand_waits_for_a_person(window: Window):
    journal, office = window.desk.office.journal, window.desk.office
    deciding.pause_channel(journal, SENDER, "courier", pause=True)
    window.registers(Wishes())
    window.send()
    assert window.courier.calls == 0
    with office.database.reading() as session:
        row = channel_rows(session, [window.courier], office.clock())[0]
    assert (row.state, row.waiting) == ("paused", 1)
    deciding.pause_channel(journal, SENDER, "courier", pause=False)
    window.engine.run_once()
    assert window.courier.calls == 1
    with pytest.raises(RoleError):
        deciding.pause_channel(journal, GUARD, "courier", pause=True)
