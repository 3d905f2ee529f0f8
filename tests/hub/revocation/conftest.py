"""An office that trusts a test authority and asks its responder."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.card_reader.simulated_card.demo_pki import sign
from hub.clock import now_us
from hub.office import Office
from hub.settings import Cards, Revocation
from intake.certificates import evidence
from intake.certificates.anchors import Purpose
from intake.certificates.document_signature import DocumentSignature
from intake.certificates.evidence import Authentication, CardEvidence
from intake.event.manifest import PartName
from intake.notification import Notification
from tests.hub.conftest import RECOVERY, Desk, demo_settings
from tests.hub.counter_unit import FiledEvent, Town, move_in
from tests.hub.revocation.responding import RespondingServer
from tests.intake.certificates.authority import Authority


@dataclass(frozen=True)
class Authorities:
    """Who issues the cards of the tests; made once, keys take time."""

    auth: Authority
    sign: Authority

    def write_anchors(self, folder: Path) -> Path:
        folder.mkdir(exist_ok=True)
        for purpose, one in ((Purpose.AUTH, self.auth), (Purpose.SIGN, self.sign)):
            (folder / f"{purpose}_1.der").write_bytes(one.der)
        return folder


@pytest.fixture(scope="session")
def authorities() -> Authorities:
    return Authorities(Authority(Purpose.AUTH), Authority(Purpose.SIGN))


@pytest.fixture
def responding() -> Iterator[RespondingServer]:
    server = RespondingServer()
    yield server
    server.close()


@dataclass
class CardOffice:
    """A desk whose filings carry card evidence."""

    desk: Desk
    authorities: Authorities

    def evidence(self, *purposes: Purpose, notification_id: str) -> bytes:
        challenge = evidence.challenge_for(notification_id, bytes(16))
        auth, signing = self.authorities.auth, self.authorities.sign
        der = auth.leaf().public_bytes(Encoding.DER)
        signature = DocumentSignature(
            signing.leaf().public_bytes(Encoding.DER), sign(signing.holder, b"document")
        )
        return evidence.encode(
            CardEvidence(
                now_us(),
                "plastic",
                challenge,
                authentication=Authentication(der, sign(auth.holder, challenge)),
                signature=signature if Purpose.SIGN in purposes else None,
            )
        )

    def file(self, *purposes: Purpose, notification: Notification | None = None) -> FiledEvent:
        filed = notification or move_in()
        content = self.evidence(*purposes, notification_id=filed.notification_id)
        event = self.desk.unit.file(
            self.desk.keyset, filed, parts={PartName.CARD_EVIDENCE: content}
        )
        self.desk.take(event.data)
        return event


OpenOffice = Callable[[Revocation], CardOffice]


@pytest.fixture
def card_office(tmp_path: Path, new_office: Path, authorities: Authorities) -> Iterator[OpenOffice]:
    opened: list[Office] = []

    def make(revocation: Revocation) -> CardOffice:
        town = Town(tmp_path / "trust")
        unit = town.enrol("unit-01")
        shutil.copytree(new_office, tmp_path / "state")
        settings = replace(
            demo_settings(tmp_path),
            cards=Cards(authorities.write_anchors(tmp_path / "anchors")),
            revocation=revocation,
        )
        office = Office.open(settings)
        opened.append(office)
        office.directory.refresh()
        return CardOffice(Desk(office, town, unit, RECOVERY), authorities)

    yield make
    for office in opened:
        office.close()
