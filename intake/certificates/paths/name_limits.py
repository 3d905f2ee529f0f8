"""Name constraints along a path (RFC 5280 section 4.2.1.10): what an authority may name."""

import ipaddress
import urllib.parse
from collections.abc import Iterable

from cryptography import x509
from cryptography.x509.oid import NameOID

from intake.certificates.paths.names import canonical

SUPPORTED = (
    x509.DirectoryName,
    x509.RFC822Name,
    x509.DNSName,
    x509.UniformResourceIdentifier,
    x509.IPAddress,
)


class NameLimits:
    """What the authorities so far allow: of each permitted group one, of the excluded ones none."""

    def __init__(self) -> None:
        self._permitted: list[tuple[x509.GeneralName, ...]] = []
        self._excluded: list[x509.GeneralName] = []

    def narrow(self, authority: x509.Certificate) -> None:
        """Take in the constraints of one more authority."""
        try:
            found = authority.extensions.get_extension_for_class(x509.NameConstraints).value
        except x509.ExtensionNotFound:
            return
        if found.permitted_subtrees:
            self._permitted.append(tuple(found.permitted_subtrees))
        self._excluded += found.excluded_subtrees or ()

    def allow(self, certificate: x509.Certificate) -> bool:
        """Whether every name of `certificate` is allowed."""
        if not self._permitted and not self._excluded:
            return True
        return all(self._allows(name) for name in _names(certificate))

    def _allows(self, name: x509.GeneralName) -> bool:
        for group in self._permitted:
            same_kind = [limit for limit in group if type(limit) is type(name)]
            if same_kind and not any(_within(name, limit) for limit in same_kind):
                return False
        same_kind = [limit for limit in self._excluded if type(limit) is type(name)]
        if same_kind and not isinstance(name, SUPPORTED):
            return False
        return not any(_within(name, limit) or _hostless(name) for limit in same_kind)


def _names(certificate: x509.Certificate) -> Iterable[x509.GeneralName]:
    subject = certificate.subject
    if len(subject.rdns):
        yield x509.DirectoryName(subject)
    for one in subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS):
        yield x509.RFC822Name(str(one.value))
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return
    yield from found.value


def _within(name: x509.GeneralName, limit: x509.GeneralName) -> bool:
    match name, limit:
        case x509.DirectoryName(), x509.DirectoryName():
            ours, above = canonical(name.value), canonical(limit.value)
            return ours[: len(above)] == above
        case x509.RFC822Name(), x509.RFC822Name():
            return _mail_within(name.value, limit.value)
        case x509.DNSName(), x509.DNSName():
            ours, above = name.value.lower(), limit.value.lower()
            return not above or ours == above or ours.endswith("." + above.lstrip("."))
        case x509.UniformResourceIdentifier(), x509.UniformResourceIdentifier():
            return _host_within(_host(name.value), limit.value.lower())
        case x509.IPAddress(), x509.IPAddress():
            return _address_within(name, limit)
        case _:
            return False


def _mail_within(mail: str, limit: str) -> bool:
    local, _, host = mail.rpartition("@")
    if "@" in limit:
        wanted, _, wanted_host = limit.rpartition("@")
        return (local, host.lower()) == (wanted, wanted_host.lower())
    return _host_within(host.lower(), limit.lower())


def _host_within(host: str, limit: str) -> bool:
    """A limit that begins with a dot means hosts below it, any other that host alone."""
    return host.endswith(limit) if limit.startswith(".") else bool(host) and host == limit


def _host(address: str) -> str:
    try:
        return (urllib.parse.urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _hostless(name: x509.GeneralName) -> bool:
    """An address without a host cannot be told to lie outside of anything."""
    return isinstance(name, x509.UniformResourceIdentifier) and not _host(name.value)


def _address_within(name: x509.IPAddress, limit: x509.IPAddress) -> bool:
    network = str(limit.value)
    try:
        return ipaddress.ip_address(str(name.value)) in ipaddress.ip_network(network)
    except ValueError:
        return False
