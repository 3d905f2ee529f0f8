"""The hub's threads outlive what a message, the broker or the database does to them."""

import threading

from sqlalchemy import event

from hub.broker.link import Message
from hub.inbox import Inbox
from hub.messages.answers import Answers
from hub.messages.publications import Publisher
from intake.event.presence import Presence, UnitState, encode_presence
from intake.event.topics import Direction, Topic, Up
from tests.hub.conftest import Desk
from tests.hub.counter_unit import OFFICE
from tests.hub.test_writer import until


def presence(desk: Desk, acked: list[str], word: str) -> Message:
    payload = encode_presence(Presence(UnitState.ONLINE, desk.unit.boot_id, 1))
    topic = Topic(OFFICE, Direction.UP, desk.unit.device, Up.STATE)
    return Message(topic, payload, lambda: acked.append(word))


def test_the_inbox_goes_on_after_an_error_nobody_thought_of(desk: Desk):
    told: list[str] = []

    def changed(_topic: str) -> None:
        told.append("x")
        if len(told) == 1:
            raise ZeroDivisionError

    answers = Answers(
        OFFICE,
        key_of=desk.office.directory.key,
        journal=desk.office.journal,
        receipts=desk.office.receipts,
        postbox=None,  # pyright: ignore[reportArgumentType] - no question is asked here
        returned=lambda _device: (),
    )
    inbox, acked = Inbox(desk.office, answers, changed), list[str]()
    inbox.start()
    inbox.put(presence(desk, acked, "first"))
    inbox.put(presence(desk, acked, "second"))
    until(lambda: acked == ["first", "second"])
    inbox.stop()


def test_the_publisher_goes_on_after_the_database_failed(desk: Desk):
    failing = threading.Event()
    failing.set()
    failed: list[int] = []

    def fail(*_: object) -> None:
        if failing.is_set():
            failed.append(1)
            raise OSError

    event.listen(desk.office.database._engine, "begin", fail)
    published: list[str] = []
    publisher = Publisher(
        OFFICE, desk.office.publications, lambda topic, _payload: published.append(topic)
    )
    publisher.start()
    publisher.all_again()
    until(lambda: failed)
    failing.clear()
    every = len(desk.office.publications.current())
    until(lambda: len(published) >= every)
    publisher.stop()


def test_a_connection_made_while_publishing_gets_everything(desk: Desk):
    """What is handed to a dead connection while the next one comes up is published again."""
    up: list[str] = []

    def publish(topic: str, _payload: bytes) -> None:
        if not up:  # this one is lost; the link is up again before the publisher noted it
            up.append("connected")
            publisher.all_again()
        else:
            up.append(topic)

    every = len(desk.office.publications.current())
    publisher = Publisher(OFFICE, desk.office.publications, publish)
    publisher.start()
    publisher.all_again()
    until(lambda: len({*up[1:]}) == every)
    publisher.stop()
