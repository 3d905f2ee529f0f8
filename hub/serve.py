"""Runs an office in one process: broker, link, intake writer, publisher, inbox, staff pages."""

import json
import logging
import os
import resource
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from types import FrameType

import uvicorn

from hub.alarms import AlarmKind, raise_alarm
from hub.broker import folder as broker_folder
from hub.broker.child import BrokerChild, reload_apart
from hub.broker.link import BrokerLink, Message
from hub.errors import HubError
from hub.inbox import Inbox
from hub.keys.files import write_file
from hub.messages.answers import Answers
from hub.messages.batches.reader import BatchReader
from hub.messages.delivery.engine import engine_of
from hub.messages.postbox import Postbox
from hub.messages.publications import Publisher
from hub.messages.sending.worker import Sender
from hub.office import Office
from hub.review.events import find_event
from hub.review.returned import announce_decisions, returned_decisions
from hub.revocation.asking import Asker
from hub.running import Running
from hub.web.app import create_app
from hub.writer.commit import Outcome
from hub.writer.examine import Incoming
from hub.writer.intake import Delivery, IntakeWriter
from intake.event.topics import Up

BROKER_START_S = 5.0

logger = logging.getLogger(__name__)

MakeWriter = Callable[[Office, Callable[[Outcome], None]], IntakeWriter]


def make_writer(office: Office, send: Callable[[Outcome], None]) -> IntakeWriter:
    """The intake writer of an office, by its settings."""
    intake = office.settings.intake
    return IntakeWriter(
        office.journal,
        office.receipts,
        office.examiner,
        send,
        batch=intake.batch,
        linger_s=intake.linger_ms / 1000,
        quarantine_bytes=intake.quarantine_bytes,
    )


class Hub:
    """Every thread of a running office, started and stopped in one order."""

    def __init__(self, office: Office, make: MakeWriter = make_writer) -> None:
        self.office = office
        settings = office.settings
        self.link = BrokerLink(settings, self._receive, self._connected)
        self.child = BrokerChild(settings) if settings.broker.child else None
        self.postbox = Postbox(
            settings,
            office.ring,
            office.directory.encryption_keys,
            self.link.publish,
            office.clock,
        )
        self.writer = make(office, self._send_receipt)
        self.writer.committed.append(self._announce)
        answers = Answers(
            settings.office.code,
            key_of=office.directory.key,
            journal=office.journal,
            receipts=office.receipts,
            postbox=self.postbox,
            returned=lambda device: returned_decisions(office, device),
        )
        self.inbox = Inbox(office, answers, office.live.say)
        self.asker = Asker(office)
        self.documents = BatchReader(office)
        self.delivery = engine_of(office)
        self.sender = Sender(office, self.delivery.wake)
        self.publisher = Publisher(
            settings.office.code,
            office.publications,
            lambda topic, payload: self.link.publish(topic, payload, retain=True),
        )
        self._stopping = threading.Event()
        self._refresher = threading.Thread(target=self._refresh, name="refresher", daemon=True)
        self._dropped = 0

    def start(self) -> None:
        """Start everything; the first refresh of the device directory is done when this returns."""
        self.office.directory.refresh()
        if self.child:
            self.child.start()
            self.child.wait_until_listening(BROKER_START_S)
        self.writer.start()
        self.inbox.start()
        self.asker.start()
        self.documents.start()
        self.delivery.start()
        self.sender.start()
        self.link.start()
        self.publisher.start()
        self.office.precedents.start()
        self._refresher.start()

    def stop(self) -> None:
        """Stop in the opposite order; the batch at hand is finished."""
        self._stopping.set()
        self.publisher.stop()
        self.writer.stop()
        self.inbox.stop()
        self.asker.stop()
        self.documents.stop()
        self.delivery.stop()
        self.sender.stop()
        self.link.stop()
        if self.child:
            self.child.stop()

    def running(self) -> Running:
        """What /healthz, /metrics and the operator's page say of the threads."""
        return Running(
            broker_up=self.link.up,
            broker_child=self.child.running if self.child else None,
            broker_dropped=self.link.dropped,
            writer=self.writer.state,
            directory_problem=self.office.directory.problem,
        )

    def announce_decision(self, notification_id: str) -> None:
        """Tell every unit what was decided about a notification."""
        announce_decisions(self.office, self.postbox, notification_id)
        self.office.live.say("queue")

    def announce_receipt(self, identity: bytes) -> None:
        """Send the unit that sealed an event its receipt again."""
        office = self.office
        with office.database.reading() as session:
            device = find_event(session, identity).device
            receipt = office.receipts.known(session, office.journal, identity)
        if receipt is not None:
            self.postbox.receipt(device, receipt)
        office.live.say("quarantine")

    def _receive(self, message: Message) -> None:
        if message.topic.channel is not Up.INTAKE:
            self.inbox.put(message)
            return
        incoming = Incoming(message.topic.device or "", message.payload, self.office.clock())
        self.writer.put(Delivery(incoming, message.ack))

    def _connected(self) -> None:
        self.publisher.all_again()
        self.office.live.say("devices")

    def _send_receipt(self, outcome: Outcome) -> None:
        self.postbox.receipt(outcome.device, outcome.receipt)

    def _announce(self, outcomes: Sequence[Outcome]) -> None:
        self.office.live.say("queue")
        self.asker.wake()
        if not all(outcome.journalled for outcome in outcomes):
            self.office.live.say("quarantine")

    def _refresh(self) -> None:
        pause = min(self.office.settings.authority.refresh_seconds, 5.0)
        since = 0.0
        while not self._stopping.wait(pause):
            since += pause
            try:
                self._refresh_once(ask=since >= self.office.settings.authority.refresh_seconds)
            except HubError as error:
                logger.warning("refresh: %s", error)
            except Exception:
                # Without this thread no revocation would reach the broker any more.
                logger.exception("refresh")
            if since >= self.office.settings.authority.refresh_seconds:
                since = 0.0

    def _refresh_once(self, *, ask: bool) -> None:
        """Directory and revocation list now and then, files put there by hand within seconds."""
        if ask:
            self.office.directory.refresh()
            self.office.sessions.clear()
            if self.office.directory.problem:
                self._alarm(AlarmKind.AUTHORITY)
        if broker_folder.replace_revocation_list(self.office.settings):
            self.office.directory.refresh()
            self._reload_broker()
        if self.link.dropped > self._dropped:
            self._alarm(AlarmKind.BROKER_DROPPED)
        self._dropped = self.link.dropped

    def _reload_broker(self) -> None:
        """Make the broker read the new list.

        Our own child is started again: a connection that stands would outlive its revocation,
        and the pipe may be cut at any time.
        """
        logger.info("the revocation list changed")
        if self.child:
            self.child.restart()
        elif not reload_apart(self.office.settings):
            self._alarm(AlarmKind.BROKER_RELOAD)

    def _alarm(self, kind: AlarmKind) -> None:
        with self.office.database.writing() as session:
            raise_alarm(session, kind, "", self.office.clock())
        self.office.live.say("alarm")


