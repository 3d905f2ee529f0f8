"""Card evidence: the raw files and signatures of one reading, so that the hub can check again.

It travels as the event's encrypted part `card_evidence`. It holds no PIN and no My Number; the
issuer's record does hold a digest of the number file, which is why the part is never in clear.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from intake import canonical
from intake.certificates.anchors import AnchorSet, Purpose, accepted_hierarchies
from intake.certificates.card_key import signature_holds
from intake.certificates.certificate import (
    CertificateCheck,
    CheckResult,
    check_certificate,
    load_certificate,
)
from intake.certificates.document_signature import DocumentSignature
from intake.certificates.genuineness import (
    GenuinenessResult,
    TextFiles,
    check_genuineness,
)
from intake.office.environment import Environment
from intake.record import TOKEN, Record

EVIDENCE_VERSION = 1
MAX_EVIDENCE_BYTES = 64 * 1024
NONCE_BYTES = 16
_CHALLENGE_LABEL = b"madoguchi card challenge 1\x00"
_MAX_CHALLENGE = 256
_TEXT_FIELDS = ("attributes", "integrity", "certificate", "signed_key", "signature")


def challenge_for(notification_id: str, nonce: bytes) -> bytes:
    """The 32 bytes a card signs: the unit's nonce (16) and what ties it to one notification."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes")
    tie = hashlib.sha256(_CHALLENGE_LABEL + nonce + notification_id.encode()).digest()
    return nonce + tie[:NONCE_BYTES]


def challenge_is_for(challenge: bytes, notification_id: str) -> bool:
    """Whether a challenge was made for this notification and not lifted from another one."""
    if len(challenge) != 2 * NONCE_BYTES:
        return False
    return challenge == challenge_for(notification_id, challenge[:NONCE_BYTES])


@dataclass(frozen=True)
class Authentication:
    """The authentication certificate (DER) and its key's signature over the challenge."""

    certificate: bytes
    signature: bytes


@dataclass(frozen=True)
class TextEvidence:
    """EF 0002, 0003, 0004 and 0007 as read, and the card key's signature over the challenge."""

    attributes: bytes = field(repr=False)
    integrity: bytes = field(repr=False)
    certificate: bytes = field(repr=False)
    signed_key: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True)
class CardEvidence:
    """One reading. `kind` is plastic|android|iphone; a half that was not read is None.

    `signature` is the holder's over the notification (`intake.notification.signed_document`).
    """

    read_at_us: int
    kind: str
    challenge: bytes
    authentication: Authentication | None = None
    text: TextEvidence | None = None
    signature: DocumentSignature | None = None


@dataclass(frozen=True)
class EvidenceCheck:
    """What the evidence proves. A half that was not read is None, never a success."""

    authentication: CertificateCheck | None
    authentication_signature: bool | None
    genuineness: GenuinenessResult | None

    @property
    def holds(self) -> bool:
        """At least one half is there, and nothing that is there failed (revocation aside)."""
        halves = (self.authentication, self.genuineness)
        if all(half is None for half in halves):
            return False
        if self.authentication is not None:
            bad = {CheckResult.INVALID, CheckResult.REVOKED}
            if self.authentication.result in bad or not self.authentication_signature:
                return False
        return self.genuineness is None or self.genuineness.genuine


def encode(evidence: CardEvidence) -> bytes:
    """Canonical CBOR of the evidence (at most 64 KiB)."""
    authentication, text, signature = evidence.authentication, evidence.text, evidence.signature
    fields: dict[str, object] = {
        "v": EVIDENCE_VERSION,
        "read_at_us": evidence.read_at_us,
        "kind": evidence.kind,
        "challenge": evidence.challenge,
        "authentication": None if authentication is None else dict(vars(authentication)),
        "text": None if text is None else dict(vars(text)),
    }
    if signature is not None:  # left out otherwise, so that earlier evidence reads as before
        fields["signature"] = dict(vars(signature))
    return canonical.encode(fields)


def decode(data: bytes) -> CardEvidence:
    """The evidence in `data`; raises DecodeError (UnknownVersionError when it is newer)."""
    record = Record(canonical.decode(data, limit=MAX_EVIDENCE_BYTES), "card evidence")
    record.version(EVIDENCE_VERSION)
    evidence = CardEvidence(
        read_at_us=record.integer("read_at_us"),
        kind=record.text("kind", pattern=TOKEN),
        challenge=record.octets("challenge", limit=_MAX_CHALLENGE),
        authentication=_authentication(record),
        text=_text(record),
        signature=_signature(record),
    )
    record.close()
    return evidence


def check_evidence(
    evidence: CardEvidence,
    *,
    at: dt.datetime,
    anchors: AnchorSet,
    environment: Environment,
) -> EvidenceCheck:
    """Every check a unit made, made again on the same bytes.

    `at` is the time the certificate must be valid at. Revocation is not asked here. Whether the
    challenge belongs to the notification is `challenge_is_for`'s question.
    """
    accepted = accepted_hierarchies(environment)
    certificate, signature = None, None
    if evidence.authentication is not None:
        certificate = check_certificate(
            evidence.authentication.certificate,
            purpose=Purpose.AUTH,
            at=at,
            anchors=anchors,
            accepted=accepted,
        )
        signature = authentication_signature_holds(evidence.authentication, evidence.challenge)
    genuineness = None
    if evidence.text is not None:
        genuineness = check_genuineness(
            text_files(evidence.text),
            challenge=evidence.challenge,
            signature=evidence.text.signature,
            anchors=anchors,
            accepted=accepted,
        )
    return EvidenceCheck(certificate, signature, genuineness)


def authentication_signature_holds(authentication: Authentication, challenge: bytes) -> bool:
    """Whether the certificate's key signed the challenge (PKCS#1 v1.5, SHA-256)."""
    certificate = load_certificate(authentication.certificate)
    if certificate is None or not challenge:
        return False
    key = certificate.public_key()
    return isinstance(key, RSAPublicKey) and signature_holds(
        key, authentication.signature, challenge
    )


def text_files(text: TextEvidence) -> TextFiles:
    """The files of the evidence in the form the genuineness check takes."""
    return TextFiles(text.attributes, text.integrity, text.certificate, text.signed_key)


def _authentication(record: Record) -> Authentication | None:
    if record.absent("authentication"):
        return None
    inner = record.record("authentication")
    found = Authentication(inner.octets("certificate"), inner.octets("signature"))
    inner.close()
    return found


def _signature(record: Record) -> DocumentSignature | None:
    if record.lacks("signature"):
        return None
    inner = record.record("signature")
    found = DocumentSignature(inner.octets("certificate"), inner.octets("signature"))
    inner.close()
    return found


def _text(record: Record) -> TextEvidence | None:
    if record.absent("text"):
        return None
    inner = record.record("text")
    found = TextEvidence(**{name: inner.octets(name) for name in _TEXT_FIELDS})
    inner.close()
    return found
