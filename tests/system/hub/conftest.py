"""Real processes: a hub with its mosquitto child, mutual TLS, and units that speak MQTT."""

import json
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.office import Office
from hub.settings import load
from intake.event import topics
from intake.event.keys import PublicKey, ReaderKey
from intake.event.keyset import KeySet, read_keyset
from intake.event.topics import All, Down, Up
from tests.hub.counter_unit import OFFICE, CounterUnit, Town

ROOT = Path(__file__).parents[3]
PATIENCE = 20.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for a condition; fails the test when it does not come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@dataclass
class HubProcess:
    """A hub in a process of its own, started from a script that may change it."""

    folder: Path
    port: int
    child: bool = True
    arguments: tuple[str, ...] = ("-m", "hub", "serve")
    process: subprocess.Popen[str] | None = None

    @property
    def config(self) -> Path:
        return self.folder / "hub.toml"

    def write_config(self) -> None:
        self.config.write_text(
            f"""
[office]
code = "{OFFICE}"
name = "千代田区"
environment = "demo"
[broker]
port = {self.port}
child = {str(self.child).lower()}
[web]
port = 0
secure_cookies = false
"""
        )

    def start(self) -> dict[str, object]:
        """Start and wait until it serves; returns what it said."""
        with (self.folder / "hub.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.arguments, "--config", str(self.config)],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, (self.folder / "hub.log").read_text()[-3000:]
        return json.loads(line)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._close()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        self.process.wait(PATIENCE)
        self._close()

    def _close(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()


@dataclass
class Wire:
    """A unit's MQTT connection; collects what comes down."""

    unit: CounterUnit
    folder: Path
    port: int
    receipts: list[bytes] = field(default_factory=list[bytes])
    others: dict[str, bytes] = field(default_factory=dict[str, bytes])
    acknowledged: set[int] = field(default_factory=set[int])
    refused: bool = False

    def __post_init__(self) -> None:
        tls = self.folder / f"tls-{self.unit.device}-{id(self)}"
        tls.mkdir()
        (tls / "unit.crt").write_bytes(self.unit.tls.pem() + self.chain)
        (tls / "unit.key").write_bytes(self.unit.tls.key_pem())
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=self.unit.device, protocol=mqtt.MQTTv311
        )
        self.client.tls_set(
            ca_certs=str(self.folder / "trust" / "root.crt"),
            certfile=str(tls / "unit.crt"),
            keyfile=str(tls / "unit.key"),
        )
        self.client.max_inflight_messages_set(0)
        self.client.reconnect_delay_set(min_delay=1, max_delay=1)
        self.client.on_connect = self._on_connect
        self.client.on_connect_fail = self._on_connect_fail
        self.client.on_message = self._on_message
        self.client.on_publish = lambda _c, _d, number, _r, _p: self.acknowledged.add(number)
        self.client.connect_async("127.0.0.1", self.port, 20)
        self.client.loop_start()

    @property
    def chain(self) -> bytes:
        return (self.folder / "trust" / "chain.pem").read_bytes().split(b"\n-----BEGIN")[0]

    def send(self, data: bytes, *, device: str | None = None, channel: Up = Up.INTAKE) -> int:
        topic = topics.up(OFFICE, device or self.unit.device, channel)
        return self.client.publish(topic, data, qos=1).mid

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _on_connect(self, client: mqtt.Client, *_: object) -> None:
        client.subscribe(topics.down_filter(OFFICE, self.unit.device), 1)
        client.subscribe(topics.everyone_filter(OFFICE), 1)

    def _on_connect_fail(self, *_: object) -> None:
        self.refused = True

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        if message.topic == topics.down(OFFICE, self.unit.device, Down.RECEIPT):
            self.receipts.append(bytes(message.payload))
        else:
            self.others[message.topic] = bytes(message.payload)


@dataclass
class Counter:
    """An office whose hub is a process, its authority, and wires to its broker."""

    folder: Path
    town: Town
    hub: HubProcess
    wires: list[Wire] = field(default_factory=list[Wire])

    def wire(self, unit: CounterUnit) -> Wire:
        wire = Wire(unit, self.folder, self.hub.port)
        self.wires.append(wire)
        return wire

    def key_set(self, wire: Wire) -> KeySet:
        """The key set as the unit got it, checked against the office anchor."""
        topic = topics.everyone(OFFICE, All.KEYS)
        until(lambda: topic in wire.others)
        pem = (self.folder / "state" / "keys" / "office_anchor.pub").read_bytes()
        return read_keyset(wire.others[topic], PublicKey.from_pem(pem))


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    town = Town(tmp_path / "trust")
    town.broker_and_hub()
    hub = HubProcess(tmp_path, free_port())
    hub.write_config()
    Office.create(load(hub.config), ReaderKey.generate().public).close()
    made = Counter(tmp_path, town, hub)
    yield made
    for wire in made.wires:
        wire.stop()
    hub.stop()


def tls_connects(folder: Path, port: int, unit: CounterUnit) -> bool:
    """Whether the broker takes the unit's certificate."""
    context = ssl.create_default_context(cafile=str(folder / "trust" / "root.crt"))
    certificate, key = folder / f"{unit.device}.crt", folder / f"{unit.device}.key"
    certificate.write_bytes(unit.tls.pem() + (folder / "trust" / "chain.pem").read_bytes())
    key.write_bytes(unit.tls.key_pem())
    context.load_cert_chain(certificate, key)
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 5) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as secure,
        ):
            secure.settimeout(5)
            secure.sendall(bytes.fromhex("100c00044d5154540402003c0000"))
            return secure.recv(4)[:1] == b"\x20"
    except (OSError, ssl.SSLError):
        return False
