"""Is this reading genuine: the issuer vouches for the record, the card itself answered now.

Both halves are needed. The record alone can be copied; the card's answer alone can come from
any key. What follows from it in law is decided at the hub: here only the mathematics.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from intake.certificates.anchors import AnchorSet, Hierarchy
from intake.certificates.card_key import signature_holds
from intake.certificates.errors import CardDataError
from intake.certificates.text_record import (
    CardVerifiableCertificate,
    parse_attributes,
    parse_certificate,
    parse_integrity_record,
    parse_signed_key,
)

_HIERARCHY_OF_FIRST_DIGIT = {0x35: Hierarchy.PRODUCTION, 0x36: Hierarchy.TEST}


class GenuinenessReason(StrEnum):
    """Why a reading is genuine or not; the codes stand in stored evidence and never change."""

    GENUINE = "genuine"
    MALFORMED = "malformed"
    UNKNOWN_HIERARCHY = "unknown_hierarchy"
    TEST_CARD = "test_card"
    UNKNOWN_ISSUER = "unknown_issuer"
    RECORD_SIGNATURE = "record_signature"
    ATTRIBUTES_CHANGED = "attributes_changed"
    NUMBER_CHANGED = "number_changed"
    CARD_KEY_SIGNATURE = "card_key_signature"
    CHALLENGE_SIGNATURE = "challenge_signature"
    PARTS_DIFFER = "parts_differ"


@dataclass(frozen=True)
class TextFiles:
    """Raw files of the text application. `number` (EF 0001) only where it was read."""

    attributes: bytes
    integrity: bytes
    certificate: bytes
    signed_key: bytes
    number: bytes | None = None


@dataclass(frozen=True)
class GenuinenessResult:
    """`reason` is GENUINE or the first check that failed."""

    reason: GenuinenessReason
    hierarchy: Hierarchy | None = None
    anchor_sha256: str | None = None

    @property
    def genuine(self) -> bool:
        """Whether both halves held."""
        return self.reason is GenuinenessReason.GENUINE


@dataclass(frozen=True)
class RecordIssuer:
    """An issuer of records that a pinned root key vouches for."""

    certificate: CardVerifiableCertificate
    hierarchy: Hierarchy
    anchor_sha256: str


def check_genuineness(
    files: TextFiles,
    *,
    challenge: bytes,
    signature: bytes,
    anchors: AnchorSet,
    accepted: frozenset[Hierarchy],
) -> GenuinenessResult:
    """Root key -> certificate -> record -> attributes; root key -> card key -> challenge.

    Never raises on what a card can send: malformed bytes are a reason too.
    """
    try:
        return _check(files, challenge, signature, anchors, accepted)
    except CardDataError:
        return GenuinenessResult(GenuinenessReason.MALFORMED)


def _check(
    files: TextFiles,
    challenge: bytes,
    signature: bytes,
    anchors: AnchorSet,
    accepted: frozenset[Hierarchy],
) -> GenuinenessResult:
    issuer = issuer_of(files.certificate, anchors, accepted)
    if isinstance(issuer, GenuinenessResult):
        return issuer
    reason = _check_record(files, issuer.certificate) or _check_answer(
        files, issuer.certificate, challenge, signature
    )
    return GenuinenessResult(
        reason or GenuinenessReason.GENUINE, issuer.hierarchy, issuer.anchor_sha256
    )


def issuer_of(
    certificate: bytes, anchors: AnchorSet, accepted: frozenset[Hierarchy]
) -> RecordIssuer | GenuinenessResult:
    """Who signs a card's records, or why nobody is believed to; CardDataError when malformed."""
    parsed = parse_certificate(certificate)
    hierarchy = _HIERARCHY_OF_FIRST_DIGIT.get(parsed.issuer_id[0])
    if hierarchy is None:
        return GenuinenessResult(GenuinenessReason.UNKNOWN_HIERARCHY)
    if hierarchy not in accepted:
        return GenuinenessResult(GenuinenessReason.TEST_CARD, hierarchy)
    anchor = _issuing_anchor(parsed, anchors)
    if anchor is None:
        return GenuinenessResult(GenuinenessReason.UNKNOWN_ISSUER, hierarchy)
    return RecordIssuer(parsed, hierarchy, anchor)


def _issuing_anchor(certificate: CardVerifiableCertificate, anchors: AnchorSet) -> str | None:
    for anchor, key in anchors.card_verifiable_keys():
        if signature_holds(key, certificate.signature, certificate.covered):
            return anchor.sha256
    return None


def _check_record(
    files: TextFiles, certificate: CardVerifiableCertificate
) -> GenuinenessReason | None:
    record = parse_integrity_record(files.integrity)
    if not signature_holds(certificate.key, record.signature, record.covered):
        return GenuinenessReason.RECORD_SIGNATURE
    covered = parse_attributes(files.attributes).covered
    if hashlib.sha256(covered).digest() != record.attribute_digest:
        return GenuinenessReason.ATTRIBUTES_CHANGED
    number = files.number
    if number is not None and hashlib.sha256(number).digest() != record.number_digest:
        return GenuinenessReason.NUMBER_CHANGED
    return None


def _check_answer(
    files: TextFiles,
    certificate: CardVerifiableCertificate,
    challenge: bytes,
    signature: bytes,
) -> GenuinenessReason | None:
    card = parse_signed_key(files.signed_key)
    if not signature_holds(certificate.key, card.signature, card.covered):
        return GenuinenessReason.CARD_KEY_SIGNATURE
    if not challenge or not signature_holds(card.key, signature, challenge):
        return GenuinenessReason.CHALLENGE_SIGNATURE
    return None
