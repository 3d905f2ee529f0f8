"""The holder's digital signature over a notification, checked on the bytes that the hub holds."""

import logging
from dataclasses import dataclass

from hub.clock import instant
from hub.review.proof import load_anchors
from hub.settings import Settings
from intake.certificates import evidence
from intake.certificates.anchors import AnchorSet
from intake.certificates.attributes import CertificateAttributes, read_attributes
from intake.certificates.certificate import load_certificate
from intake.certificates.document_signature import check_document_signature
from intake.certificates.errors import AnchorError, CardDataError
from intake.characters import NameText
from intake.characters.name_text import is_variation_selector
from intake.errors import IntakeError
from intake.notification import Notification
from intake.notification.signed_document import document_to_sign

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CardSignature:
    """Codes for the page. `outcome`: holds, other_content, certificate, no_anchors.

    `certificate` and `reason` are the answer of the certificate check, revocation aside. `name` is
    as the certificate writes it, `stand_ins` the places (from 1) where it could not. `signer`:
    notifier (the notifier's name but for the stand-ins), another, or not_stated.
    """

    outcome: str
    certificate: str
    reason: str
    name: str
    stand_ins: tuple[int, ...]
    signer: str


def check_card_signature(
    settings: Settings, content: bytes, notification: Notification, revision: int
) -> CardSignature | None:
    """What the signature in card evidence proves of this very content; None without one."""
    try:
        found = evidence.decode(content)
    except IntakeError:
        return None
    if found.signature is None:
        return None
    try:
        anchors = load_anchors(settings)
    except (AnchorError, OSError) as error:
        logger.warning("the card anchors are refused: %s", error)
        anchors = AnchorSet(())
    checked = check_document_signature(
        found.signature,
        document_to_sign(notification, revision),
        at=instant(found.read_at_us),
        anchors=anchors,
        environment=settings.office.environment,
    )
    outcome = "holds" if checked.holds else "certificate" if checked.signature else "other_content"
    stated = _stated(found.signature.certificate)
    return CardSignature(
        outcome=outcome if anchors.anchors else "no_anchors",
        certificate=checked.certificate.result.value,
        reason=checked.certificate.reason.value,
        name=stated.name or "",
        stand_ins=tuple(place + 1 for place in stated.substituted_name),
        signer=_signer(stated, notification),
    )


def _signer(stated: CertificateAttributes, notification: Notification) -> str:
    notifier = notification.value("notifier_name")
    if stated.name is None or not isinstance(notifier, NameText):
        return "not_stated"
    theirs = [_base(one.text) for one in notifier if one.text.strip()]
    written = [
        None if place in stated.substituted_name else one
        for place, one in enumerate(stated.name)
        if one.strip()
    ]
    same = len(theirs) == len(written) and all(
        one in (None, other) for one, other in zip(written, theirs, strict=True)
    )
    return "notifier" if same else "another"


def _base(text: str) -> str:
    return "".join(one for one in text if not is_variation_selector(one))


def identifies(content: bytes) -> bool:
    """Whether card evidence says who was there; a signature alone does not."""
    try:
        found = evidence.decode(content)
    except IntakeError:
        return True  # the proof says that it cannot be read
    return found.authentication is not None or found.text is not None


def _stated(certificate: bytes) -> CertificateAttributes:
    loaded = load_certificate(certificate)
    try:
        return CertificateAttributes() if loaded is None else read_attributes(loaded)
    except CardDataError:
        return CertificateAttributes()
