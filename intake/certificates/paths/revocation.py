"""Is a certificate of a path revoked: full, partial, indirect and delta lists (RFC 5280 6.3)."""

import datetime as dt
from collections.abc import Callable, Iterator
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import CRLEntryExtensionOID, ExtensionOID

from intake.certificates.paths.distribution import (
    ALL_REASONS,
    Point,
    concerns,
    points_of,
    reasons_of,
)
from intake.certificates.paths.names import CanonicalName, canonical
from intake.certificates.paths.pool import Pool
from intake.certificates.revocation_list import KNOWN, RevocationList, list_problem

_DELTA = ExtensionOID.DELTA_CRL_INDICATOR
_KNOWN_IN_ENTRY = frozenset(
    {
        CRLEntryExtensionOID.CRL_REASON,
        CRLEntryExtensionOID.INVALIDITY_DATE,
        CRLEntryExtensionOID.CERTIFICATE_ISSUER,
    }
)
Trusts = Callable[[x509.Certificate], bool]


class Standing(StrEnum):
    """What the lists say."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


def standing(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    pool: Pool,
    at: dt.datetime,
    trusts: Trusts,
) -> Standing:
    """What the usable lists of the pool say about `certificate`.

    `issuer` is the certificate above it in its path; `trusts` says of any other signer of a list
    whether a path of its own leads to an anchor. GOOD only when every reason is covered.
    """
    covered: frozenset[x509.ReasonFlags] = frozenset()
    for point in points_of(certificate):
        for found in _lists_at(point, certificate, pool):
            signer = _signer(found, issuer, pool, at, trusts)
            if signer is None:
                continue
            state = _state_in(found, certificate, signer, pool, at)
            if state is Standing.REVOKED:
                return state
            if state is Standing.GOOD:
                covered |= reasons_of(found, point)
    return Standing.GOOD if covered >= ALL_REASONS else Standing.UNKNOWN


def _lists_at(point: Point, certificate: x509.Certificate, pool: Pool) -> Iterator[RevocationList]:
    for issuer in point.issuers or (certificate.issuer,):
        for found in pool.lists_of(issuer):
            if not _is_delta(found) and concerns(found, point, certificate):
                yield found


def _signer(
    found: RevocationList, issuer: x509.Certificate, pool: Pool, at: dt.datetime, trusts: Trusts
) -> x509.Certificate | None:
    """Who signed a fresh list and is trusted to: the path's own issuer, or another of that name."""
    own = (issuer,) if canonical(issuer.subject) == canonical(found.crl.issuer) else ()
    others = tuple(one for one in pool.named(found.crl.issuer) if one != issuer)
    for candidate in (*own, *others):
        pool.spend()
        if list_problem(found, candidate, at) is None and (
            candidate == issuer or trusts(candidate)
        ):
            return candidate
    return None


def _state_in(
    found: RevocationList,
    certificate: x509.Certificate,
    signer: x509.Certificate,
    pool: Pool,
    at: dt.datetime,
) -> Standing:
    state = _entry(found, certificate)
    for delta in pool.lists_of(found.crl.issuer):
        if not _belongs(delta, found):
            continue
        pool.spend()
        if list_problem(delta, signer, at, KNOWN | {_DELTA}) is not None:
            continue
        later = _entry(delta, certificate)
        if later is not Standing.GOOD or _removed(delta, certificate):
            state = later
    return state


def _entry(found: RevocationList, certificate: x509.Certificate) -> Standing:
    """Whether the list names the certificate; UNKNOWN when an entry is not understood."""
    wanted = canonical(certificate.issuer)
    state = Standing.GOOD
    for issuer, entry in _entries(found):
        if any(one.critical and one.oid not in _KNOWN_IN_ENTRY for one in entry.extensions):
            return Standing.UNKNOWN
        ours = issuer == wanted and entry.serial_number == certificate.serial_number
        if ours and _reason(entry) is not x509.ReasonFlags.remove_from_crl:
            state = Standing.REVOKED
    return state


def _removed(delta: RevocationList, certificate: x509.Certificate) -> bool:
    wanted = canonical(certificate.issuer)
    return any(
        issuer == wanted
        and entry.serial_number == certificate.serial_number
        and _reason(entry) is x509.ReasonFlags.remove_from_crl
        for issuer, entry in _entries(delta)
    )


def _entries(found: RevocationList) -> Iterator[tuple[CanonicalName, x509.RevokedCertificate]]:
    """Entries with the issuer they are about; in an indirect list it holds until the next one."""
    issuer = canonical(found.crl.issuer)
    indirect = found.scope is not None and found.scope.indirect_crl
    for entry in found.crl:
        try:
            stated = entry.extensions.get_extension_for_class(x509.CertificateIssuer).value
        except x509.ExtensionNotFound:
            stated = None
        if stated is not None and indirect:
            names = stated.get_values_for_type(x509.DirectoryName)
            issuer = canonical(names[0]) if names else ()
        yield issuer, entry


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None


def _is_delta(found: RevocationList) -> bool:
    return _base(found) is not None


def _base(found: RevocationList) -> int | None:
    try:
        return found.crl.extensions.get_extension_for_class(x509.DeltaCRLIndicator).value.crl_number
    except x509.ExtensionNotFound:
        return None


def _number(found: RevocationList) -> int | None:
    try:
        return found.crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        return None


def _belongs(delta: RevocationList, base: RevocationList) -> bool:
    """Whether a delta may be put on top of a full list: same scope, and the numbers fit."""
    needs, has, newer = _base(delta), _number(base), _number(delta)
    if needs is None or has is None or newer is None or delta.scope != base.scope:
        return False
    return needs <= has < newer
