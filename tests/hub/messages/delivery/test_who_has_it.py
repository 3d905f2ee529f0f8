"""What people may decide about a message that a channel has, may have, or sent back."""

import pytest

from hub.errors import MessageStateError
from hub.messages.channels.channel import PermanentError, TemporaryError, UnknownOutcomeError
from hub.messages.delivery import deciding
from hub.messages.delivery.advancing import next_channel
from hub.messages.delivery.engine import DeliveryEngine
from hub.messages.delivery.ledger import sums
from hub.messages.delivery.registering import Wishes, wish
from hub.messages.delivery.states import HoldReason, MessageState
from hub.messages.delivery.view import timeline
from hub.messages.sending.timeline import view
from hub.storage.tables import Message, MessageDispatch
from tests.hub.messages.delivery.post import HOME
from tests.hub.messages.delivery.window import SENDER, WHO, Window


def test_what_came_by_another_channel_is_no_returned_letter(window: Window):
    journal = window.desk.office.journal
    window.registers(Wishes(postal=HOME))
    number = window.send()
    assert window.message(number).state == MessageState.SENT
    with pytest.raises(MessageStateError):
        deciding.letter_returned(journal, SENDER, number)
    assert window.message(number).state == MessageState.SENT
    with window.desk.office.database.reading() as session:
        assert [line.what for line in sums(session, window.engine.rules, "b")] == ["sent"]


@pytest.mark.parametrize("state", [MessageState.READ, MessageState.DELIVERED])
def test_a_letter_that_came_back_is_noted_though_the_message_was_read(
    window: Window, state: MessageState
):
    journal, database = window.desk.office.journal, window.desk.office.database
    with database.writing() as session:
        wish(session, WHO, Wishes(postal=HOME), "clerk")
    number = window.send()
    with database.writing() as session:  # in a box, beside the letter
        message = session.get_one(Message, number)
        message.channel, message.state = "box", state.value
        assert view(session, message, ["paper"]).actions.letter_returned
    deciding.letter_returned(journal, SENDER, number)
    assert window.message(number).state == state
    with database.reading() as session:
        assert [one.what for one in timeline(session, number)][-1] == "letter_returned"
        assert [line.what for line in sums(session, window.engine.rules)] == ["returned", "sent"]
        assert not view(session, message, ["paper"]).actions.letter_returned
    with pytest.raises(MessageStateError):
        deciding.letter_returned(journal, SENDER, number)


def test_what_a_channel_has_is_not_cancelled_while_it_waits_for_a_person(window: Window):
    """Handed over, unread to the end, and no letter can follow: somebody has it all the same."""
    window.registers(Wishes())
    number = window.send(legal=True)
    with window.desk.office.database.writing() as session:
        message = session.get_one(Message, number)
        next_channel(session, window.engine.rules, message, window.desk.office.clock())
        assert message.reason == HoldReason.NO_ADDRESS
        assert not view(session, message, ["paper"]).actions.cancel
    with pytest.raises(MessageStateError):
        deciding.cancel(window.desk.office.journal, SENDER, number)


def test_what_a_channel_may_have_is_not_cancelled_after_it_was_sent_again(window: Window):
    window.registers(Wishes())
    window.courier.answers = [UnknownOutcomeError("x"), TemporaryError("down")]
    number = window.send(legal=True)
    deciding.send_again(window.desk.office.journal, SENDER, number)
    window.engine.run_once()
    message = window.message(number)
    assert (message.state, window.courier.calls) == (MessageState.SENDING, 2)
    with pytest.raises(MessageStateError):
        deciding.cancel(window.desk.office.journal, SENDER, number)


def test_what_was_given_up_in_doubt_did_arrive_after_all(window: Window):
    window.registers(Wishes())
    window.courier.answers = [UnknownOutcomeError("x"), PermanentError("gone")]
    number = window.send()
    with window.desk.office.database.writing() as session:
        session.get_one(MessageDispatch, 1).due_us = 0
    window.engine.run_once()
    message = window.message(number)
    assert (message.state, message.reason) == (MessageState.HELD, HoldReason.NO_ADDRESS)
    with window.desk.office.database.reading() as session:
        actions = view(session, message, ["paper"]).actions
    assert (actions.arrived, actions.cancel) == (True, False)
    deciding.arrived(window.desk.office.journal, window.engine.rules, SENDER, number)
    assert window.message(number).state == MessageState.SENT


def test_a_legal_notice_sent_again_goes_on_where_its_channel_is_gone(window: Window):
    window.registers(Wishes(postal=HOME))
    window.courier.answers = [UnknownOutcomeError("x")]
    number = window.send(legal=True)
    office = window.desk.office
    window.engine.stop()
    window.engine = DeliveryEngine(
        office.database, [window.paper], office.clock, folder=office.settings.state.folder
    )
    window.engine.begin()
    window.engine.run_once()
    assert window.paper.calls == 0
    window.engine._keeper._look_for_lost_at = 0.0
    deciding.send_again(office.journal, SENDER, number)
    window.engine.run_once()
    window.engine.stop()
    assert len(window.paper.taken) == 1
