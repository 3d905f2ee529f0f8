"""The hub believes the card's evidence by its own anchors, not by what the unit says."""

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.card_reader.card_reading import DEFAULT_WANT, CounterWish
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.pin import Pin
from drivers.card_reader.simulated_card.connection import InProcessReader, make_card
from drivers.card_reader.simulated_card.demo_pki import DemoPki, make_pki, new_key
from drivers.card_reader.simulated_card.persona import load_persona
from hub.review.proof import check_card
from hub.settings import Cards, Settings
from intake.certificates import evidence
from intake.certificates.anchors import PINS_FILE, make_anchor_set
from intake.event.ids import new_notification_id
from intake.office.environment import Environment
from tests.hub.conftest import demo_settings

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
NOTIFICATION = new_notification_id()


@pytest.fixture(scope="module")
def pki() -> DemoPki:
    return make_pki(NOW)


@pytest.fixture(scope="module")
def proof(pki: DemoPki) -> bytes:
    """What a unit sends of a genuine card read for NOTIFICATION."""
    card = make_card(load_persona("head_of_household"), pki, NOW, new_key)
    reading = read_counter_card(
        InProcessReader(card),
        CounterWish(
            want=DEFAULT_WANT,
            challenge=evidence.challenge_for(NOTIFICATION, bytes(16)),
            auth_pin=Pin.from_text("1234"),
            text_pin=Pin.from_text("1234"),
        ),
        anchors=make_anchor_set(pki.anchors(), environment=Environment.DEMO),
        environment=Environment.DEMO,
        at=NOW,
    )
    assert reading.evidence is not None
    return evidence.encode(reading.evidence)


def settings_with(folder: Path, pki: DemoPki, *, pins: bool) -> Settings:
    anchors = folder / "anchors"
    anchors.mkdir()
    listed = []
    for name, data in pki.anchors():
        (anchors / name).write_bytes(data)
        listed.append(f"{hashlib.sha256(data).hexdigest()}  {name}")
    if pins:
        (anchors / PINS_FILE).write_text("\n".join(listed) + "\n", encoding="utf-8")
    return replace(demo_settings(folder), cards=Cards(anchors))


@pytest.mark.parametrize("pins", [False, True])
def test_genuine_evidence_holds(tmp_path: Path, pki: DemoPki, proof: bytes, *, pins: bool):
    found = check_card(settings_with(tmp_path, pki, pins=pins), proof, NOTIFICATION)
    assert found.outcome == "holds"
    assert found.for_this_notification


def test_evidence_of_another_notification_fails(tmp_path: Path, pki: DemoPki, proof: bytes):
    found = check_card(settings_with(tmp_path, pki, pins=True), proof, new_notification_id())
    assert (found.outcome, found.for_this_notification) == ("fails", False)


def test_an_anchor_that_is_not_on_the_pin_list_vouches_for_nothing(
    tmp_path: Path, pki: DemoPki, proof: bytes
):
    settings = settings_with(tmp_path, pki, pins=True)
    assert settings.cards.anchors is not None
    (settings.cards.anchors / "auth_planted.der").write_bytes(make_pki(NOW).anchors()[0][1])
    assert check_card(settings, proof, NOTIFICATION).outcome == "no_anchors"


def test_anchors_of_another_authority_do_not_vouch(tmp_path: Path, proof: bytes):
    settings = settings_with(tmp_path, make_pki(NOW), pins=True)
    assert check_card(settings, proof, NOTIFICATION).outcome == "fails"


def test_garbled_evidence_is_said_to_be_unreadable(tmp_path: Path, pki: DemoPki, proof: bytes):
    settings = settings_with(tmp_path, pki, pins=True)
    assert check_card(settings, proof[:-1], NOTIFICATION).outcome == "unreadable"
