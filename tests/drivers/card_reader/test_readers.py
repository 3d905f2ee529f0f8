"""Opening a reader by address, watching it, recording it, and who may simulate one."""

import datetime as dt
import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.card_reader import open_card_reader
from drivers.card_reader.card_reading import DEFAULT_WANT, CardReading, CounterWish
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.errors import SimulationForbiddenError
from drivers.card_reader.interface import CardReader, ReaderState, ReaderStatus
from drivers.card_reader.outcomes import OutcomeCode
from drivers.card_reader.pin import Pin
from drivers.card_reader.reader_choice import choose_reader
from drivers.card_reader.replay import RecordingReader, ReplayReader
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import InProcessReader
from drivers.card_reader.simulated_card.demo_pki import DemoPki, open_pki
from drivers.card_reader.simulated_card.gate import ENVIRONMENT_VARIABLE, require_simulation
from drivers.card_reader.simulated_card.persona import Persona
from drivers.card_reader.status import StatusBoard
from drivers.card_reader.trust_folder import load_anchors
from drivers.errors import AddressError, RecordingError
from intake.certificates.anchors import AnchorSet
from intake.certificates.errors import AnchorError
from intake.office.environment import Environment

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
ReaderWith = Callable[[str | Persona], tuple[InProcessReader, SimulatedCard]]


def read(reader: CardReader, anchors: AnchorSet, auth: str = "1234") -> CardReading:
    return read_counter_card(
        reader, wish(auth), anchors=anchors, environment=Environment.DEMO, at=NOW
    )


def wish(auth: str = "1234") -> CounterWish:
    return CounterWish(
        want=DEFAULT_WANT,
        challenge=bytes(32),
        auth_pin=Pin.from_text(auth),
        text_pin=Pin.from_text("1234"),
    )


def test_a_recorded_conversation_plays_again_without_its_pins(
    tmp_path: Path, reader_with: ReaderWith, anchors: AnchorSet
):
    log = tmp_path / "card.jsonl"
    recorder = RecordingReader(reader_with("head_of_household")[0], log)
    assert read(recorder, anchors).outcome.ok
    recorder.close()
    assert log.stat().st_mode & 0o777 == 0o600
    text = log.read_text()
    assert "00200080 masked" in text
    assert "31323334" not in text
    replayed = read(open_card_reader(f"replay:{log}", environment=Environment.DEMO), anchors)
    assert replayed.outcome.ok
    assert replayed.attributes is not None
    assert replayed.attributes.name == "髙橋　健一"


def test_a_conversation_that_takes_another_turn_is_no_replay(
    tmp_path: Path, reader_with: ReaderWith, anchors: AnchorSet
):
    log = tmp_path / "card.jsonl"
    recorder = RecordingReader(reader_with("blocked")[0], log)
    assert read(recorder, anchors).outcome.code is OutcomeCode.PIN_BLOCKED
    recorder.close()
    connection = ReplayReader(log).connect()
    with pytest.raises(RecordingError, match="another command"):
        connection.transmit(bytes.fromhex("00a40000"))


@pytest.mark.parametrize("text", ["", "{}", '{"apdu_log": 2}', '{"apdu_log": 1}\n{"command": 1}'])
def test_what_is_no_log_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "card.jsonl"
    path.write_text(text)
    with pytest.raises(RecordingError, match=r"card\.jsonl"):
        ReplayReader(path)


@pytest.mark.parametrize("address", ["sim:head_of_household", "replay:card.jsonl"])
def test_production_opens_nothing_but_a_real_reader(address: str, tmp_path: Path):
    with pytest.raises(SimulationForbiddenError):
        open_card_reader(address, environment=Environment.PRODUCTION, pki=tmp_path)


def test_an_address_of_another_device_is_refused():
    with pytest.raises(AddressError, match="no card reader"):
        open_card_reader("evdev:", environment=Environment.DEMO)


def test_a_simulated_reader_and_its_trust_folder(tmp_path: Path):
    folder = tmp_path / "pki"
    reader = open_card_reader("sim:head_of_household", environment=Environment.DEMO, pki=folder)
    anchors = load_anchors(folder, environment=Environment.DEMO)
    reading = read_counter_card(reader, wish(), anchors=anchors, environment=Environment.DEMO)
    assert reading.outcome.ok


