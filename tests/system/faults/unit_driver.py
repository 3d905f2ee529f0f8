"""A unit without screens: the unit's own outbox, link and office words, filing what is made up.

Files at `--rate` a second, or `file N` for each such line on stdin. A reception number is shown, as
one JSON line on stdout, when the outbox has it on disk and not before. `--close-on-puback` is the
control: it takes the broker's word for delivery, which no unit may do.
"""

import argparse
import asyncio
import json
import logging
import os
import sys
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge import unit as units
from edge.drafts import DraftStore
from edge.errors import OutboxFullError
from edge.lifeline import DRAFT_KEY_BYTES
from edge.link.office_link import OfficeLink
from edge.logs import set_up
from edge.office import Office
from edge.office.kept_words import KeptWords
from edge.office.office_words import OfficeWords
from edge.office.returned import ReturnedNotifications
from edge.outbox import Outbox, RowState
from edge.session.sealing import Filing, file_event
from edge.settings import Settings, load
from edge.unit_clock import UnitClock
from intake import notification
from intake.event import envelope as envelopes
from intake.event import seal
from intake.event.envelope import Envelope
from intake.event.ids import new_notification_id
from intake.event.manifest import EventKind, PartName, Staff
from intake.event.topics import Up
from tests.hub.counter_unit import move_in

MIB = 1 << 20
log = logging.getLogger("driver")


def show(**words: object) -> None:
    """One line in one write, so that kill -9 leaves it whole or absent."""
    os.write(sys.stdout.fileno(), json.dumps(words).encode() + b"\n")


class TellingLink(OfficeLink):
    """The unit's link, which also says on stdout what the broker acknowledged (for the tests)."""

    def publish(self, channel: Up, payload: bytes, *, retain: bool = False) -> bool:
        client = self._connection._client
        if channel is not Up.INTAKE or client is None:
            return super().publish(channel, payload, retain=retain)
        client.on_publish = self._on_publish
        sent = client.publish(self._topic(channel), payload, 1)
        self._sent[sent.mid] = _identity(payload)
        return True

    def _on_publish(
        self, _client: mqtt.Client, _data: object, mid: int, _code: ReasonCode, _p: Properties
    ) -> None:
        self._loop.call_soon_threadsafe(self._on_puback, mid)

    def _on_puback(self, mid: int) -> None:
        identity = self._sent.pop(mid, None)
        if identity is not None:
            show(acknowledged=identity.hex())
            self.acknowledged(identity)

    def acknowledged(self, identity: bytes) -> None:
        """A PUBACK means nothing."""

    @property
    def _sent(self) -> dict[int, bytes]:
        return self.__dict__.setdefault("_sent_by_mid", {})


class PubackLink(TellingLink):
    """The control: a row is closed when the broker has acknowledged its bytes."""

    def acknowledged(self, identity: bytes) -> None:
        self._outbox.close(identity, RowState.JOURNALLED, b"puback", 1, None)
        self._plan.receipted(identity)


def _identity(payload: bytes) -> bytes:
    found = envelopes.decode(payload)
    assert isinstance(found, Envelope)
    return seal.read_sealed(found.sealed).identity


class Driver:
    """The parts of a unit that keep and send what was filed."""

    def __init__(
        self,
        settings: Settings,
        *,
        close_on_puback: bool = False,
        outbox_kind: type[Outbox] = Outbox,
    ) -> None:
        state = settings.unit.state
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.unit = units.load(settings.unit.identity, settings.broker.addresses)
        self.clock = UnitClock()
        self.outbox = outbox_kind(
            state / "outbox",
            ballast_bytes=int(settings.outbox.ballast_mib * MIB),
            reserve_bytes=int(settings.outbox.reserve_mib * MIB),
        )
        words = OfficeWords(
            self.unit,
            self.clock,
            KeptWords(state / "office"),
            on_new_epoch=self._send_all_again,
        )
        returned = ReturnedNotifications(DraftStore(state / "drafts", bytes(DRAFT_KEY_BYTES)))
        self.words = words
        self.link = (PubackLink if close_on_puback else TellingLink)(
            unit=self.unit,
            clock=self.clock,
            outbox=self.outbox,
            office=Office(words, returned),
            settings=settings.broker,
        )

    def _send_all_again(self) -> None:
        """As edge.unit_process does."""
        self.outbox.reopen(0)
        self.link.resend_all()

    async def file(self) -> None:
        """File one notification and show its number."""
        await self._has_keys()
        assert self.words.keyset is not None
        filed = move_in(notification_id=new_notification_id())
        filing = Filing(
            kind=EventKind.FILED,
            notification_id=filed.notification_id,
            procedure=filed.procedure,
            revision=1,
            supersedes=None,
            reception_number=None,
            staff=Staff("sato", "pin"),
            parts={PartName.NOTIFICATION: notification.encode(filed)},
        )
        try:
            row = file_event(
                filing,
                unit=self.unit,
                keyset=self.words.keyset,
                clock=self.clock,
                outbox=self.outbox,
            )
        except OutboxFullError as error:
            show(refused=str(error))
            return
        show(number=row.reception_number, identity=row.identity.hex(), sequence=row.sequence)
        self.link.send_new(row.identity)

    async def _has_keys(self) -> None:
        while self.words.keyset is None:  # noqa: ASYNC110 - the words tell of changes, not of keys
            await asyncio.sleep(0.02)

    async def at_rate(self, rate: float, stop: Path) -> None:
        """File `rate` a second until the file `stop` exists."""
        while not stop.exists():  # noqa: ASYNC240 - one stat of a local file
            await self.file()
            await asyncio.sleep(1 / rate)

    async def as_told(self) -> None:
        """Obey stdin."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            for _ in range(int(line.split()[1])):
                await self.file()
                await asyncio.sleep(0)


async def main(given: argparse.Namespace) -> None:
    settings = load(given.config)
    set_up(settings.log.level)
    driver = Driver(settings, close_on_puback=given.close_on_puback)
    async with asyncio.TaskGroup() as group:
        group.create_task(driver.link.run())
        group.create_task(driver.as_told())
        if given.rate:
            group.create_task(driver.at_rate(given.rate, given.config.with_name("stop")))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--close-on-puback", action="store_true")
    asyncio.run(main(parser.parse_args()))
