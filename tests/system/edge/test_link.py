"""The link over a real mosquitto: receipts close rows, and nothing else does."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from edge.outbox import Outbox, RowState
from edge.session.sealing import Filing, file_event
from edge.settings import Broker
from edge.unit_process import UnitProcess
from intake.event import topics
from intake.event.ids import new_notification_id
from intake.event.manifest import EventKind, PartName, Staff
from intake.event.presence import decode_presence
from intake.event.topics import Up
from tests.edge.a_unit import KEY, settings_for, until
from tests.edge.enrolment import DEVICE, OFFICE, Authority, OfficeDouble, enrol
from tests.system.edge.broker import Mosquitto, OfficeOnBroker

pytestmark = pytest.mark.system
FAST = Broker(resend_seconds=0.3, resend_ceiling_seconds=1.0)


class Scene:
    """Broker and office, real and apart from the unit."""

    def __init__(self, folder: Path, port: int) -> None:
        authority = Authority()
        self.folder = folder
        self.office = OfficeDouble()
        enrol(folder / "identity", authority, self.office, port)
        self.broker = Mosquitto(folder / "broker", authority, port)
        self.hub = OfficeOnBroker(folder / "broker", authority, self.office, port)

    @contextlib.asynccontextmanager
    async def unit(self, broker: Broker = FAST) -> AsyncGenerator[UnitProcess]:
        process = UnitProcess(settings_for(self.folder, broker=broker), KEY)
        running = asyncio.create_task(process.link.run())
        try:
            yield process
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            process.close()


@pytest.fixture
def scene(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[Scene]:
    found = Scene(tmp_path, free_port())
    found.broker.start()
    found.hub.start()
    yield found
    found.hub.stop()
    found.broker.kill()


def file_one(process: UnitProcess) -> bytes:
    counter = process.counter
    keyset = counter.office.words.keyset
    assert keyset is not None
    filing = Filing(
        kind=EventKind.FILED,
        notification_id=new_notification_id(),
        procedure="move_in",
        revision=1,
        supersedes=None,
        reception_number=None,
        staff=Staff("sato", "pin"),
        parts={PartName.NOTIFICATION: b"content"},
    )
    row = file_event(
        filing, unit=counter.unit, keyset=keyset, clock=counter.clock, outbox=counter.outbox
    )
    counter.filed(row.identity)
    return row.identity


def journalled(outbox: Outbox) -> int:
    return len(outbox.rows(RowState.JOURNALLED, limit=10_000))


async def told(process: UnitProcess) -> None:
    words = process.counter.office.words
    await until(lambda: words.keyset is not None and words.roster is not None)


async def test_keys_and_roster_come_and_a_row_is_closed_by_its_receipt(scene: Scene) -> None:
    async with scene.unit() as process:
        await told(process)
        identity = file_one(process)
        await until(lambda: journalled(process.counter.outbox) == 1)
        assert process.counter.outbox.waiting() == ()
        assert scene.office.envelopes[identity] == process.counter.outbox.envelope(identity)
        assert process.link.status.connected


async def test_broker_killed_and_started_again_loses_nothing(scene: Scene) -> None:
    async with scene.unit() as process:
        await told(process)
        identities = [file_one(process) for _ in range(3)]
        await until(lambda: journalled(process.counter.outbox) == 3)
        scene.broker.kill()
        await until(lambda: not process.link.status.connected)
        identities += [file_one(process) for _ in range(5)]
        await asyncio.sleep(0.5)
        assert len(process.counter.outbox.waiting()) == 5
        scene.broker.start()
        await until(lambda: process.counter.outbox.waiting() == (), 30)
    assert sorted(scene.office.log.leaves) == sorted(identities)


async def test_rows_that_waited_are_sent_after_a_restart_of_the_unit(scene: Scene) -> None:
    async with scene.unit() as process:
        await told(process)
        scene.hub.behaviour.receipts = False
        identity = file_one(process)
        await until(lambda: len(scene.hub.arrived) >= 1)
    scene.hub.behaviour.receipts = True
    async with scene.unit() as process:
        await until(lambda: journalled(process.counter.outbox) == 1)
        assert scene.office.log.leaves == [identity]


async def test_what_is_lost_before_the_commit_is_sent_again_unchanged(scene: Scene) -> None:
    scene.hub.behaviour.ignore_first = 2
    async with scene.unit() as process:
        await told(process)
        identity = file_one(process)
        await until(lambda: journalled(process.counter.outbox) == 1)
        assert len(scene.hub.arrived) == 3
        assert set(scene.hub.arrived) == {process.counter.outbox.envelope(identity)}


async def test_control_closing_rows_on_puback_loses_what_dies_before_the_commit(
    scene: Scene,
) -> None:
    scene.hub.behaviour.ignore_first = 1
    async with scene.unit() as process:
        await told(process)
        outbox, connection = process.counter.outbox, process.link._connection
        client = connection._client
        assert client is not None
        acknowledged: list[int] = []

        def on_publish(*_: object) -> None:
            acknowledged.append(1)

        client.on_publish = on_publish
        identity = file_one(process)
        await until(lambda: bool(acknowledged))
        outbox.close(identity, RowState.JOURNALLED, b"puback", 1, None)  # what must not be done
        process.link._plan.receipted(identity)
        await asyncio.sleep(1.0)
        assert outbox.waiting() == (), "the row is gone"
        assert scene.office.log.leaves == [], "and the office never stored it"


async def test_quarantine_ends_the_resending_and_stays_visible(scene: Scene) -> None:
    scene.hub.behaviour.receipts = False
    async with scene.unit() as process:
        await told(process)
        identity = file_one(process)
        await until(lambda: len(scene.hub.arrived) >= 1)
        receipt = scene.office.quarantine(identity, "conflict")
        process.link._take_receipt(receipt)
        sent = len(scene.hub.arrived)
        await asyncio.sleep(1.0)
        assert len(scene.hub.arrived) <= sent + 1
        assert process.counter.outbox.rows(RowState.QUARANTINED)[0].reason == "conflict"


async def test_keys_changed_while_the_unit_was_away(scene: Scene) -> None:
    async with scene.unit() as process:
        await told(process)
        file_one(process)
        await until(lambda: journalled(process.counter.outbox) == 1)
    for _ in range(3):
        scene.office.rotate()
    scene.hub.publish_words()
    await asyncio.sleep(0.2)
    async with scene.unit() as process:
        identity = file_one(process)  # sealed for the old set: filing does not wait
        await until(lambda: journalled(process.counter.outbox) == 2)
        words = process.counter.office.words
        assert words.keyset is not None
        assert words.keyset.version == 4
        assert identity in scene.office.log.leaves


async def test_a_second_broker_of_the_list_takes_over(
    scene: Scene, free_port: Callable[[], int]
) -> None:
    dead = free_port()
    brokers = (f"localhost:{dead}", f"localhost:{scene.broker.port}")
    async with scene.unit(replace(FAST, addresses=brokers)) as process:
        await told(process)
        assert process.link.status.broker == brokers[1]


async def test_the_log_is_witnessed_and_a_rewritten_one_raises_the_alarm(scene: Scene) -> None:
    async with scene.unit() as process:
        witness = process.counter.office.words.witness
        await told(process)
        file_one(process)
        await until(lambda: journalled(process.counter.outbox) == 1)
        for n in range(4):
            scene.office.log.leaves.append(b"%032d" % n)
        scene.hub.publish_words()
        await until(lambda: witness.held is not None and witness.held.checkpoint.size == 5)
        assert witness.alarm is None
        scene.office.log.leaves[0] = b"r" * 32
        scene.office.log.leaves.append(b"n" * 32)
        scene.hub.publish_words()
        await until(lambda: witness.alarm == "log_forked")


async def test_state_says_online_then_closed_and_the_will_says_lost(scene: Scene) -> None:
    seen: list[str] = []
    client = scene.hub._client
    assert client is not None
    client.message_callback_add(
        topics.up(OFFICE, DEVICE, Up.STATE),
        lambda _client, _data, message: seen.append(decode_presence(bytes(message.payload)).state),
    )
    async with scene.unit() as process:
        await told(process)
        await until(lambda: seen[-1:] == ["online"])
        connection = process.link._connection._client
        assert connection is not None
        cast("socket.socket", connection.socket()).shutdown(socket.SHUT_RDWR)
        await until(lambda: seen[-2:] == ["lost", "online"])
    await until(lambda: seen[-1:] == ["closed"])