def test_the_authority_in_a_folder_is_kept_and_its_keys_are_closed(tmp_path: Path):
    first = open_pki(tmp_path / "pki", NOW)
    second = open_pki(tmp_path / "pki", NOW)
    assert first.anchors() == second.anchors()
    keys = list((tmp_path / "pki").glob("*.key"))
    assert len(keys) == 8
    assert {path.stat().st_mode & 0o777 for path in keys} == {0o600}


def test_a_trust_folder_keeps_to_its_pins(tmp_path: Path, pki: DemoPki):
    for name, der in pki.anchors():
        (tmp_path / name).write_bytes(der)
    lines = [f"{hashlib.sha256(der).hexdigest()}  {name}" for name, der in pki.anchors()]
    pins = tmp_path / "pins.sha256"
    pins.write_text("# pinned on paper\n" + "\n".join(lines) + "\n")
    assert len(load_anchors(tmp_path, environment=Environment.DEMO).anchors) == 6
    pins.write_text("\n".join(lines[1:]))
    with pytest.raises(AnchorError, match=r"auth_production_1\.der"):
        load_anchors(tmp_path, environment=Environment.DEMO)
    pins.write_text("nonsense")
    with pytest.raises(AnchorError, match=r"pins\.sha256"):
        load_anchors(tmp_path, environment=Environment.DEMO)


def test_an_empty_trust_folder_is_a_mistake_not_an_open_door(tmp_path: Path):
    with pytest.raises(AnchorError, match="no sign_"):
        load_anchors(tmp_path, environment=Environment.DEMO)


@pytest.mark.parametrize("environment", ["production", "", "Demo", "test"])
def test_only_demo_and_training_may_simulate(environment: str):
    with pytest.raises(SimulationForbiddenError):
        require_simulation(environment)
    assert require_simulation("training") is Environment.TRAINING


def test_a_machine_that_says_production_wins(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "production")
    with pytest.raises(SimulationForbiddenError):
        require_simulation("demo")


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("", "Alpha Reader 00 00"),
        ("0", "Alpha Reader 00 00"),
        ("1", "Beta 01 00"),
        ("2", None),
        ("Beta", "Beta 01 00"),
        ("Alpha Reader 00 00", "Alpha Reader 00 00"),
        ("Gamma", None),
    ],
)
def test_how_an_address_chooses_among_readers(wanted: str, chosen: str | None):
    assert choose_reader(["Alpha Reader 00 00", "Beta 01 00"], wanted) == chosen
    assert choose_reader([], wanted) is None


def test_listeners_hear_each_change_once_and_a_broken_one_stops_nobody(
    caplog: pytest.LogCaptureFixture,
):
    board, heard = StatusBoard(), list[ReaderState]()

    def broken(_: ReaderState) -> None:
        raise RuntimeError

    board.on_change(broken)
    leave = board.on_change(heard.append)
    board.post(ReaderStatus.EMPTY, "R")
    board.post(ReaderStatus.EMPTY, "R")
    board.post(ReaderStatus.PRESENT, "R")
    board.post(ReaderStatus.PRESENT, "R", card_changed=True)
    leave()
    board.post(ReaderStatus.NO_READER)
    assert [(state.status, state.insertion) for state in heard] == [
        (ReaderStatus.EMPTY, 0),
        (ReaderStatus.PRESENT, 1),
        (ReaderStatus.PRESENT, 2),
    ]
    assert "listener" in caplog.text


def test_waiting_ends_when_the_status_comes_or_the_time_is_over():
    board = StatusBoard()
    assert board.wait_for(ReaderStatus.PRESENT, timeout_s=0.01).status is ReaderStatus.NO_SERVICE
    timer = threading.Timer(0.05, board.post, (ReaderStatus.PRESENT, "R"))
    timer.start()
    assert board.wait_for(ReaderStatus.PRESENT, timeout_s=5).status is ReaderStatus.PRESENT
    assert board.first_look(5).status is ReaderStatus.PRESENT
    timer.join()
