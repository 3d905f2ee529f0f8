"""A certificate revocation list: may it speak about a certificate at a time, and what it says.

What is not usable in every respect says nothing, in either direction. Its entries are indexed once,
so that a hub can keep a list and ask it for each certificate.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cryptography import x509
from cryptography.x509.oid import CRLEntryExtensionOID, ExtensionOID

from intake.certificates.links import CLOCK_SKEW, may_sign_lists, signature_holds
from intake.certificates.outcome import CertificateReason, RevocationAnswer
from intake.certificates.signed_form import is_signed_once
from intake.certificates.untrusted import read_or_none

MAX_LIST_BYTES: Final = 64 * 1024 * 1024
KNOWN: Final = frozenset(
    {
        ExtensionOID.CRL_NUMBER,
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
        ExtensionOID.ISSUING_DISTRIBUTION_POINT,
    }
)
_KNOWN_IN_ENTRY: Final = frozenset(
    {CRLEntryExtensionOID.CRL_REASON, CRLEntryExtensionOID.INVALIDITY_DATE}
)
REASONS: Final[Mapping[x509.ReasonFlags | None, CertificateReason]] = {
    x509.ReasonFlags.key_compromise: CertificateReason.REVOKED_KEY_COMPROMISE,
    x509.ReasonFlags.ca_compromise: CertificateReason.REVOKED_CA_COMPROMISE,
    x509.ReasonFlags.affiliation_changed: CertificateReason.REVOKED_AFFILIATION_CHANGED,
    x509.ReasonFlags.superseded: CertificateReason.REVOKED_SUPERSEDED,
    x509.ReasonFlags.cessation_of_operation: CertificateReason.REVOKED_CESSATION,
    x509.ReasonFlags.certificate_hold: CertificateReason.REVOKED_ON_HOLD,
    x509.ReasonFlags.privilege_withdrawn: CertificateReason.REVOKED_PRIVILEGE_WITHDRAWN,
}
"""Other reasons are `revoked`."""


@dataclass(frozen=True)
class RevocationList:
    """A parsed list; nothing about it is believed before `answer` has looked at it."""

    crl: x509.CertificateRevocationList

    @cached_property
    def entries(self) -> Mapping[int, RevocationAnswer] | None:
        """Serial to answer; None when an entry has a critical extension that is not known."""
        return read_or_none(self._index)

    @cached_property
    def scope(self) -> x509.IssuingDistributionPoint | None:
        """The issuing distribution point, None when the list is about everything."""
        try:
            found = self.crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint)
        except x509.ExtensionNotFound:
            return None
        return found.value

    def _index(self) -> Mapping[int, RevocationAnswer] | None:
        found: dict[int, RevocationAnswer] = {}
        for entry in self.crl:
            reason = CertificateReason.REVOKED
            for extension in entry.extensions:
                if extension.critical and extension.oid not in _KNOWN_IN_ENTRY:
                    return None
                if isinstance(extension.value, x509.CRLReason):
                    reason = REASONS.get(extension.value.reason, CertificateReason.REVOKED)
            found.setdefault(
                entry.serial_number, RevocationAnswer(reason, entry.revocation_date_utc)
            )
        return found


def open_list(der: bytes) -> RevocationList | None:
    """The list in `der`, None when it or one of its extensions cannot be read."""
    if len(der) > MAX_LIST_BYTES:
        return None

    def read() -> RevocationList:
        crl = x509.load_der_x509_crl(der)
        # parsed only when asked for: ask for everything that is used later
        _ = list(crl.extensions), crl.issuer, crl.last_update_utc, crl.next_update_utc
        if not is_signed_once(der):
            raise ValueError("another algorithm outside than inside")
        return RevocationList(crl)

    return read_or_none(read)


def answer(
    found: RevocationList, certificate: x509.Certificate, issuer: x509.Certificate, at: dt.datetime
) -> RevocationAnswer:
    """What the list says about `certificate` at `at`, signed by the key that issued it."""
    crl = found.crl
    if crl.issuer != certificate.issuer:
        return RevocationAnswer(CertificateReason.CRL_ISSUER)
    problem = list_problem(found, issuer, at)
    if problem is None and not covers(found, certificate):
        problem = CertificateReason.CRL_SCOPE
    if problem is None and found.entries is None:
        problem = CertificateReason.CRL_UNKNOWN_CRITICAL_EXTENSION
    if problem is not None:
        return RevocationAnswer(problem)
    listed = (found.entries or {}).get(certificate.serial_number)
    if listed is not None:
        return RevocationAnswer(listed.reason, listed.revoked_at, crl.next_update_utc)
    if found.scope is not None and found.scope.only_some_reasons:
        return RevocationAnswer(CertificateReason.CRL_SCOPE)
    return RevocationAnswer(CertificateReason.NOT_REVOKED, None, crl.next_update_utc)


def list_problem(
    found: RevocationList,
    signer: x509.Certificate,
    at: dt.datetime,
    known: frozenset[x509.ObjectIdentifier] = KNOWN,
) -> CertificateReason | None:
    """Why the list cannot be used: not signed by `signer`, not of this time, not understood."""
    crl = found.crl
    if not may_sign_lists(signer) or not signature_holds(
        signer, crl.signature, crl.tbs_certlist_bytes, crl.signature_algorithm_oid
    ):
        return CertificateReason.CRL_SIGNATURE
    for extension in crl.extensions:
        if extension.critical and extension.oid not in known:
            return CertificateReason.CRL_UNKNOWN_CRITICAL_EXTENSION
    if crl.last_update_utc > at + CLOCK_SKEW:
        return CertificateReason.CRL_NOT_YET_ISSUED
    if crl.next_update_utc is None or crl.next_update_utc < at:
        return CertificateReason.CRL_STALE
    return None


def covers(found: RevocationList, certificate: x509.Certificate) -> bool:
    """Whether the list is about end-entity certificates of `certificate`'s distribution point.

    An indirect list speaks about the certificates of several issuers and is not taken.
    """
    scope = found.scope
    if scope is None:
        return True
    if scope.indirect_crl or scope.only_contains_ca_certs or scope.only_contains_attribute_certs:
        return False
    if scope.relative_name is not None:
        return False
    return scope.full_name is None or bool(
        set(scope.full_name) & set(distribution_names(certificate))
    )


def distribution_names(certificate: x509.Certificate) -> tuple[x509.GeneralName, ...]:
    """The full names of the certificate's distribution points."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(name for point in points for name in point.full_name or ())
