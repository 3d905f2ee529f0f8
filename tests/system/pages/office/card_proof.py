"""What the reading of a virtual card leaves in an event, and the anchors that check it."""

import datetime as dt
from pathlib import Path

from drivers.card_reader.card_reading import DEFAULT_WANT, CounterWish
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.pin import Pin
from drivers.card_reader.simulated_card.connection import InProcessReader, make_card
from drivers.card_reader.simulated_card.demo_pki import DemoPki, make_pki
from drivers.card_reader.simulated_card.persona import load_persona
from intake.certificates import evidence
from intake.certificates.anchors import make_anchor_set
from intake.office.environment import Environment


def new_pki(folder: Path) -> DemoPki:
    """An authority for cards; its anchors lie in `folder`, where the hub looks for them."""
    pki = make_pki(dt.datetime.now(dt.UTC))
    folder.mkdir()
    for name, der in pki.anchors():
        (folder / name).write_bytes(der)
    return pki


def card_evidence(pki: DemoPki, notification_id: str) -> bytes:
    """The part `card_evidence` after a good card was read for a notification."""
    now = dt.datetime.now(dt.UTC)
    card = make_card(load_persona("head_of_household"), pki, now)
    reading = read_counter_card(
        InProcessReader(card),
        CounterWish(
            want=DEFAULT_WANT,
            challenge=evidence.challenge_for(notification_id, bytes(range(16))),
            auth_pin=Pin.from_text("1234"),
            text_pin=Pin.from_text("1234"),
        ),
        anchors=make_anchor_set(pki.anchors(), environment=Environment.DEMO),
        environment=Environment.DEMO,
        at=now,
    )
    assert reading.evidence is not None, reading.outcome
    return evidence.encode(reading.evidence)