class Server(uvicorn.Server):
    """Uvicorn that says when it is up and ends open event streams before it stops."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say where."""
        await super().startup(sockets)
        if self.started:
            _say_ready(self._hub, self.servers[0].sockets[0].getsockname()[1])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the open event streams, then stop as usual."""
        self._hub.office.live.close()
        super().handle_exit(sig, frame)


def serve(office: Office, make: MakeWriter = make_writer) -> None:
    """Run until SIGTERM or SIGINT."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # one would hold residents and every key
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again once it has stopped; by default that would end the
        # process before the threads are stopped.
        signal.signal(number, _already_stopping)
    hub = Hub(office, make)
    web = office.settings.web
    hub.start()
    try:
        config = uvicorn.Config(
            create_app(office, hub),
            host=web.host,
            port=web.port,
            ssl_certfile=web.certificate or None,
            ssl_keyfile=web.key or None,
            log_config=None,
            lifespan="off",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        Server(config, hub).run()
    finally:
        hub.stop()
        office.close()


def _already_stopping(_number: int, _frame: FrameType | None) -> None:
    """The server has ended because of this signal; what follows ends the rest."""


def _say_ready(hub: Hub, port: int) -> None:
    settings = hub.office.settings
    scheme = "https" if settings.web.certificate else "http"
    ready = {
        "web": f"{scheme}://{settings.web.host}:{port}",
        "broker": {"host": settings.broker.host, "port": settings.broker.port},
        "pid": os.getpid(),
    }
    text = json.dumps(ready)
    try:
        write_file(settings.state.folder / "serving.json", text.encode())
    except OSError as error:  # a full disk: what is stored must be readable all the same
        logger.warning("serving.json cannot be written: %s", error.strerror)
    print(text, flush=True)  # noqa: T201 - the one line a starter waits for
