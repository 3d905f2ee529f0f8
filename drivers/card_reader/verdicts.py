"""What a reading believes: certificate, text and face judged; anything else ends it."""

import datetime as dt
from dataclasses import dataclass

from drivers.card_reader.outcomes import Outcome, OutcomeCode
from intake.certificates.anchors import AnchorSet, Hierarchy, Purpose
from intake.certificates.attributes import CertificateAttributes, read_attributes
from intake.certificates.certificate import (
    CertificateCheck,
    CertificateReason,
    CheckResult,
    check_certificate,
    load_certificate,
)
from intake.certificates.errors import CardDataError
from intake.certificates.face_record import FaceRecord, check_face
from intake.certificates.genuineness import (
    GenuinenessReason,
    GenuinenessResult,
    TextFiles,
    check_genuineness,
)
from intake.certificates.profile import CertificateProfile
from intake.certificates.text_record import TextAttributes

_NOT_VOUCHED_FOR = {
    CertificateReason.UNKNOWN_ISSUER: GenuinenessReason.UNKNOWN_ISSUER,
    CertificateReason.ISSUER_SIGNATURE: GenuinenessReason.UNKNOWN_ISSUER,
    CertificateReason.TEST_CERTIFICATE: GenuinenessReason.TEST_CARD,
}
"""No anchor vouches for such a certificate: that is no question of its form, but of the card."""


class ReadingEndedError(Exception):
    """Carries the outcome that ends a reading."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


@dataclass(frozen=True)
class Trust:
    """Who may have issued a card, which hierarchies count, and the time to judge at."""

    anchors: AnchorSet
    accepted: frozenset[Hierarchy]
    at: dt.datetime


def judge_certificate(
    der: bytes, purpose: Purpose, trust: Trust, form: CertificateProfile | None
) -> CertificateCheck:
    """Everything about a certificate but its revocation, which only the hub can ask."""
    return check_certificate(
        der,
        purpose=purpose,
        at=trust.at,
        anchors=trust.anchors,
        accepted=trust.accepted,
        profile=form,
    )


def require_certificate(check: CertificateCheck, secret: str) -> None:
    """End the reading when the certificate is not good for it; `secret` names its PIN."""
    if check.result not in (CheckResult.INVALID, CheckResult.REVOKED):
        return
    reason = _NOT_VOUCHED_FOR.get(check.reason)
    if reason is not None:
        raise ReadingEndedError(Outcome(OutcomeCode.NOT_GENUINE, reason=reason))
    code = (
        OutcomeCode.CERTIFICATE_REVOKED
        if check.result is CheckResult.REVOKED
        else OutcomeCode.CERTIFICATE_INVALID
    )
    raise ReadingEndedError(Outcome(code, reason=check.reason, pin=secret))


def judge_text(
    files: TextFiles, challenge: bytes, signature: bytes, trust: Trust
) -> GenuinenessResult:
    """Both halves of the text: the issuer's record and the card's own answer."""
    return check_genuineness(
        files,
        challenge=challenge,
        signature=signature,
        anchors=trust.anchors,
        accepted=trust.accepted,
    )


def require_genuine(result: GenuinenessResult) -> None:
    """End the reading unless the record is genuine."""
    if not result.genuine:
        raise ReadingEndedError(Outcome(OutcomeCode.NOT_GENUINE, reason=result.reason))


def judge_face(
    file: bytes, certificate: bytes, challenge: bytes, signature: bytes, trust: Trust
) -> tuple[GenuinenessResult, FaceRecord | None]:
    """Both halves of the card's face: its own record and its own key's answer."""
    return check_face(
        file,
        certificate,
        challenge=challenge,
        signature=signature,
        anchors=trust.anchors,
        accepted=trust.accepted,
    )


def holder_of(der: bytes) -> CertificateAttributes:
    """The holder as the signing certificate states it; the certificate was judged before."""
    certificate = load_certificate(der)
    if certificate is None:
        raise CardDataError("the signing certificate cannot be read")
    return read_attributes(certificate)


def require_one_person(
    text: TextAttributes | None, face: FaceRecord | None, holder: CertificateAttributes | None
) -> None:
    """End the reading when its parts are about different people: files of another card."""
    births = {
        birth
        for birth in (
            f"{text.birth_date:%Y%m%d}" if text else None,
            face.birth if face else None,
            holder.birth[1:] if holder and holder.birth else None,
        )
        if birth is not None
    }
    if len(births) > 1:
        reason = GenuinenessReason.PARTS_DIFFER
        raise ReadingEndedError(Outcome(OutcomeCode.NOT_GENUINE, reason=reason))
