"""The hub checks the card's signature over the very content it holds, by its own anchors."""

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.card_reader.card_reading import CounterWish, Want
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.pin import Pin
from drivers.card_reader.simulated_card.connection import InProcessReader, make_card
from drivers.card_reader.simulated_card.demo_pki import DemoPki, make_pki, new_key
from drivers.card_reader.simulated_card.persona import load_persona
from hub.review.card_signature import check_card_signature, identifies
from hub.settings import Cards, Settings
from intake.certificates import evidence
from intake.certificates.anchors import make_anchor_set
from intake.certificates.document_signature import DocumentSignature
from intake.characters import NameText
from intake.event.ids import new_notification_id
from intake.notification import Field, Notification, Procedure, Source
from intake.notification.signed_document import certificate_statement, document_to_sign
from intake.office.environment import Environment
from tests.hub.conftest import demo_settings

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
NOTIFICATION = Notification(
    new_notification_id(), Procedure.MOVE_IN, {"contact": Field("03-0000-0000", Source.CLERK)}
)


@pytest.fixture(scope="module")
def pki() -> DemoPki:
    return make_pki(NOW)


def signed(pki: DemoPki, document: bytes) -> bytes:
    """The evidence of a card that signed `document`."""
    card = make_card(load_persona("head_of_household"), pki, NOW, new_key)
    reading = read_counter_card(
        InProcessReader(card),
        CounterWish(
            want=frozenset({Want.SIGN}),
            challenge=evidence.challenge_for(NOTIFICATION.notification_id, bytes(16)),
            sign_password=Pin.from_text("DEMO1234"),
            document=document,
        ),
        anchors=make_anchor_set(pki.anchors(), environment=Environment.DEMO),
        environment=Environment.DEMO,
        at=NOW,
    )
    assert reading.evidence is not None
    assert reading.signature is not None, reading.outcome
    found = reading.signature
    signature = DocumentSignature(found.certificate, found.signature)
    at_us = int(NOW.timestamp()) * 1_000_000
    return evidence.encode(replace(reading.evidence, signature=signature, read_at_us=at_us))


@pytest.fixture(scope="module")
def content(pki: DemoPki) -> bytes:
    return signed(pki, document_to_sign(NOTIFICATION, 1))


@pytest.fixture
def settings(tmp_path: Path, pki: DemoPki) -> Settings:
    return settings_with(tmp_path, pki)


def settings_with(folder: Path, pki: DemoPki) -> Settings:
    anchors = folder / "anchors"
    anchors.mkdir()
    for name, data in pki.anchors():
        (anchors / name).write_bytes(data)
    return replace(demo_settings(folder), cards=Cards(anchors))


def test_a_signature_over_this_content_holds(settings: Settings, content: bytes):
    found = check_card_signature(settings, content, NOTIFICATION, 1)
    assert found is not None
    assert (found.outcome, found.certificate) == ("holds", "unknown")
    assert (found.name, found.stand_ins) == ("高橋　健一", (1,))


@pytest.mark.parametrize(
    ("notifier", "signer"),
    [
        ("髙橋　健一", "notifier"),
        ("高橋健一", "notifier"),
        ("髙橋\U000e0100 健一", "notifier"),
        ("髙橋　健二", "another"),
        ("髙橋　健", "another"),
        (None, "not_stated"),
    ],
)
def test_whose_name_the_certificate_has_is_told(
    settings: Settings, content: bytes, notifier: str | None, signer: str
):
    stated = NOTIFICATION
    if notifier is not None:
        name = NameText.from_plain(notifier)
        stated = NOTIFICATION.with_field("notifier_name", Field(name, Source.CARD))
    found = check_card_signature(settings, content, stated, 1)
    assert found is not None
    assert found.signer == signer


def test_another_content_or_revision_is_not_what_was_signed(settings: Settings, content: bytes):
    changed = NOTIFICATION.with_field("contact", Field("03-1111-1111", Source.CLERK))
    for notification, revision in ((changed, 1), (NOTIFICATION, 2)):
        found = check_card_signature(settings, content, notification, revision)
        assert found is not None
        assert found.outcome == "other_content"


def test_the_statement_that_a_certificate_was_read_is_no_notification(
    settings: Settings, pki: DemoPki
):
    statement = certificate_statement(NOTIFICATION.notification_id, bytes(32))
    found = check_card_signature(settings, signed(pki, statement), NOTIFICATION, 1)
    assert found is not None
    assert found.outcome == "other_content"


def test_a_certificate_of_another_authority_vouches_for_nobody(tmp_path: Path, content: bytes):
    found = check_card_signature(settings_with(tmp_path, make_pki(NOW)), content, NOTIFICATION, 1)
    assert found is not None
    assert (found.outcome, found.certificate) == ("certificate", "invalid")


def test_without_anchors_nothing_is_vouched_for(tmp_path: Path, content: bytes):
    found = check_card_signature(demo_settings(tmp_path), content, NOTIFICATION, 1)
    assert found is not None
    assert found.outcome == "no_anchors"


def test_a_signature_alone_says_nothing_of_who_was_there(settings: Settings, content: bytes):
    assert not identifies(content)
    assert identifies(b"\xff")
    assert check_card_signature(settings, b"\xff", NOTIFICATION, 1) is None
    unsigned = evidence.encode(replace(evidence.decode(content), signature=None))
    assert hashlib.sha256(unsigned).digest() != hashlib.sha256(content).digest()
    assert check_card_signature(settings, unsigned, NOTIFICATION, 1) is None
