"""Who may send a batch, and what becomes of it: four eyes, made once, taken back."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from hub.accounts.staff import StaffMember
from hub.clock import JAPAN
from hub.errors import MessageStateError, NotFoundError, RoleError
from hub.log.entry import EntryKind, decode
from hub.messages.batches import current, store
from hub.messages.batches.settling import ItemState
from hub.messages.delivery.deciding import cancel
from hub.messages.delivery.rules import open_dispatch
from hub.messages.delivery.states import DispatchState, MessageState, Purpose
from hub.messages.message.checking import check
from hub.messages.sending import orders
from hub.messages.sending.errors import NothingReadyError, OrderStateError, SameEyesError
from hub.messages.sending.making import make_due
from hub.messages.sending.orders import OrderState, Wanted, agree, ask, refuse
from hub.messages.sending.undoing import let_batch_go_after_all, let_go_after_all, take_back
from hub.messages.sending.worker import Sender
from hub.office import Office
from hub.storage.tables import (
    LogEntry,
    Message,
    MessageContent,
    MessageDispatch,
    SendingItem,
    SendingOrder,
)
from tests.hub.conftest import Desk
from tests.hub.messages.sending.conftest import given

SPRING = int(dt.datetime(2026, 4, 20, tzinfo=JAPAN).timestamp() * 1_000_000)


def limited(desk: Desk, over: int) -> Office:
    settings = desk.office.settings
    return replace(
        desk.office,
        settings=replace(settings, sending=replace(settings.sending, four_eyes_over=over)),
    )


def ready(desk: Desk) -> int:
    with desk.office.database.reading() as session:
        batch = store.one(session, 1)
        return sum(one.state is ItemState.READY for one in current.items(session, batch))


def state(desk: Desk, order: int) -> str:
    with desk.office.database.reading() as session:
        return session.get_one(SendingOrder, order).state


def messages(desk: Desk) -> list[Message]:
    with desk.office.database.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.number)))


def test_a_small_batch_goes_at_once(desk: Desk, sender: StaffMember):
    people = ready(desk)
    order = ask(desk.office, sender, 1, Wanted())
    assert state(desk, order) == OrderState.APPROVED
    assert make_due(desk.office) == 1
    assert state(desk, order) == OrderState.SENT
    assert len(messages(desk)) == people > 5
    assert ready(desk) == 0
    assert {one.batch for one in messages(desk)} == {"1"}


def test_what_is_sent_is_what_was_read(desk: Desk, sender: StaffMember):
    ask(desk.office, sender, 1, Wanted(legal=True))
    make_due(desk.office)
    first = messages(desk)[0]
    with desk.office.database.reading() as session:
        data = session.get_one(MessageContent, first.number).content
    checked = check(data, desk.office.ring.message_certificates())
    content = checked.content
    assert content.message_id == first.message_id
    assert content.legal
    assert first.legal
    assert content.recipient.atena_no == first.atena_no
    assert content.kind == first.kind == "property_tax"
    assert content.main.files[0].data.startswith(b"%PDF")


def test_a_large_batch_waits_for_somebody_else(
    desk: Desk, sender: StaffMember, second: StaffMember
):
    office = limited(desk, 3)
    order = ask(office, sender, 1, Wanted())
    assert state(desk, order) == OrderState.ASKED
    assert make_due(office) == 0
    assert messages(desk) == []
    with pytest.raises(SameEyesError):
        agree(office, sender, order)
    agree(office, second, order)
    make_due(office)
    assert state(desk, order) == OrderState.SENT


def test_who_gave_the_batch_is_no_second_pair_of_eyes(desk: Desk, sender: StaffMember):
    office = limited(desk, 3)
    author = StaffMember("author", "author", "作成者", frozenset(sender.roles))
    order = ask(office, sender, 1, Wanted())
    with pytest.raises(SameEyesError):
        agree(office, author, order)


def test_parts_of_a_large_batch_are_a_large_batch(desk: Desk, sender: StaffMember):
    office = limited(desk, 5)
    with desk.office.database.writing() as session:
        store.one(session, 1).handed = 5
        batch = store.one(session, 1)
        assert orders.needs_second(office, batch, 1)
        assert not orders.needs_second(office, store.one(session, 1), 0)
    order = ask(office, sender, 1, Wanted())
    assert state(desk, order) == OrderState.ASKED


def test_without_the_rule_one_person_alone_would_send(desk: Desk, sender: StaffMember):
    """The control: with the limit out of reach the same two steps by one person go through."""
    order = ask(limited(desk, 10_000), sender, 1, Wanted())
    assert state(desk, order) == OrderState.APPROVED


def test_only_senders_send(desk: Desk, sender: StaffMember):
    nobody = replace(sender, roles=frozenset())
    for act in (
        lambda: ask(desk.office, nobody, 1, Wanted()),
        lambda: agree(desk.office, nobody, 1),
        lambda: refuse(desk.office, nobody, 1),
        lambda: take_back(desk.office, nobody, 1),
        lambda: let_go_after_all(desk.office, nobody, 1),
    ):
        with pytest.raises(RoleError):
            act()


def test_one_order_at_a_time_and_none_without_anything_ready(
    desk: Desk, sender: StaffMember, second: StaffMember
):
    office = limited(desk, 3)
    order = ask(office, sender, 1, Wanted())
    with pytest.raises(OrderStateError):
        ask(office, second, 1, Wanted())
    refuse(office, second, order)
    with pytest.raises(OrderStateError):
        agree(office, second, order)
    agree(office, second, ask(office, sender, 1, Wanted()))
    make_due(office)
    with pytest.raises(NothingReadyError):
        ask(office, sender, 1, Wanted())


def test_what_would_come_after_its_own_deadline_is_not_sent(desk: Desk, sender: StaffMember):
    office = replace(desk.office, clock=lambda: SPRING)
    office.journal.clock = office.clock
    ask(office, sender, 1, Wanted(not_before=dt.datetime(2026, 11, 20)))  # noqa: DTZ001 - as typed, in Japan
    make_due(office)
    with desk.office.database.reading() as session:
        problems = session.scalars(select(SendingItem.problem)).all()
    assert problems.count("message_refused") == ready(desk) > 5
    assert problems.count("") == len(messages(desk)) == 1  # due on the 25th


def test_a_time_to_come_is_the_messages_due_time(desk: Desk, sender: StaffMember):
    office = replace(desk.office, clock=lambda: SPRING)
    office.journal.clock = office.clock
    ask(office, sender, 1, Wanted(not_before=dt.datetime(2026, 5, 1, 9)))  # noqa: DTZ001 - as a form gives it
    make_due(office)
    nine = int(dt.datetime(2026, 5, 1, 9, tzinfo=JAPAN).timestamp() * 1_000_000)
    assert {one.due_us for one in messages(desk)} == {nine}


def test_taking_back_reaches_what_no_channel_has(desk: Desk, sender: StaffMember):
    ask(desk.office, sender, 1, Wanted())
    make_due(desk.office)
    with desk.office.database.writing() as session:
        gone = session.get_one(Message, messages(desk)[0].number)
        gone.state = MessageState.HANDED.value
    taken = take_back(desk.office, sender, 1)
    assert (taken.gone, taken.cancelled) == (1, len(messages(desk)) - 1)
    last = messages(desk)[-1]
    assert last.state == MessageState.CANCELLED
    let_go_after_all(desk.office, sender, last.number)
    assert messages(desk)[-1].state == MessageState.CREATED
    with pytest.raises(MessageStateError):
        let_go_after_all(desk.office, sender, last.number)


def test_a_whole_batch_goes_on_after_all(desk: Desk, sender: StaffMember):
    ask(desk.office, sender, 1, Wanted())
    make_due(desk.office)
    cancelled = take_back(desk.office, sender, 1).cancelled
    assert let_batch_go_after_all(desk.office, sender, 1) == cancelled == len(messages(desk))
    assert {one.state for one in messages(desk)} == {MessageState.CREATED}
    assert let_batch_go_after_all(desk.office, sender, 1) == 0


def test_what_was_cancelled_for_itself_stays_so(desk: Desk, sender: StaffMember):
    ask(desk.office, sender, 1, Wanted())
    make_due(desk.office)
    alone, *others = messages(desk)
    cancel(desk.office.journal, sender, alone.number)
    assert take_back(desk.office, sender, 1).cancelled == len(others)
    assert let_batch_go_after_all(desk.office, sender, 1) == len(others)
    assert messages(desk)[0].state == MessageState.CANCELLED
    take_back(desk.office, sender, 1)
    again = given(desk.office)
    order = ask(desk.office, sender, again, Wanted())
    make_due(desk.office)
    assert messages(desk)[0].state == MessageState.CANCELLED
    assert {one.batch for one in messages(desk)[1:]} == {str(again)}
    with desk.office.database.reading() as session:
        rows = session.scalars(select(SendingItem).where(SendingItem.order == order)).all()
        assert [one.problem for one in rows if one.problem] == ["cancelled"]


def test_what_a_channel_has_is_not_taken_back(desk: Desk, sender: StaffMember):
    """Unread in a box, and on its way to be a letter."""
    ask(desk.office, sender, 1, Wanted())
    make_due(desk.office)
    first = messages(desk)[0]
    with desk.office.database.writing() as session:
        message = session.get_one(Message, first.number)
        message.state = MessageState.SENDING.value
        open_dispatch(session, message, "mynaportal", Purpose.MESSAGE, 1)
        session.flush()
        box = session.scalars(select(MessageDispatch)).one()
        box.state = DispatchState.DELIVERED.value
        open_dispatch(session, message, "letter", Purpose.MESSAGE, 1)
    taken = take_back(desk.office, sender, 1)
    assert (taken.gone, messages(desk)[0].state) == (1, MessageState.SENDING)


def test_what_was_taken_back_is_sent_when_it_is_given_again(desk: Desk, sender: StaffMember):
    """It has the same delivery key: known to delivery, and cancelled there."""
    ask(desk.office, sender, 1, Wanted())
    make_due(desk.office)
    take_back(desk.office, sender, 1)
    before = {one.number: one.state for one in messages(desk)}
    assert set(before.values()) == {MessageState.CANCELLED}
    again = given(desk.office)
    ask(desk.office, sender, again, Wanted(legal=True))
    make_due(desk.office)
    found = messages(desk)
    assert {one.number for one in found} == set(before), "none is there twice"
    assert {(one.state, one.batch, one.legal) for one in found} == {
        (MessageState.CREATED, str(again), True)
    }


def test_an_order_that_waits_is_taken_back_before_anything_is_made(desk: Desk, sender: StaffMember):
    office = limited(desk, 3)
    order = ask(office, sender, 1, Wanted())
    take_back(office, sender, 1)
    assert state(desk, order) == OrderState.CANCELLED
    assert ready(desk) > 3


def test_what_changed_since_is_not_sent(desk: Desk, sender: StaffMember, second: StaffMember):
    office = limited(desk, 3)
    order = ask(office, sender, 1, Wanted())
    with desk.office.database.writing() as session:
        item = session.scalars(select(SendingItem)).first()
        assert item is not None
        item.fingerprint = "another"
        number = item.item
    agree(office, second, order)
    make_due(office)
    with desk.office.database.reading() as session:
        assert session.get_one(SendingItem, (order, number)).problem == "changed"
    assert ready(desk) == 1


def test_every_step_is_in_the_log_without_a_name(
    desk: Desk, sender: StaffMember, second: StaffMember
):
    office = limited(desk, 3)
    agree(office, second, ask(office, sender, 1, Wanted()))
    make_due(office)
    take_back(office, sender, 1)
    with desk.office.database.reading() as session:
        rows = session.scalars(select(LogEntry).where(LogEntry.kind == EntryKind.MESSAGE.value))
        bodies = [decode(row.payload).body for row in rows if row.payload]
    assert [one["action"] for one in bodies] == ["ask_to_send", "agree_to_send", "take_back"]
    assert "佐藤" not in str(bodies)


def test_an_order_that_fails_keeps_no_other_one_waiting(desk: Desk, sender: StaffMember):
    with desk.office.database.writing() as session:
        nowhere = SendingOrder(batch=99, state=OrderState.APPROVED.value, people=1, legal=False)
        nowhere.asked_by, nowhere.asked_us, nowhere.changed_us = sender.login, 1, 1
        session.add(nowhere)
    order = ask(desk.office, sender, 1, Wanted())
    with pytest.raises(NotFoundError):
        Sender(desk.office).run_once()
    assert state(desk, order) == OrderState.SENT


@pytest.mark.parametrize("step", ["signed", "stored", "accepted"])
def test_a_kill_loses_and_doubles_nothing(desk: Desk, sender: StaffMember, step: str):
    people = ready(desk)
    ask(desk.office, sender, 1, Wanted())

    class KilledError(Exception):
        pass

    def passed(name: str) -> None:
        if name == step:
            raise KilledError

    with pytest.raises(KilledError):
        make_due(desk.office, passed)
    make_due(desk.office)
    with desk.office.database.reading() as session:
        count = session.scalar(select(func.count()).select_from(Message))
        order = orders.newest(session, 1)
    assert order is not None
    assert (count, order.made, order.state) == (people, people, OrderState.SENT)
    assert ready(desk) == 0
