"""Takes in everything units send beside events: state, health, questions. One thread, no hurry."""

import logging
import queue
import threading
from collections.abc import Callable

from hub.broker.link import Message
from hub.devices.presence import note_health, note_presence
from hub.errors import HubError
from hub.messages.answers import Answers
from hub.office import Office
from intake.errors import IntakeError
from intake.event.topics import Up

WAITING_AT_MOST = 1000

logger = logging.getLogger(__name__)


class Inbox:
    """Nothing here is a notification, so what cannot be handled is logged and let go."""

    def __init__(self, office: Office, answers: Answers, changed: Callable[[str], None]) -> None:
        self._office = office
        self._answers = answers
        self._changed = changed
        self._queue: queue.Queue[Message | None] = queue.Queue(WAITING_AT_MOST)
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is waiting and end."""
        self._queue.put(None)
        self._thread.join(5.0)

    def put(self, message: Message) -> None:
        """Hand over a message; when a thousand wait the newest is let go (units repeat them)."""
        try:
            self._queue.put_nowait(message)
        except queue.Full:
            message.ack()

    def _run(self) -> None:
        while (message := self._queue.get()) is not None:
            try:
                self._handle(message)
            except (IntakeError, HubError) as error:
                logger.warning("%s of %s: %s", message.topic.channel, message.topic.device, error)
            except Exception:
                # The thread must outlive whatever one message or the database does.
                logger.exception("%s of %s", message.topic.channel, message.topic.device)
            message.ack()

    def _handle(self, message: Message) -> None:
        device = message.topic.device or ""
        now = self._office.clock()
        match message.topic.channel:
            case Up.STATE:
                note_presence(self._office.database, device, message.payload, now)
                self._changed("devices")
            case Up.HEALTH:
                note_health(self._office.database, device, message.payload, now)
                self._changed("devices")
            case Up.ASK:
                self._answers.answer(device, message.payload)
            case _:
                pass
