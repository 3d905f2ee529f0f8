"""The face of the card from its surface application: photo and printed text, and their proof.

EF 0002 of the surface application. The issuer signs three digests: over birth date, sex and the
card's key; over the two pictures of text; over the photo. What stands behind the signature (expiry,
security code) is signed by nobody and is not taken.
"""

import hashlib
from dataclasses import dataclass, field

from intake.certificates.anchors import AnchorSet, Hierarchy
from intake.certificates.card_key import CardKey, read_card_key, signature_holds
from intake.certificates.errors import CardDataError
from intake.certificates.genuineness import (
    GenuinenessReason,
    GenuinenessResult,
    issuer_of,
)
from intake.certificates.tlv import Tlv, read_fields, read_tlv

_FILE, _OFFSETS = 0xFF20, 0xDF21
_BIRTH, _SEX, _KEY, _NAME, _ADDRESS, _PHOTO, _SIGNATURE = (0xDF22 + i for i in range(7))
_SIGNED = ((_BIRTH, _SEX, _KEY), (_NAME, _ADDRESS), (_PHOTO,))
_BIRTH_DIGITS = 8


@dataclass(frozen=True)
class FaceRecord:
    """What the issuer vouches for. `birth` is YYYYMMDD; pictures as stored (PNG, JPEG 2000)."""

    birth: str = field(repr=False)
    name: bytes = field(repr=False)
    address: bytes = field(repr=False)
    photo: bytes = field(repr=False)
    key: CardKey = field(repr=False)
    covered: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def parse_face(raw: bytes) -> FaceRecord:
    """EF 0002 of the surface application; raises CardDataError."""
    outer = read_tlv(raw)
    if outer.tag != _FILE:
        raise CardDataError(f"expected the file {_FILE:X}, found {outer.tag:X}")
    fields: dict[int, Tlv] = {}
    for item in read_fields(outer.value):
        if item.tag in fields:
            raise CardDataError(f"the object {item.tag:X} stands twice in its file")
        fields[item.tag] = item
    missing = [tag for tag in range(_OFFSETS, _SIGNATURE + 1) if tag not in fields]
    if missing:
        raise CardDataError(f"the object {missing[0]:X} is missing")
    digests = [
        hashlib.sha256(
            b"".join(outer.value[fields[tag].start : fields[tag].end] for tag in tags)
        ).digest()
        for tags in _SIGNED
    ]
    return FaceRecord(
        birth=_birth(fields[_BIRTH].value),
        name=fields[_NAME].value,
        address=fields[_ADDRESS].value,
        photo=fields[_PHOTO].value,
        key=read_card_key(fields[_KEY].value),
        covered=b"".join(digests),
        signature=fields[_SIGNATURE].value,
    )


def check_face(
    file: bytes,
    certificate: bytes,
    *,
    challenge: bytes,
    signature: bytes,
    anchors: AnchorSet,
    accepted: frozenset[Hierarchy],
) -> tuple[GenuinenessResult, FaceRecord | None]:
    """Root key -> certificate -> record -> card key -> challenge; the record only when genuine.

    `signature` is the surface application's own key over `challenge`. Never raises on what a
    card can send.
    """
    try:
        issuer = issuer_of(certificate, anchors, accepted)
        if isinstance(issuer, GenuinenessResult):
            return issuer, None
        face = parse_face(file)
    except CardDataError:
        return GenuinenessResult(GenuinenessReason.MALFORMED), None
    reason = GenuinenessReason.GENUINE
    if not signature_holds(issuer.certificate.key, face.signature, face.covered):
        reason = GenuinenessReason.RECORD_SIGNATURE
    elif not challenge or not signature_holds(face.key, signature, challenge):
        reason = GenuinenessReason.CHALLENGE_SIGNATURE
    result = GenuinenessResult(reason, issuer.hierarchy, issuer.anchor_sha256)
    return result, face if result.genuine else None


def _birth(value: bytes) -> str:
    if len(value) != _BIRTH_DIGITS or not value.isdigit():
        raise CardDataError("the birth date is not eight digits")
    return value.decode("ascii")
