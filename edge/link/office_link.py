"""Between outbox and office: sends rows until their receipts come, takes in what comes down.

Runs on the event loop; the MQTT thread only hands messages over. Which row is closed is decided
here and by nothing else: a receipt that verifies and is bound to the row's identity.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from edge.errors import UntrustedMessageError
from edge.link.connection import Connection, Listener, Timing, Will
from edge.link.questions import Questions
from edge.link.resend import ResendPlan
from edge.office import Office
from edge.outbox import Outbox, RowState
from edge.settings import Broker
from edge.unit import BrokerAddress, Unit
from edge.unit_clock import UnitClock
from intake.errors import IntakeError, WrongTopicError
from intake.event import topics
from intake.event.downward import DownwardKind
from intake.event.presence import Presence, UnitState, encode_presence
from intake.event.receipt import ReceiptStatus, receipt_identity
from intake.event.topics import All, Down, Up
from intake.event.upward import AskKind
from intake.office import decision as decisions

log = logging.getLogger(__name__)
TICK_SECONDS = 0.1


@dataclass(frozen=True)
class LinkStatus:
    """What the pages and `status` show of the link."""

    connected: bool
    broker: str | None
    waiting: int


class OfficeLink(Listener):
    """The link of one unit."""

    def __init__(
        self,
        *,
        unit: Unit,
        clock: UnitClock,
        outbox: Outbox,
        office: Office,
        settings: Broker,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._unit = unit
        self._clock = clock
        self._outbox = outbox
        self._words = office.words
        self._returned = office.returned
        self._on_change = on_change
        self._broker: BrokerAddress | None = None
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        self._since_us = clock.wall_us()
        self._plan = ResendPlan(
            window=settings.window,
            first=settings.resend_seconds,
            ceiling=settings.resend_ceiling_seconds,
        )
        self._reading: set[asyncio.Task[None]] = set()
        self._one_set = asyncio.Lock()
        self.questions = Questions(unit, clock)
        self._connection = Connection(
            client_id=unit.device,
            brokers=unit.brokers,
            tls=unit.tls.context(),
            will=Will(self._topic(Up.STATE), self._presence(UnitState.LOST)),
            subscriptions=(
                topics.everyone_filter(unit.office),
                topics.down_filter(unit.office, unit.device),
            ),
            listener=self,
            timing=Timing(keepalive=settings.keepalive_seconds),
        )

    @property
    def status(self) -> LinkStatus:
        """The link now."""
        broker = self._broker
        return LinkStatus(broker is not None, str(broker) if broker else None, self._plan.waiting)

    async def run(self) -> None:
        """Keep the link up until cancelled."""
        self.resend_all()
        self._connection.start()
        try:
            while True:
                self._send_due()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TICK_SECONDS):
                        await self._wake.wait()
                self._wake.clear()
        finally:
            await asyncio.to_thread(self._connection.stop, self._presence(UnitState.CLOSED))

    def send_new(self, identity: bytes) -> None:
        """A row was filed just now."""
        self._plan.add_new(identity)
        self._wake.set()

    def resend_all(self) -> None:
        """Take every waiting row of the outbox into the plan."""
        for identity in self._outbox.waiting():
            self._plan.add_backlog(identity)
        self._wake.set()

    def ask_returned(self) -> None:
        """Ask the office for the notifications it returned."""
        self._ask(AskKind.RETURNED)

    def publish(self, channel: Up, payload: bytes, *, retain: bool = False) -> bool:
        """Send on one of this unit's topics; False without a connection."""
        return self._connection.publish(self._topic(channel), payload, retain=retain)

    # Listener: called on the connection's thread

    def connected(self, broker: BrokerAddress) -> None:
        """See Listener."""
        self._hand_over(self._on_connected, broker)

    def disconnected(self) -> None:
        """See Listener."""
        self._hand_over(self._on_disconnected)

    def message(self, topic: str, payload: bytes) -> None:
        """See Listener."""
        self._hand_over(self._on_message, topic, payload)

    # On the event loop

    def _hand_over(self, act: Callable[..., None], *values: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended before the thread
            self._loop.call_soon_threadsafe(act, *values)

    def _on_connected(self, broker: BrokerAddress) -> None:
        log.info("connected", extra={"broker": str(broker), "waiting": self._plan.waiting})
        self._broker = broker
        self._plan.reconnected()
        self.questions.forget()
        self.publish(Up.STATE, self._presence(UnitState.ONLINE), retain=True)
        self.ask_returned()
        self._wake.set()
        self._on_change()

    def _on_disconnected(self) -> None:
        log.info("disconnected", extra={"waiting": self._plan.waiting})
        self._broker = None
        self._on_change()

    def _send_due(self) -> None:
        if self._broker is None:
            return
        for identity in self._plan.take(self._loop.time()):
            envelope = self._outbox.envelope(identity)
            if envelope is None or not self.publish(Up.INTAKE, envelope):
                continue
        question = self._words.witness.question()
        if question is not None and self.questions.may_ask(AskKind.CONSISTENCY):
            self._ask(AskKind.CONSISTENCY, question)

    def _ask(self, kind: AskKind, sizes: tuple[int, int] | None = None) -> None:
        self.publish(Up.ASK, self.questions.ask(kind, sizes))

    def _on_message(self, topic: str, payload: bytes) -> None:
        try:
            channel = topics.parse(topic).channel
            self._take(channel, payload)
        except WrongTopicError:
            log.debug("a topic of a newer protocol was left aside")
        except (UntrustedMessageError, IntakeError, OSError, sqlite3.Error) as error:
            _left_aside(topic.rpartition("/")[2], error)

    def _take(self, channel: topics.Channel, payload: bytes) -> None:
        match channel:
            case All.KEYS:
                self._words.take_keys(payload)
            case All.ROSTER:
                self._words.take_roster(payload)
            case All.GLYPHS:
                self._take_glyphs(payload)
            case All.REVOCATION:
                self._words.take_revocation(payload)
            case All.CHECKPOINT:
                self._words.take_checkpoint(payload)
            case Down.RECEIPT:
                self._take_receipt(payload)
            case Down.DECISION:
                body = self._words.open_body(payload, DownwardKind.DECISION)
                self._returned.take(decisions.decode(body))
                self._on_change()
            case Down.ANSWER:
                self._take_answer(self._words.open_body(payload, DownwardKind.ANSWER))
            case _:
                log.debug("nothing is done with this channel yet", extra={"topic_kind": channel})

    def _take_glyphs(self, payload: bytes) -> None:
        if self._words.keyset is None:
            self._words.take_glyphs(payload)
            return
        task = self._loop.create_task(self._read_glyphs(payload))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read_glyphs(self, payload: bytes) -> None:
        """Verify a set beside the loop, which carries the pen; one after another, as they came."""
        async with self._one_set:
            try:
                read = await asyncio.to_thread(self._words.read_glyphs, payload)
                self._words.hold_glyphs(payload, read)
            except (UntrustedMessageError, OSError) as error:
                _left_aside(All.GLYPHS, error)

    def _take_receipt(self, payload: bytes) -> None:
        named = receipt_identity(payload)
        row = self._outbox.find(named) or self._outbox.find_sent(named)
        if row is None:
            log.warning("a receipt for no row of this unit", extra={"identity": named.hex()})
            return
        receipt = self._words.take_receipt(payload, row.identity, row.digest)
        journalled = receipt.status is ReceiptStatus.JOURNALLED
        state = RowState.JOURNALLED if journalled else RowState.QUARANTINED
        self._outbox.close(row.identity, state, payload, receipt.hub_time_us, receipt.reason)
        self._plan.receipted(row.identity)
        log.info(
            "receipt",
            extra={
                "sequence": row.sequence,
                "event_id": row.event_id,
                "status": receipt.status,
                "reason": receipt.reason,
            },
        )
        self._wake.set()
        self._on_change()

    def _take_answer(self, body: bytes) -> None:
        found = self.questions.take(body)
        if found is None:
            return
        if found.decisions is not None:
            self._returned.take_all(found.decisions)
        if found.sizes is not None and found.proof is not None:
            self._words.take_proof(found.sizes, found.proof)
        self._on_change()

    def _topic(self, channel: Up) -> str:
        return topics.up(self._unit.office, self._unit.device, channel)

    def _presence(self, state: UnitState) -> bytes:
        return encode_presence(Presence(state, self._clock.boot_id, self._since_us))


def _left_aside(kind: str, error: Exception) -> None:
    """Log by code that a message was not taken; nothing changes by it."""
    log.warning(
        "a message was left aside",
        extra={"topic_kind": kind, "error_type": type(error.__cause__ or error).__name__},
    )
