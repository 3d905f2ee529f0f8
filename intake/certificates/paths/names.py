"""When two distinguished names are the same: letter case, spacing and string type do not count."""

from cryptography import x509

CanonicalPart = frozenset[tuple[str, str]]
CanonicalName = tuple[CanonicalPart, ...]


def canonical(name: x509.Name) -> CanonicalName:
    """The parts of `name` in a form in which equal names (RFC 5280 section 7.1) are equal."""
    return tuple(
        frozenset((one.oid.dotted_string, _folded(one.value)) for one in part) for part in name.rdns
    )


def same(left: x509.Name, right: x509.Name) -> bool:
    """Whether two names are the same."""
    return left == right or canonical(left) == canonical(right)


def is_self_issued(certificate: x509.Certificate) -> bool:
    """Whether subject and issuer are one name (whatever the keys)."""
    return same(certificate.subject, certificate.issuer)


def _folded(value: str | bytes) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return " ".join(value.split()).casefold()
