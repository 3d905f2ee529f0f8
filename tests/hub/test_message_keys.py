"""Every office has a key for messages, an older one gets it, and old messages stay good."""

import datetime as dt
import json
from pathlib import Path

import pytest

from hub.errors import KeyRingError
from hub.keys.ring import INDEX, KeyRing
from hub.messages.message.checking import check
from hub.messages.message.making import make
from intake.event.keys import ReaderKey
from tests.hub.messages.message.message_samples import NOW, NOW_US, minimal


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.create(tmp_path / "keys", ReaderKey.generate().public, NOW_US)


def test_messages_of_a_retired_key_stay_good(ring: KeyRing):
    old = make(minimal(), ring.message_key(), NOW)
    ring.rotate("message", NOW_US + 1_000_000)
    new = make(minimal(), ring.message_key(), NOW + dt.timedelta(seconds=5))
    first, second = (check(data, ring.message_certificates()) for data in (old, new))
    assert first.content == second.content == minimal()
    assert first.certificate != second.certificate


def test_units_do_not_learn_of_the_key_for_messages(ring: KeyRing):
    kid = ring.message_key().key.kid
    assert kid not in {one.kid for one in ring.hub_keys()}


def test_an_office_from_before_gets_the_key_once(tmp_path: Path):
    KeyRing.create(tmp_path / "keys", ReaderKey.generate().public, NOW_US)
    index = tmp_path / "keys" / INDEX
    table = json.loads(index.read_bytes())
    table["keys"] = [one for one in table["keys"] if one["purpose"] != "message"]
    index.write_text(json.dumps(table), encoding="utf-8")
    older, beside = KeyRing.load(tmp_path / "keys"), KeyRing.load(tmp_path / "keys")
    with pytest.raises(KeyRingError, match="keys rotate"):
        older.message_key()
    older.complete(NOW_US)
    beside.complete(NOW_US)
    assert older.message_key().key.kid == beside.message_key().key.kid
    assert len([one for one in beside.keys if one.purpose == "message"]) == 1


def test_the_certificate_says_nothing_but_what_the_key_is_for(ring: KeyRing):
    found = ring.message_key().certificate
    assert ring.message_key().key.kid.hex() in found.subject.rfc4514_string()
    found.verify_directly_issued_by(found)


def test_a_lost_certificate_is_named(ring: KeyRing, tmp_path: Path):
    (tmp_path / "keys" / f"{ring.message_key().key.kid.hex()}.crt").unlink()
    with pytest.raises(KeyRingError, match="restore it from a backup"):
        ring.message_key()
