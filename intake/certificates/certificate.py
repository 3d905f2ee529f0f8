"""A resident's certificate against the pinned anchors, and what is known about its revocation.

Own rules on `cryptography`, no path building: JPKI is one tier deep, so every candidate anchor
is tried and only its signature decides (several generations share one distinguished name).
"""

import datetime as dt
from dataclasses import dataclass, field, replace

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from intake.certificates import online_answer, revocation_list
from intake.certificates.anchors import Anchor, AnchorSet, Hierarchy, Purpose
from intake.certificates.attributes import AttributeFormError, read_attributes
from intake.certificates.links import in_time, is_authority, issued_by
from intake.certificates.outcome import (
    CertificateCheck,
    CertificateReason,
    CheckResult,
    RevocationAnswer,
)
from intake.certificates.profile import CertificateProfile, Policy, jpki_profile
from intake.certificates.revocation_list import RevocationList, open_list
from intake.certificates.signed_form import is_signed_once
from intake.certificates.untrusted import read_or_none

__all__ = ["CertificateCheck", "CertificateReason", "CheckResult", "RevocationEvidence"]

MAX_CERTIFICATE_BYTES = 16 * 1024
_KNOWN_EXTENSIONS = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.CRL_DISTRIBUTION_POINTS,
    }
)
_FITTING_PURPOSES = frozenset(
    {
        ExtendedKeyUsageOID.CLIENT_AUTH,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    }
)


@dataclass(frozen=True)
class RevocationEvidence:
    """What was learnt about revocation: a list, an OCSP response and the nonce it was asked with.

    A list may come parsed. Both None: nobody has been asked.
    """

    crl: bytes | RevocationList | None = field(default=None, repr=False)
    ocsp: bytes | None = field(default=None, repr=False)
    nonce: bytes | None = None


def check_certificate(
    der: bytes,
    *,
    purpose: Purpose,
    at: dt.datetime,
    anchors: AnchorSet,
    accepted: frozenset[Hierarchy],
    revocation: RevocationEvidence | None = None,
    revocation_at: dt.datetime | None = None,
    profile: CertificateProfile | None = None,
) -> CertificateCheck:
    """The whole check; without `revocation` the best answer is `unknown`.

    `at` (aware) is when the certificate must be valid; `revocation_at` when the evidence must be
    fresh (default: `at`). Never raises on what a card, a list or a responder can send.
    """
    profile = profile or jpki_profile()
    certificate = load_certificate(der)
    if certificate is None:
        return _answer(CertificateReason.MALFORMED)
    policy = policy_of(certificate, profile)
    if policy is None:
        return _answer(CertificateReason.UNKNOWN_POLICY)
    reason = (
        _check_policy(policy, purpose, accepted)
        or _check_form(certificate, purpose, profile)
        or _check_attributes(certificate)
        or _check_dates(certificate, at)
    )
    if reason is not None:
        return _answer(reason, policy)
    reason, anchor = _check_issuer(certificate, anchors.certificates(purpose), at)
    if anchor is None:
        return _answer(reason, policy)
    if anchor.hierarchy not in (None, policy.hierarchy):
        return _answer(CertificateReason.HIERARCHY_OF_ISSUER, policy)
    found = check_revocation(certificate, anchor, revocation, revocation_at or at)
    return replace(
        _answer(found.reason, policy),
        anchor_sha256=anchor.sha256,
        revoked_at=found.revoked_at,
        holds_until=found.holds_until,
    )


def check_revocation(
    certificate: x509.Certificate,
    anchor: Anchor,
    evidence: RevocationEvidence | None,
    at: dt.datetime,
) -> RevocationAnswer:
    """Revoked by either wins; else the OCSP response speaks where there is one, else the list.

    A response that cannot be used is not made up for by an older list: whoever asked and got
    something else than an answer must ask again. The caller may leave it out.
    """
    if evidence is None or (evidence.crl is None and evidence.ocsp is None):
        return RevocationAnswer(CertificateReason.REVOCATION_NOT_ASKED)
    issuer = anchor.certificate
    by_list = by_response = None
    if evidence.crl is not None:
        by_list = _ask_list(evidence.crl, certificate, issuer, at)
    if evidence.ocsp is not None:
        by_response = _ask_response(evidence.ocsp, evidence.nonce, certificate, issuer, at)
    if by_list is not None and by_list.reason.result is CheckResult.REVOKED:
        return by_list
    answer = by_response or by_list
    assert answer is not None
    return answer


