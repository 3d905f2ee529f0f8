"""A real broker with mutual TLS between unit and hub."""

import datetime as dt
import http.client
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from sqlalchemy import select

from hub.broker.folder import broker_folder
from hub.office import Office
from hub.settings import load
from hub.storage.tables import Device, IntakeEvent, Quarantined
from intake.event import topics
from intake.event.downward import Audience, DownwardKind, open_downward
from intake.event.presence import Presence, UnitState, encode_presence
from intake.event.receipt import ReceiptStatus, verify_receipt
from intake.event.topics import All, Down, Up
from intake.event.upward import Ask, AskKind, decode_answer, encode_sizes, new_ask_id, sign_ask
from intake.office import roster
from intake.office.environment import Environment
from tests.hub.counter_unit import OFFICE, Pair, issue, move_in, name
from tests.system.hub.conftest import ROOT, Counter, tls_connects, until
from tests.system.living import alive

# The MQTT library leaves the socket of a refused handshake to the garbage collector.
UNCLOSED = "ignore:unclosed <ssl.SSLSocket:ResourceWarning"
pytestmark = [pytest.mark.system, pytest.mark.filterwarnings(UNCLOSED)]


def test_event_over_the_wire_gets_a_receipt_and_the_unit_is_seen(counter: Counter):
    unit = counter.town.enrol("unit-01")
    ready = counter.hub.start()
    wire = counter.wire(unit)
    keyset = counter.key_set(wire)
    event = unit.file(keyset, move_in())
    wire.send(event.data)
    until(lambda: wire.receipts)
    receipt = verify_receipt(wire.receipts[0], keyset, event.identity)
    assert receipt.status is ReceiptStatus.JOURNALLED
    now = int(time.time() * 1_000_000)
    presence = encode_presence(Presence(UnitState.ONLINE, unit.boot_id, now))
    wire.send(presence, channel=Up.STATE)
    audience = Audience(OFFICE, Environment.DEMO, "unit-01")
    topic = topics.everyone(OFFICE, All.ROSTER)
    until(lambda: topic in wire.others)
    message = open_downward(wire.others[topic], DownwardKind.ROSTER, keyset, audience, now_us=now)
    assert roster.decode(message.body).staff == ()
    ask = Ask(
        new_ask_id(),
        AskKind.CONSISTENCY,
        OFFICE,
        Environment.DEMO,
        "unit-01",
        now,
        encode_sizes(1, 2),
    )
    wire.send(sign_ask(ask, unit.signer), channel=Up.ASK)
    topic = topics.down(OFFICE, "unit-01", Down.ANSWER)
    until(lambda: topic in wire.others)
    answer = open_downward(
        wire.others[topic], DownwardKind.ANSWER, keyset, audience, now_us=now, reader=unit.reader
    )
    assert decode_answer(answer.body).ask_id == ask.ask_id
    address = str(ready["web"]).removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()
    counter.hub.stop()
    office = Office.open(load(counter.hub.config))
    with office.database.reading() as session:
        assert session.get_one(Device, "unit-01").connection == "online"
    office.close()


def test_the_access_list_stops_foreign_topics(counter: Counter):
    unit, other = counter.town.enrol("unit-01"), counter.town.enrol("unit-02")
    counter.hub.start()
    wire, stranger = counter.wire(unit), counter.wire(other)
    keyset = counter.key_set(wire)
    counter.key_set(stranger)
    stranger.client.subscribe(topics.down_filter(OFFICE, "unit-01"), 1)
    stranger.client.subscribe(f"madoguchi/1/{OFFICE}/up/#", 1)
    stolen = other.file(keyset, move_in())
    stranger.send(stolen.data, device="unit-01")
    stranger.client.publish(topics.everyone(OFFICE, All.KEYS), b"forged", qos=1, retain=True)
    event = unit.file(keyset, move_in())
    wire.send(event.data)
    until(lambda: wire.receipts)
    time.sleep(0.5)
    assert not stranger.receipts
    assert not [topic for topic in stranger.others if "unit-01" in topic]
    assert wire.others[topics.everyone(OFFICE, All.KEYS)] != b"forged"
    counter.hub.stop()
    office = Office.open(load(counter.hub.config))
    with office.database.reading() as session:
        assert session.scalars(select(IntakeEvent.device)).all() == ["unit-01"]
        assert not session.scalars(select(Quarantined)).all()
    office.close()


