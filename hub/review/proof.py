"""The card proof of an event, checked again at the hub on the bytes the unit sent."""

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hub.clock import instant, iso
from hub.settings import Settings
from intake.certificates import evidence
from intake.certificates.anchors import PINS_FILE, AnchorSet, make_anchor_set, parse_pins
from intake.certificates.errors import AnchorError
from intake.errors import IntakeError

DAY_US: Final = 24 * 3600 * 1_000_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CardProof:
    """Codes for the page. `outcome`: holds, fails, unreadable, no_anchors."""

    outcome: str
    kind: str = ""
    read_at_us: int | None = None
    authentication: str = ""
    authentication_reason: str = ""
    genuineness: str = ""
    for_this_notification: bool = False
    read_at: str = ""
    received_at: str = ""
    read_far: bool = False
    """Whether reading and receiving are more than a day apart: validity is judged at read_at."""


def beside_receipt(proof: CardProof, received_us: int) -> CardProof:
    """The proof with the unit's time of reading set beside the hub's time of receiving."""
    if proof.read_at_us is None:
        return proof
    return replace(
        proof,
        read_at=iso(proof.read_at_us),
        received_at=iso(received_us),
        read_far=abs(proof.read_at_us - received_us) > DAY_US,
    )


def check_card(settings: Settings, content: bytes, notification_id: str) -> CardProof:
    """What the evidence proves now; never raises on what a unit can send."""
    try:
        found = evidence.decode(content)
    except IntakeError:
        return CardProof("unreadable")
    try:
        anchors = load_anchors(settings)
    except (AnchorError, OSError) as error:
        logger.warning("the card anchors are refused: %s", error)
        anchors = AnchorSet(())
    checked = evidence.check_evidence(
        found,
        at=instant(found.read_at_us),
        anchors=anchors,
        environment=settings.office.environment,
    )
    tied = evidence.challenge_is_for(found.challenge, notification_id)
    outcome = "holds" if checked.holds and tied else "fails"
    if not anchors.anchors:
        outcome = "no_anchors"
    certificate = checked.authentication
    return CardProof(
        outcome=outcome,
        kind=found.kind,
        read_at_us=found.read_at_us,
        authentication=certificate.result.value if certificate else "",
        authentication_reason=certificate.reason.value if certificate else "",
        genuineness=checked.genuineness.reason.value if checked.genuineness else "",
        for_this_notification=tied,
    )


def load_anchors(settings: Settings) -> AnchorSet:
    """The pinned anchors of cards; none when no folder is set, and then nothing is vouched for.

    Raises AnchorError when a file is not one of those that the folder's pin list names.
    """
    folder = settings.cards.anchors
    if not folder:
        return AnchorSet(())
    files = [(path.name, path.read_bytes()) for path in sorted(Path(folder).glob("*.der"))]
    listed = Path(folder) / PINS_FILE
    pins = parse_pins(listed.read_text(encoding="utf-8")) if listed.exists() else None
    return make_anchor_set(files, environment=settings.office.environment, pins=pins)
