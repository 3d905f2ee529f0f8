"""A card's digital signature over a document: certificate, signature, and what they prove."""

import datetime as dt
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from intake.certificates.anchors import AnchorSet, Purpose, accepted_hierarchies
from intake.certificates.card_key import signature_holds
from intake.certificates.certificate import (
    CertificateCheck,
    CheckResult,
    check_certificate,
    load_certificate,
)
from intake.office.environment import Environment


@dataclass(frozen=True)
class DocumentSignature:
    """The signing certificate (DER; it names its holder) and its key's signature.

    PKCS#1 v1.5 with SHA-256, as the 2016 card signs.
    """

    certificate: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True)
class DocumentSignatureCheck:
    """What the signature proves. Revocation is not asked here."""

    certificate: CertificateCheck
    signature: bool

    @property
    def holds(self) -> bool:
        """The key of a certificate that nobody refuses signed exactly this document."""
        refused = self.certificate.result in (CheckResult.INVALID, CheckResult.REVOKED)
        return self.signature and not refused


def check_document_signature(
    found: DocumentSignature,
    document: bytes,
    *,
    at: dt.datetime,
    anchors: AnchorSet,
    environment: Environment,
) -> DocumentSignatureCheck:
    """Whether the signing key of a certificate valid at `at` signed `document`; never raises."""
    certificate = check_certificate(
        found.certificate,
        purpose=Purpose.SIGN,
        at=at,
        anchors=anchors,
        accepted=accepted_hierarchies(environment),
    )
    loaded = load_certificate(found.certificate)
    key = None if loaded is None else loaded.public_key()
    holds = isinstance(key, RSAPublicKey) and signature_holds(key, found.signature, document)
    return DocumentSignatureCheck(certificate, holds)