def load_certificate(der: bytes) -> x509.Certificate | None:
    """The certificate, or None when the bytes or their extensions cannot be read."""
    if len(der) > MAX_CERTIFICATE_BYTES:
        return None

    def read() -> x509.Certificate:
        certificate = x509.load_der_x509_certificate(der)
        # parsed only when asked for: ask for everything that is used later
        _ = list(certificate.extensions), certificate.issuer, certificate.subject
        _ = certificate.public_key(), certificate.signature_hash_algorithm
        _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if certificate.serial_number <= 0 or not is_signed_once(der):
            raise ValueError("not in the form that every certificate has")
        return certificate

    return read_or_none(read)


def policy_of(
    certificate: x509.Certificate, profile: CertificateProfile | None = None
) -> Policy | None:
    """The one known policy of a certificate; None when it has none or several."""
    try:
        extension = certificate.extensions.get_extension_for_class(x509.CertificatePolicies)
    except x509.ExtensionNotFound:
        return None
    names = [info.policy_identifier.dotted_string for info in extension.value]
    if len(names) != 1:
        return None
    return (profile or jpki_profile()).policies.get(names[0])


def _check_policy(
    policy: Policy, purpose: Purpose, accepted: frozenset[Hierarchy]
) -> CertificateReason | None:
    if policy.purpose is not purpose:
        return CertificateReason.WRONG_PURPOSE
    if policy.hierarchy in accepted:
        return None
    if policy.hierarchy is Hierarchy.TEST:
        return CertificateReason.TEST_CERTIFICATE
    return CertificateReason.PRODUCTION_CERTIFICATE


def _check_form(
    certificate: x509.Certificate, purpose: Purpose, profile: CertificateProfile
) -> CertificateReason | None:
    for extension in certificate.extensions:
        if extension.critical and extension.oid not in _KNOWN_EXTENSIONS:
            return CertificateReason.UNKNOWN_CRITICAL_EXTENSION
        if isinstance(extension.value, x509.BasicConstraints) and extension.value.ca:
            return CertificateReason.CA_CERTIFICATE
        if isinstance(extension.value, x509.ExtendedKeyUsage) and not (
            _FITTING_PURPOSES & set(extension.value)
        ):
            return CertificateReason.EXTENDED_KEY_USAGE
    if not _usage_fits(certificate, purpose):
        return CertificateReason.KEY_USAGE
    digest = certificate.signature_hash_algorithm
    if digest is None or not profile.takes_key(certificate.public_key(), digest.name):
        return CertificateReason.ALGORITHM
    return None


def _usage_fits(certificate: x509.Certificate, purpose: Purpose) -> bool:
    """Stated as critical, and exactly what the purpose needs."""
    try:
        stated = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    except x509.ExtensionNotFound:
        return False
    usage = stated.value
    forbidden = (
        usage.key_cert_sign or usage.crl_sign or usage.key_agreement or usage.key_encipherment
    )
    wants_commitment = purpose is Purpose.SIGN
    return (
        stated.critical
        and usage.digital_signature
        and usage.content_commitment == wants_commitment
        and not forbidden
        and not usage.data_encipherment
    )


def _check_attributes(certificate: x509.Certificate) -> CertificateReason | None:
    try:
        read_attributes(certificate)
    except AttributeFormError as error:
        return error.reason
    return None


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
        if not issued_by(certificate, issuer):
            continue
        if not read_or_none(lambda one=issuer: is_authority(one)):
            return CertificateReason.ISSUER_NOT_CA, None
        if not in_time(issuer, at):
            return CertificateReason.ISSUER_EXPIRED, None
        return CertificateReason.REVOCATION_NOT_ASKED, anchor
    return CertificateReason.ISSUER_SIGNATURE, None


def _ask_list(
    crl: bytes | RevocationList,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    at: dt.datetime,
) -> RevocationAnswer:
    found = open_list(crl) if isinstance(crl, bytes) else crl
    answer = None
    if found is not None:
        answer = read_or_none(lambda: revocation_list.answer(found, certificate, issuer, at))
    return answer or RevocationAnswer(CertificateReason.CRL_MALFORMED)


def _ask_response(
    der: bytes,
    nonce: bytes | None,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    at: dt.datetime,
) -> RevocationAnswer:
    response = online_answer.open_response(der)
    answer = None
    if response is not None:
        answer = read_or_none(
            lambda: online_answer.answer(response, certificate, issuer, at, nonce)
        )
    return answer or RevocationAnswer(CertificateReason.OCSP_MALFORMED)


def _answer(reason: CertificateReason, policy: Policy | None = None) -> CertificateCheck:
    return CertificateCheck(reason.result, reason, policy.hierarchy if policy else None)
