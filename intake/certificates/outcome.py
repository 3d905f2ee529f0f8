"""The answers of a certificate check: four results, and reason codes that never change.

docs/certificates.md says of each code what it means and what to do next.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from intake.certificates.anchors import Hierarchy


class CheckResult(StrEnum):
    """Four answers, not two. `unknown` waits for a usable answer about revocation."""

    VALID = "valid"
    INVALID = "invalid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class CertificateReason(StrEnum):
    """Why; the codes stand in stored evidence and never change."""

    NOT_REVOKED = "not_revoked"

    REVOCATION_NOT_ASKED = "revocation_not_asked"
    CRL_MALFORMED = "crl_malformed"
    CRL_ISSUER = "crl_issuer"
    CRL_SIGNATURE = "crl_signature"
    CRL_NOT_YET_ISSUED = "crl_not_yet_issued"
    CRL_STALE = "crl_stale"
    CRL_SCOPE = "crl_scope"
    CRL_UNKNOWN_CRITICAL_EXTENSION = "crl_unknown_critical_extension"
    OCSP_MALFORMED = "ocsp_malformed"
    OCSP_NO_ANSWER = "ocsp_no_answer"
    OCSP_RESPONDER = "ocsp_responder"
    OCSP_SIGNATURE = "ocsp_signature"
    OCSP_NONCE = "ocsp_nonce"
    OCSP_OTHER_CERTIFICATE = "ocsp_other_certificate"
    OCSP_NOT_YET_ISSUED = "ocsp_not_yet_issued"
    OCSP_STALE = "ocsp_stale"
    OCSP_STATUS_UNKNOWN = "ocsp_status_unknown"
    OCSP_UNKNOWN_CRITICAL_EXTENSION = "ocsp_unknown_critical_extension"

    REVOKED = "revoked"
    REVOKED_KEY_COMPROMISE = "revoked_key_compromise"
    REVOKED_CA_COMPROMISE = "revoked_ca_compromise"
    REVOKED_AFFILIATION_CHANGED = "revoked_affiliation_changed"
    REVOKED_SUPERSEDED = "revoked_superseded"
    REVOKED_CESSATION = "revoked_cessation"
    REVOKED_ON_HOLD = "revoked_on_hold"
    REVOKED_PRIVILEGE_WITHDRAWN = "revoked_privilege_withdrawn"

    MALFORMED = "malformed"
    UNKNOWN_POLICY = "unknown_policy"
    WRONG_PURPOSE = "wrong_purpose"
    TEST_CERTIFICATE = "test_certificate"
    PRODUCTION_CERTIFICATE = "production_certificate"
    HIERARCHY_OF_ISSUER = "hierarchy_of_issuer"
    KEY_USAGE = "key_usage"
    EXTENDED_KEY_USAGE = "extended_key_usage"
    CA_CERTIFICATE = "ca_certificate"
    UNKNOWN_CRITICAL_EXTENSION = "unknown_critical_extension"
    ALGORITHM = "algorithm"
    ATTRIBUTE_DOUBLED = "attribute_doubled"
    ATTRIBUTE_FLAGS = "attribute_flags"
    ATTRIBUTE_SYNTAX = "attribute_syntax"
    UNKNOWN_ISSUER = "unknown_issuer"
    ISSUER_SIGNATURE = "issuer_signature"
    ISSUER_NOT_CA = "issuer_not_ca"
    ISSUER_EXPIRED = "issuer_expired"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    BAD_REQUEST = "bad_request"

    @property
    def result(self) -> CheckResult:
        """Which of the four answers a reason leads to."""
        if self is CertificateReason.NOT_REVOKED:
            return CheckResult.VALID
        if self.value.startswith("revoked"):
            return CheckResult.REVOKED
        if self is CertificateReason.REVOCATION_NOT_ASKED or self.value.startswith(
            ("crl_", "ocsp_")
        ):
            return CheckResult.UNKNOWN
        return CheckResult.INVALID


@dataclass(frozen=True)
class CertificateCheck:
    """The answer about one certificate.

    `anchor_sha256` names who vouched for it; `revoked_at` and `holds_until` are what the answer
    about revocation says (the second: when newer information is due).
    """

    result: CheckResult
    reason: CertificateReason
    hierarchy: Hierarchy | None = None
    anchor_sha256: str | None = None
    revoked_at: dt.datetime | None = None
    holds_until: dt.datetime | None = None


@dataclass(frozen=True)
class RevocationAnswer:
    """What one list or response says about one certificate, or why it says nothing."""

    reason: CertificateReason
    revoked_at: dt.datetime | None = None
    holds_until: dt.datetime | None = None
