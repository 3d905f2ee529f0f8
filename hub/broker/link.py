"""The hub's connection to the broker: MQTT 3.1.1, clean session, QoS 1, acknowledged by hand."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from hub.broker.configuration import hub_name
from hub.settings import Settings
from intake.errors import WrongTopicError
from intake.event import topics
from intake.event.topics import Topic, Up

KEEPALIVE_S = 30
DROPPED = "$SYS/broker/publish/messages/dropped"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """A message of a unit; `ack` tells the broker that it need not be sent again."""

    topic: Topic
    payload: bytes
    ack: Callable[[], None]


class BrokerLink:
    """Keeps the connection up; hands every message of a unit to `receive`.

    `receive` runs in the network thread and may block, which slows the broker down. `connected` is
    called after each (re)connection, so that retained messages can be published again: the
    broker keeps nothing.
    """

    def __init__(
        self,
        settings: Settings,
        receive: Callable[[Message], None],
        connected: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._receive = receive
        self._connected = connected
        self._generation = 0
        self._up = threading.Event()
        self.dropped = 0
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=hub_name(settings),
            clean_session=True,
            protocol=mqtt.MQTTv311,
            manual_ack=True,
        )
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.max_inflight_messages_set(0)
        self._client.max_queued_messages_set(0)
        self._client.reconnect_delay_set(min_delay=1, max_delay=5)

    @property
    def up(self) -> bool:
        """Whether the connection stands now."""
        return self._up.is_set()

    def wait_until_up(self, seconds: float) -> bool:
        """Wait for the connection; False when it did not come."""
        return self._up.wait(seconds)

    def start(self) -> None:
        """Connect, and connect again for ever."""
        folder, broker = self._settings.trust.folder, self._settings.broker
        self._client.tls_set(
            ca_certs=str(folder / "root.crt"),
            certfile=str(folder / "hub.crt"),
            keyfile=str(folder / "hub.key"),
        )
        self._client.connect_async(broker.host, broker.port, KEEPALIVE_S)
        self._client.loop_start()

    def stop(self) -> None:
        """Say goodbye and end the network thread."""
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Send with quality 1. What is lost with the connection is asked for or resent anyway."""
        if self.up:
            self._client.publish(topic, payload, qos=1, retain=retain)

    def _on_connect(
        self,
        client: mqtt.Client,
        _data: object,
        _flags: object,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        if reason.is_failure:
            logger.warning("the broker refused the hub: %s", reason)
            return
        self._generation += 1
        office = self._settings.office.code
        client.subscribe([(topics.up_filter(office, channel), 1) for channel in Up])
        client.subscribe(DROPPED, 0)
        self._up.set()
        logger.info("connected to the broker")
        self._connected()

    def _on_disconnect(
        self,
        _client: mqtt.Client,
        _data: object,
        _flags: object,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        self._up.clear()
        logger.warning("the connection to the broker ended: %s", reason)

    def _on_message(self, client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        if message.topic == DROPPED:
            self.dropped = int(message.payload or 0)
            return
        generation, number, quality = self._generation, message.mid, message.qos

        def ack() -> None:
            """A packet id belongs to one connection: after a new one the old ack is not sent."""
            if generation == self._generation and self.up:
                client.ack(number, quality)

        try:
            topic = topics.parse(message.topic)
        except WrongTopicError:
            logger.warning("a message came on a topic that is none of ours")
            ack()
            return
        self._receive(Message(topic, bytes(message.payload), ack))
