"""A demo authority, one genuine reading, and certificates bent in one place each."""

import datetime as dt
import os
from dataclasses import dataclass

import pytest

from drivers.card_reader.simulated_card.demo_pki import DemoPki, make_pki, sign
from drivers.card_reader.simulated_card.issue import issue_card
from drivers.card_reader.simulated_card.persona import load_persona
from intake.certificates.anchors import AnchorSet, make_anchor_set
from intake.certificates.genuineness import TextFiles
from intake.office.environment import Environment
from tests.drivers.card_reader.places import JPKI_AID, TEXT_AID, JpkiFile, TextFile

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Reading:
    """What a good card gives: text files, a challenge, both answers, the certificates."""

    files: TextFiles
    challenge: bytes
    card_answer: bytes
    auth_certificate: bytes
    sign_certificate: bytes
    auth_answer: bytes


@pytest.fixture(scope="session")
def pki() -> DemoPki:
    return make_pki(NOW)


@pytest.fixture(scope="session")
def anchors(pki: DemoPki) -> AnchorSet:
    return make_anchor_set(pki.anchors(), environment=Environment.DEMO)


@pytest.fixture(scope="session")
def reading(pki: DemoPki) -> Reading:
    applications = issue_card(load_persona("head_of_household"), pki, NOW)
    jpki, text = applications[JPKI_AID], applications[TEXT_AID]
    challenge = os.urandom(32)
    assert text.card_key is not None
    return Reading(
        files=TextFiles(
            attributes=text.files[TextFile.ATTRIBUTES].content,
            integrity=text.files[TextFile.INTEGRITY].content,
            certificate=text.files[TextFile.CERTIFICATE].content,
            signed_key=text.files[TextFile.SIGNED_KEY].content,
            number=text.files[TextFile.NUMBER].content,
        ),
        challenge=challenge,
        card_answer=sign(text.card_key, challenge),
        auth_certificate=jpki.files[JpkiFile.AUTH_CERTIFICATE].content,
        sign_certificate=jpki.files[JpkiFile.SIGN_CERTIFICATE].content,
        auth_answer=sign(jpki.keys[JpkiFile.AUTH_KEY].key, challenge),
    )
