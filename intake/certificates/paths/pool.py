"""What a search may draw from: certificates by subject, revocation lists by issuer."""

from collections import defaultdict
from collections.abc import Iterable

from cryptography import x509

from intake.certificates.links import issued_by
from intake.certificates.paths.names import CanonicalName, canonical
from intake.certificates.revocation_list import RevocationList


class SearchEndedError(Exception):
    """The search used up its signature checks; whoever made the pool made it too large."""


class Pool:
    """Certificates and lists, unverified, and a bound on the signatures that are checked."""

    def __init__(
        self,
        certificates: Iterable[x509.Certificate],
        lists: Iterable[RevocationList] = (),
        most_signatures: int = 1000,
    ) -> None:
        self._by_subject: dict[CanonicalName, list[x509.Certificate]] = defaultdict(list)
        self._lists: dict[CanonicalName, list[RevocationList]] = defaultdict(list)
        self._issued: dict[tuple[bytes, bytes], bool] = {}
        self._left = most_signatures
        for certificate in certificates:
            self._by_subject[canonical(certificate.subject)].append(certificate)
        for found in lists:
            self._lists[canonical(found.crl.issuer)].append(found)

    def named(self, name: x509.Name) -> tuple[x509.Certificate, ...]:
        """The certificates of a subject."""
        return tuple(self._by_subject.get(canonical(name), ()))

    def lists_of(self, name: x509.Name) -> tuple[RevocationList, ...]:
        """The lists of an issuer."""
        return tuple(self._lists.get(canonical(name), ()))

    def issued(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        """Whether `issuer`'s key signed; asked once for a pair. SearchEndedError at the bound."""
        pair = (certificate.signature + certificate.tbs_certificate_bytes, issuer.signature)
        if pair not in self._issued:
            self.spend()
            self._issued[pair] = issued_by(certificate, issuer)
        return self._issued[pair]

    def spend(self) -> None:
        """Count one signature check."""
        if self._left <= 0:
            raise SearchEndedError("too many signatures to check; narrow the pool")
        self._left -= 1
