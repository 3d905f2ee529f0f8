"""A resident's certificate against the pinned anchors: purpose, policy, usage, validity, chain.

Own rules on `cryptography`, no path building: JPKI is one tier deep, so every candidate anchor
is tried and only its signature decides (several generations share one distinguished name).
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import ExtensionOID

from intake.certificates.anchors import Anchor, AnchorSet, Hierarchy, Purpose

MAX_CERTIFICATE_BYTES = 16 * 1024
_KEY_BITS = 2048
_KNOWN_EXTENSIONS = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)


class CheckResult(StrEnum):
    """Four answers, not two. `unknown` waits for the hub's question about revocation."""

    VALID = "valid"
    INVALID = "invalid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class CertificateReason(StrEnum):
    """Why; the codes stand in stored evidence and never change."""

    REVOCATION_NOT_ASKED = "revocation_not_asked"
    MALFORMED = "malformed"
    UNKNOWN_POLICY = "unknown_policy"
    WRONG_PURPOSE = "wrong_purpose"
    TEST_CERTIFICATE = "test_certificate"
    KEY_USAGE = "key_usage"
    CA_CERTIFICATE = "ca_certificate"
    UNKNOWN_CRITICAL_EXTENSION = "unknown_critical_extension"
    ALGORITHM = "algorithm"
    UNKNOWN_ISSUER = "unknown_issuer"
    ISSUER_SIGNATURE = "issuer_signature"
    ISSUER_NOT_CA = "issuer_not_ca"
    ISSUER_EXPIRED = "issuer_expired"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Policy:
    """What a certificate policy OID of the JPKI arc says about its certificate."""

    purpose: Purpose
    hierarchy: Hierarchy
    carrier: str


POLICIES: dict[str, Policy] = {
    "1.2.392.200149.8.5.1.1.20": Policy(Purpose.SIGN, Hierarchy.PRODUCTION, "card"),
    "1.2.392.200149.8.5.1.1.40": Policy(Purpose.SIGN, Hierarchy.PRODUCTION, "phone"),
    "1.2.392.200149.8.5.1.0.20": Policy(Purpose.SIGN, Hierarchy.TEST, "card"),
    "1.2.392.200149.8.5.1.3.30": Policy(Purpose.AUTH, Hierarchy.PRODUCTION, "card"),
    "1.2.392.200149.8.5.1.2.30": Policy(Purpose.AUTH, Hierarchy.TEST, "card"),
}


@dataclass(frozen=True)
class CertificateCheck:
    """The answer about one certificate; `anchor_sha256` names who vouched for it."""

    result: CheckResult
    reason: CertificateReason
    hierarchy: Hierarchy | None = None
    anchor_sha256: str | None = None


def check_certificate(
    der: bytes,
    *,
    purpose: Purpose,
    at: dt.datetime,
    anchors: AnchorSet,
    accepted: frozenset[Hierarchy],
) -> CertificateCheck:
    """Everything but revocation, so the best answer is `unknown` (revocation_not_asked).

    `at` is an aware datetime. Never raises on what a card can send.
    """
    certificate = load_certificate(der)
    if certificate is None:
        return _invalid(CertificateReason.MALFORMED)
    policy = policy_of(certificate)
    if policy is None:
        return _invalid(CertificateReason.UNKNOWN_POLICY)
    if policy.purpose is not purpose:
        return _invalid(CertificateReason.WRONG_PURPOSE, policy.hierarchy)
    if policy.hierarchy not in accepted:
        return _invalid(CertificateReason.TEST_CERTIFICATE, policy.hierarchy)
    reason = _check_form(certificate, purpose) or _check_dates(certificate, at)
    if reason is not None:
        return _invalid(reason, policy.hierarchy)
    reason, anchor = _check_issuer(certificate, anchors.certificates(purpose), at)
    return CertificateCheck(
        CheckResult.UNKNOWN if anchor else CheckResult.INVALID,
        reason,
        policy.hierarchy,
        anchor.sha256 if anchor else None,
    )


def load_certificate(der: bytes) -> x509.Certificate | None:
    """The certificate, or None when the bytes or their extensions cannot be read."""
    if len(der) > MAX_CERTIFICATE_BYTES:
        return None
    try:
        certificate = x509.load_der_x509_certificate(der)
        # parsed only when asked for: ask for everything that is used later
        _ = list(certificate.extensions), certificate.issuer, certificate.subject
        _ = certificate.public_key(), certificate.signature_hash_algorithm
        _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, TypeError):
        return None
    except Exception as error:  # its exceptions have no common root, only a common home
        if type(error).__module__.startswith("cryptography"):
            return None
        raise
    return certificate


def policy_of(certificate: x509.Certificate) -> Policy | None:
    """The one known JPKI policy of a certificate; None when it has none or several."""
    try:
        extension = certificate.extensions.get_extension_for_class(x509.CertificatePolicies)
    except x509.ExtensionNotFound:
        return None
    names = [info.policy_identifier.dotted_string for info in extension.value]
    known = [POLICIES[name] for name in names if name in POLICIES]
    return known[0] if len(known) == 1 and len(names) == 1 else None


def _check_form(certificate: x509.Certificate, purpose: Purpose) -> CertificateReason | None:
    for extension in certificate.extensions:
        if extension.critical and extension.oid not in _KNOWN_EXTENSIONS:
            return CertificateReason.UNKNOWN_CRITICAL_EXTENSION
        if isinstance(extension.value, x509.BasicConstraints) and extension.value.ca:
            return CertificateReason.CA_CERTIFICATE
    if not _usage_fits(certificate, purpose):
        return CertificateReason.KEY_USAGE
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < _KEY_BITS:
        return CertificateReason.ALGORITHM
    if not isinstance(certificate.signature_hash_algorithm, hashes.SHA256):
        return CertificateReason.ALGORITHM
    return None


def _usage_fits(certificate: x509.Certificate, purpose: Purpose) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    forbidden = (
        usage.key_cert_sign or usage.crl_sign or usage.key_agreement or usage.key_encipherment
    )
    wants_commitment = purpose is Purpose.SIGN
    return (
        usage.digital_signature
        and usage.content_commitment == wants_commitment
        and not forbidden
        and not usage.data_encipherment
    )


def _check_dates(certificate: x509.Certificate, at: dt.datetime) -> CertificateReason | None:
    if at < certificate.not_valid_before_utc:
        return CertificateReason.NOT_YET_VALID
    if at > certificate.not_valid_after_utc:
        return CertificateReason.EXPIRED
    return None


def _check_issuer(
    certificate: x509.Certificate,
    candidates: tuple[tuple[Anchor, x509.Certificate], ...],
    at: dt.datetime,
) -> tuple[CertificateReason, Anchor | None]:
    same_name = [pair for pair in candidates if pair[1].subject == certificate.issuer]
    if not same_name:
        return CertificateReason.UNKNOWN_ISSUER, None
    for anchor, issuer in same_name:
        if not _issued_by(certificate, issuer):
            continue
        if not _may_issue(issuer):
            return CertificateReason.ISSUER_NOT_CA, None
        if _check_dates(issuer, at) is not None:
            return CertificateReason.ISSUER_EXPIRED, None
        return CertificateReason.REVOCATION_NOT_ASKED, anchor
    return CertificateReason.ISSUER_SIGNATURE, None


def _issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _may_issue(issuer: x509.Certificate) -> bool:
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return constraints.ca and usage.key_cert_sign


def _invalid(reason: CertificateReason, hierarchy: Hierarchy | None = None) -> CertificateCheck:
    return CertificateCheck(CheckResult.INVALID, reason, hierarchy)
