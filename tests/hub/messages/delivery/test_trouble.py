"""A disk that is full, a hub that stops, reports that lie: nothing lost, nothing doubled."""

import sqlite3
import time
from collections.abc import Callable
from typing import cast

import pytest
from sqlalchemy import event

from hub.alarms import AlarmKind
from hub.errors import StateError, StorageError
from hub.messages.channels.channel import Handed, Receipt, ReceiptKind
from hub.messages.delivery import engine as engines
from hub.messages.delivery.engine import DeliveryEngine
from hub.messages.delivery.registering import Wishes
from hub.messages.delivery.states import DispatchState, HoldReason, MessageState
from hub.storage.tables import Alarm, MessageAttempt, MessageDispatch
from tests.hub.messages.delivery.post import HOME, MINUTE, Obeying, Post, outgoing

WHO = "100000000000001"


class Disk:
    """Makes the database refuse every write while it is full."""

    def __init__(self, post: Post) -> None:
        self.full = False
        event.listen(post.database._engine, "checkout", self._checkout)

    def _checkout(self, connection: sqlite3.Connection, *_pool: object) -> None:
        connection.execute(f"PRAGMA query_only={int(self.full)}")


def alarms(post: Post) -> set[str]:
    with post.database.reading() as session:
        return {alarm.kind for alarm in session.query(Alarm)}


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_nothing_is_called_that_cannot_be_written_down(post: Post, box: Obeying):
    disk = Disk(post)
    post.registers(WHO, "box")
    post.accept(outgoing())
    disk.full = True
    with pytest.raises(StorageError):
        post.wait(0)
    assert box.calls == 0
    disk.full = False
    post.wait(0)
    assert len(box.taken) == 1


def test_an_outcome_waits_in_memory_for_room(post: Post, courier: Obeying):
    disk = Disk(post)

    def fill() -> None:
        disk.full = True

    courier.always = fill
    post.registers(WHO, "courier")
    number = post.accept(outgoing(legal=True))
    with pytest.raises(StorageError):
        post.wait(0)
    assert courier.calls == 1
    courier.always = lambda: None
    disk.full = False
    post.wait(0)
    assert courier.calls == 1
    assert post.message(number).state == MessageState.SENT
    assert len(post.ledger()) == 1


def test_an_outcome_that_no_table_takes_keeps_no_other_waiting(post: Post, paper: Obeying):
    post.wishes(WHO, Wishes(postal=HOME))
    broken, whole = post.accept(outgoing()), post.accept(outgoing(number="税-2"))
    paper.answers = [Handed("a", cast("int", "two pages")), Handed("b", 2)]
    post.wait(0)
    assert paper.calls == 2
    assert post.message(whole).state == MessageState.SENT
    assert post.message(broken).state == MessageState.UNKNOWN
    post.wait(6 * MINUTE)
    assert post.message(broken).state == MessageState.SENT
    assert len(post.ledger()) == 2


def test_the_threads_outlive_a_full_disk_and_say_so(
    post: Post, box: Obeying, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engines, "AFTER_TROUBLE_S", 0.05)
    disk = Disk(post)
    post.registers(WHO, "box")
    post.accept(outgoing())
    post.engine.stop()
    disk.full = True
    engine = DeliveryEngine(post.database, [box], lambda: post.now, folder=post.folder, poll_s=0.05)
    engine.start()
    try:
        time.sleep(0.3)
        assert box.calls == 0
        disk.full = False
        until(lambda: len(box.taken) == 1)
        until(lambda: AlarmKind.DELIVERY_STOPPED in alarms(post))
        box.report(ReceiptKind.READ)
        until(lambda: post.message(1).state == MessageState.READ)
    finally:
        engine.stop()


def test_two_engines_do_not_share_a_folder(post: Post, box: Obeying):
    other = DeliveryEngine(post.database, [box], lambda: post.now, folder=post.folder)
    with pytest.raises(StateError):
        other.begin()
    other.stop()


@pytest.mark.parametrize("legal", [False, True])
def test_a_call_under_way_at_the_stop_is_unknown(
    post: Post, box: Obeying, courier: Obeying, legal: bool
):
    post.registers(WHO, "courier" if legal else "box")
    number = post.accept(outgoing(legal=legal))
    post.engine._keeper.turn()
    with post.database.writing() as session:
        row = session.get_one(MessageDispatch, 1)
        row.state, row.due_us, row.tries = DispatchState.CALLING.value, None, 1
        session.add(MessageAttempt(dispatch=1, ordinal=1, started_us=post.now, outcome="calling"))
    post.again()
    post.wait(0)
    message = post.message(number)
    assert post.attempts()[0].outcome == "unknown"
    if legal:
        assert (message.state, message.reason) == (MessageState.HELD, HoldReason.OUTCOME_UNKNOWN)
        assert courier.calls == 0
    else:
        assert message.state == MessageState.HANDED
        assert box.calls == 1


def test_reports_about_what_was_never_sent_are_not_believed(post: Post, box: Obeying):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(quiet=(0, 23 * 60)))
    number = post.accept(outgoing())
    post.wait(0)
    key = post.dispatches(number)[0].key
    box.reports = [Receipt(key, ReceiptKind.READ, 0), Receipt("x", ReceiptKind.READ, 0)]
    post.wait(0)
    assert post.message(number).state == MessageState.SENDING
    assert AlarmKind.CHANNEL_LIES in alarms(post)


def test_reports_that_come_twice_or_in_the_wrong_order_change_nothing(post: Post, box: Obeying):
    post.registers(WHO, "box")
    number = post.accept(outgoing())
    post.wait(0)
    for kind in (ReceiptKind.READ, ReceiptKind.DELIVERED, ReceiptKind.READ, ReceiptKind.REFUSED):
        box.report(kind)
    post.wait(0)
    assert post.message(number).state == MessageState.READ
    assert post.timeline(number).count("read") == 1
    assert len(post.ledger()) == 1


def test_a_channel_that_is_taken_away_hands_on_to_the_next(post: Post, paper: Obeying):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME, quiet=(0, 23 * 60)))
    number = post.accept(outgoing())
    post.wait(0)
    del post.channels["box"]
    post.again()
    post.wait(0)
    assert post.message(number).channel == "paper"
    assert len(paper.taken) == 1
