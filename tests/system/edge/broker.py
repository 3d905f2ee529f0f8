"""A real mosquitto with mutual TLS from throw-away certificates, and an office answering on it."""

import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import paho.mqtt.client as mqtt
from cryptography.hazmat.primitives.asymmetric import ec
from paho.mqtt.enums import CallbackAPIVersion

from intake.event import topics
from intake.event.downward import DownwardKind
from intake.event.topics import All, Down, Up
from intake.office import decision as decisions
from intake.office.decision import Decision
from tests.edge.enrolment import DEVICE, OFFICE, Authority, OfficeDouble

CONFIGURATION = """\
listener {port} 127.0.0.1
cafile {folder}/ca.crt
certfile {folder}/broker.crt
keyfile {folder}/broker.key
require_certificate true
use_identity_as_username true
allow_anonymous false
max_inflight_messages 0
max_queued_messages 0
set_tcp_nodelay true
persistence false
log_dest file {folder}/mosquitto.log
user root
"""


class Mosquitto:
    """One broker process that can be killed and started again on its port."""

    def __init__(self, folder: Path, authority: Authority, port: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        authority.issue(folder, "broker", "localhost", ec.generate_private_key(ec.SECP256R1()))
        (folder / "ca.crt").write_bytes(authority.pem())
        self.port = port
        self._file = folder / "mosquitto.conf"
        self._file.write_text(CONFIGURATION.format(port=port, folder=folder))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["mosquitto", "-c", str(self._file)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self._listens, "the broker listens")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@dataclass
class Behaviour:
    """How the office on the broker behaves; changed by tests while it runs."""

    receipts: bool = True
    ignore_first: int = 0  # envelopes that come and are lost before any commit
    returned: list[Decision] = field(default_factory=list[Decision])


class OfficeOnBroker:
    """The office double as an MQTT client: keys, roster, receipts, answers."""

    def __init__(self, folder: Path, authority: Authority, office: OfficeDouble, port: int) -> None:
        authority.issue(folder, "hub", f"hub-{OFFICE}", ec.generate_private_key(ec.SECP256R1()))
        self.office = office
        self.behaviour = Behaviour()
        self.arrived: list[bytes] = []
        self._folder = folder
        self._port = port
        self._lock = Lock()
        self._client: mqtt.Client | None = None

    def start(self) -> None:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"hub-{OFFICE}")
        client.tls_set(
            str(self._folder / "ca.crt"),
            str(self._folder / "hub.crt"),
            str(self._folder / "hub.key"),
        )
        client.reconnect_delay_set(1, 1)
        client.on_connect = self._connected
        client.on_message = self._message
        self._client = client  # before the thread that uses it
        client.connect("localhost", self._port)
        client.loop_start()

    def stop(self) -> None:
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None

    def publish_words(self) -> None:
        """Keys, roster and checkpoint, retained."""
        self._publish(topics.everyone(OFFICE, All.ROSTER), self.office.roster(), retain=True)
        self._publish(
            topics.everyone(OFFICE, All.CHECKPOINT), self.office.checkpoint(), retain=True
        )
        self._publish(topics.everyone(OFFICE, All.KEYS), self.office.keys(), retain=True)

    def decide(self, decision: Decision) -> None:
        """Send a decision to the unit."""
        data = self.office.downward(DownwardKind.DECISION, decisions.encode(decision))
        self._publish(topics.down(OFFICE, DEVICE, Down.DECISION), data)

    def _connected(self, client: mqtt.Client, *_: object) -> None:
        client.subscribe([(topics.up_filter(OFFICE, channel), 1) for channel in Up])
        self.publish_words()

    def _message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        payload = bytes(message.payload)
        match topics.parse(message.topic).channel:
            case Up.INTAKE:
                self._take(payload)
            case Up.ASK:
                answer = self.office.answer(payload, tuple(self.behaviour.returned))
                self._publish(topics.down(OFFICE, DEVICE, Down.ANSWER), answer)
            case _:
                pass

    def _take(self, envelope: bytes) -> None:
        self.arrived.append(envelope)
        if self.behaviour.ignore_first > 0:
            self.behaviour.ignore_first -= 1
            return
        with self._lock:
            receipt = self.office.journal(envelope)
        if self.behaviour.receipts:
            self._publish(topics.down(OFFICE, DEVICE, Down.RECEIPT), receipt)

    def _publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        assert self._client is not None
        self._client.publish(topic, payload, 1, retain=retain)


def wait_for(true: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.02)
    raise AssertionError(f"not in time: {what}")