def test_only_certificates_of_the_authority_connect(counter: Counter):
    unit = counter.town.enrol("unit-01")
    counter.hub.start()
    port = counter.hub.port
    assert tls_connects(counter.folder, port, unit)
    own_authority = issue(name("Own root"), None, None)
    stranger = counter.town.enrol("unit-03", listed=False)
    stranger.tls = issue(
        name("unit-03", OFFICE), own_authority, ExtendedKeyUsageOID.CLIENT_AUTH, Environment.DEMO
    )
    assert not tls_connects(counter.folder, port, stranger)


def revoked(counter: Counter, *pairs: Pair) -> None:
    counter.town.revoke(*pairs)


def test_a_revoked_unit_is_cut_off_and_refused(counter: Counter):
    unit, other = counter.town.enrol("unit-01"), counter.town.enrol("unit-02")
    counter.hub.start()
    wire = counter.wire(unit)
    counter.key_set(wire)
    assert tls_connects(counter.folder, counter.hub.port, unit)
    revoked(counter, unit.tls, unit.signing)
    until(lambda: not tls_connects(counter.folder, counter.hub.port, unit))
    until(lambda: tls_connects(counter.folder, counter.hub.port, other))
    until(lambda: not wire.client.is_connected())
    kept = counter.wire(other)
    counter.key_set(kept)


def test_the_broker_dies_with_a_killed_hub_and_is_not_root(counter: Counter):
    counter.town.enrol("unit-01")
    counter.hub.start()
    folder = broker_folder(load(counter.hub.config))
    pid = int((folder / "mosquitto.pid").read_text())
    status = Path(f"/proc/{pid}/status").read_text()
    assert "\nUid:\t0\t" not in status
    counter.hub.kill()
    until(lambda: not alive(pid))
    counter.hub.start()
    pid = int((folder / "mosquitto.pid").read_text())
    subprocess.run(["kill", "-9", str(pid)], check=True)
    until(lambda: int((folder / "mosquitto.pid").read_text()) != pid)
    counter.hub.stop()
    assert not folder.exists() or folder.is_relative_to(counter.folder)


def test_a_broker_apart_reads_a_new_revocation_list(counter: Counter):
    unit, other = counter.town.enrol("unit-01"), counter.town.enrol("unit-02")
    counter.hub.child = False
    counter.hub.write_config()
    words = [sys.executable, "-m", "hub", "broker", "run", "--config", str(counter.hub.config)]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL) as broker:
        try:
            until(lambda: tls_connects(counter.folder, counter.hub.port, unit))
            counter.hub.start()
            wire = counter.wire(unit)
            keyset = counter.key_set(wire)
            wire.send(unit.file(keyset, move_in()).data)
            until(lambda: wire.receipts)
            revoked(counter, unit.tls)
            until(lambda: not tls_connects(counter.folder, counter.hub.port, unit))
            assert alive(broker.pid)
            assert tls_connects(counter.folder, counter.hub.port, other)
        finally:
            broker.send_signal(signal.SIGTERM)


def test_an_oversize_message_is_dropped_with_its_connection(counter: Counter):
    unit = counter.town.enrol("unit-01")
    counter.hub.start()
    wire = counter.wire(unit)
    counter.key_set(wire)
    wire.send(bytes(700 * 1024))
    until(lambda: wire.receipts)
    wire.send(bytes(2 * 1024 * 1024))
    until(lambda: not wire.client.is_connected())
    counter.hub.stop()
    office = Office.open(load(counter.hub.config))
    with office.database.reading() as session:
        assert session.scalars(select(Quarantined.reason)).all() == ["oversize"]
    office.close()


def test_a_unit_enrolled_while_the_hub_runs_is_known_at_its_first_event(counter: Counter):
    counter.hub.start()
    time.sleep(3.1)
    unit = counter.town.enrol("unit-05", not_before=dt.datetime.now(dt.UTC))
    wire = counter.wire(unit)
    keyset = counter.key_set(wire)
    event = unit.file(keyset, move_in())
    wire.send(event.data)
    until(lambda: wire.receipts)
    assert verify_receipt(wire.receipts[0], keyset, event.identity)
