"""One MQTT connection at a time to one broker of a list, kept up by a thread of its own.

MQTT 3.1.1, QoS 1, clean session, mutual TLS. Each connection gets a fresh client, so nothing a
former connection had in flight is replayed by the library: the outbox decides what is sent again.
"""

import logging
import ssl
import threading
from dataclasses import dataclass

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.unit import BrokerAddress

log = logging.getLogger(__name__)
QOS = 1


@dataclass(frozen=True)
class Will:
    """What the broker says in our name when we are gone (retained)."""

    topic: str
    payload: bytes


@dataclass(frozen=True)
class Timing:
    """Seconds: MQTT keepalive, and the wait before the next round of brokers (doubled)."""

    keepalive: int = 20
    first_wait: float = 0.3
    ceiling: float = 10.0
    connect: float = 5.0


class Listener:
    """What the connection reports; called on the connection's thread."""

    def connected(self, broker: BrokerAddress) -> None:
        """The broker accepted us and confirmed every subscription."""

    def disconnected(self) -> None:
        """The connection is gone; the next attempt follows by itself."""

    def message(self, topic: str, payload: bytes) -> None:
        """A message came."""


class Connection:
    """Keeps one of `brokers` connected until `stop`."""

    def __init__(
        self,
        *,
        client_id: str,
        brokers: tuple[BrokerAddress, ...],
        tls: ssl.SSLContext,
        will: Will,
        subscriptions: tuple[str, ...],
        listener: Listener,
        timing: Timing | None = None,
    ) -> None:
        self._client_id = client_id
        self._brokers = brokers
        self._tls = tls
        self._will = will
        self._subscriptions = subscriptions
        self._listener = listener
        self._timing = timing or Timing()
        self._stopping = threading.Event()
        self._client: mqtt.Client | None = None
        self._up = False
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()

    def stop(self, farewell: bytes | None = None) -> None:
        """Say `farewell` on the will's topic where there is a connection, and end the thread."""
        self._stopping.set()
        client = self._client
        if client is not None:
            if farewell is not None and self._up:
                said = client.publish(self._will.topic, farewell, QOS, retain=True)
                said.wait_for_publish(1.0)
            client.disconnect()
        if self._thread.is_alive():
            self._thread.join(self._timing.connect + 2.0)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Hand a message to the connection; False when there is none. True means nothing more."""
        client = self._client
        if client is None or not self._up:
            return False
        return (
            client.publish(topic, payload, QOS, retain=retain).rc is MQTTErrorCode.MQTT_ERR_SUCCESS
        )

    def _run(self) -> None:
        wait = self._timing.first_wait
        while not self._stopping.is_set():
            for broker in self._brokers:
                if self._stopping.is_set():
                    return
                if self._serve(broker):
                    wait = self._timing.first_wait
                    break  # begin with the preferred broker again
            self._stopping.wait(wait)
            wait = min(wait * 2, self._timing.ceiling)

    def _serve(self, broker: BrokerAddress) -> bool:
        """One connection from start to end; whether it ever was up."""
        client = self._make_client(broker)
        was_up, ended = threading.Event(), threading.Event()
        client.user_data_set(was_up)

        def on_disconnect(*_: object) -> None:
            ended.set()

        client.on_disconnect = on_disconnect
        self._client = client
        try:
            client.connect(broker.host, broker.port, keepalive=self._timing.keepalive)
            # The library's own thread, not loop_forever in ours: only then does it queue what other
            # threads publish; else they write to the socket themselves, into its half-sent packets.
            client.loop_start()
            ended.wait()
            client.loop_stop()
        except (OSError, ssl.SSLError) as error:
            log.info(
                "broker not reached",
                extra={"broker": str(broker), "error_type": type(error).__name__},
            )
        finally:
            self._client = None
            if self._up:
                self._up = False
                self._listener.disconnected()
        return was_up.is_set()

    def _make_client(self, broker: BrokerAddress) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._client_id,
            clean_session=True,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = self._timing.connect
        client.tls_set_context(self._tls)
        client.will_set(self._will.topic, self._will.payload, QOS, retain=True)
        client.max_inflight_messages_set(200)

        def on_connect(
            client: mqtt.Client,
            _data: object,
            _flags: mqtt.ConnectFlags,
            reason: ReasonCode,
            _properties: Properties | None,
        ) -> None:
            if reason.is_failure:
                log.warning("broker refused", extra={"broker": str(broker), "reason": str(reason)})
                client.disconnect()
                return
            client.subscribe([(topic, QOS) for topic in self._subscriptions])

        def on_subscribe(
            _client: mqtt.Client,
            data: object,
            _message_id: int,
            _reasons: list[ReasonCode],
            _properties: Properties | None,
        ) -> None:
            assert isinstance(data, threading.Event)
            data.set()
            self._up = True
            self._listener.connected(broker)

        def on_message(_client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
            self._listener.message(message.topic, bytes(message.payload))

        client.on_connect = on_connect
        client.on_subscribe = on_subscribe
        client.on_message = on_message
        return client
