"""Which revocation list is about which certificate (RFC 5280 section 6.3.3, steps b and d)."""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509

from intake.certificates.links import basic_constraints
from intake.certificates.paths.names import canonical
from intake.certificates.revocation_list import RevocationList

Reasons = frozenset[x509.ReasonFlags]
ALL_REASONS: Reasons = frozenset(x509.ReasonFlags) - {
    x509.ReasonFlags.unspecified,
    x509.ReasonFlags.remove_from_crl,
}


@dataclass(frozen=True)
class Point:
    """One distribution point: names, reasons, and who issues its lists (None: the own issuer)."""

    names: frozenset[object]
    issuers: tuple[x509.Name, ...] | None
    reasons: Reasons


def points_of(certificate: x509.Certificate) -> tuple[Point, ...]:
    """The certificate's points, or the one that every certificate has: its issuer's name."""
    issuer = certificate.issuer
    plain = Point(frozenset({canonical(issuer)}), None, ALL_REASONS)
    try:
        found = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return (plain,)
    return tuple(_point(one, issuer) for one in found)


def concerns(found: RevocationList, point: Point, certificate: x509.Certificate) -> bool:
    """Whether a list may speak about a certificate at one of its points."""
    scope, crl = found.scope, found.crl
    indirect = scope is not None and scope.indirect_crl
    if point.issuers is None:
        if canonical(crl.issuer) != canonical(certificate.issuer):
            return False
    elif not indirect or canonical(crl.issuer) not in {canonical(one) for one in point.issuers}:
        return False
    if scope is None:
        return True
    constraints = basic_constraints(certificate)
    is_ca = constraints is not None and constraints.ca
    if scope.only_contains_attribute_certs:
        return False
    if (scope.only_contains_user_certs and is_ca) or (scope.only_contains_ca_certs and not is_ca):
        return False
    names = _names(scope.full_name, scope.relative_name, crl.issuer)
    return not names or bool(names & point.names)


def reasons_of(found: RevocationList, point: Point) -> Reasons:
    """The reasons that a list covers at a point."""
    some = found.scope.only_some_reasons if found.scope is not None else None
    return point.reasons & (ALL_REASONS if some is None else some)


def _point(one: x509.DistributionPoint, issuer: x509.Name) -> Point:
    issuers = None
    if one.crl_issuer:
        issuers = tuple(
            name.value for name in one.crl_issuer if isinstance(name, x509.DirectoryName)
        )
    above = issuers[0] if issuers else issuer
    names = _names(one.full_name, one.relative_name, above)
    if not names and issuers:
        names = frozenset(canonical(name) for name in issuers)
    return Point(names, issuers, ALL_REASONS if one.reasons is None else one.reasons)


def _names(
    full: Iterable[x509.GeneralName] | None,
    relative: x509.RelativeDistinguishedName | None,
    above: x509.Name,
) -> frozenset[object]:
    if relative is not None:
        return frozenset({canonical(x509.Name([*above.rdns, relative]))})
    return frozenset(
        canonical(one.value) if isinstance(one, x509.DirectoryName) else one for one in full or ()
    )
