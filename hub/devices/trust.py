"""Which certificates count: they lead to the pinned root and say what they are for."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.errors import TrustError
from intake.errors import IntakeError
from intake.event.keys import PublicKey
from intake.office.environment import Environment, environment_of

SIGNING_PURPOSE: Final = x509.ObjectIdentifier("2.25.120930148046170137519022180262091375391.1")
ENCRYPTION_PURPOSE: Final = x509.ObjectIdentifier("2.25.120930148046170137519022180262091375391.2")


@dataclass(frozen=True)
class DeviceCertificate:
    """A unit certificate that leads to the pinned root."""

    device: str
    office: str
    environment: Environment
    public: PublicKey
    certificate: x509.Certificate


class Trust:
    """The pinned root and the issuing CAs below it."""

    def __init__(self, root: x509.Certificate, issuing: tuple[x509.Certificate, ...]) -> None:
        self._root = root
        self._issuing = tuple(ca for ca in issuing if _issued(ca, root) and _is_authority(ca))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read root.crt (the pin) and chain.pem; TrustError when one is missing or no chain."""
        try:
            root = x509.load_pem_x509_certificate((folder / "root.crt").read_bytes())
            chain = x509.load_pem_x509_certificates((folder / "chain.pem").read_bytes())
        except (OSError, ValueError) as error:
            raise TrustError(
                f"{folder}: root.crt or chain.pem cannot be read; docs/hub-interface.md says "
                "where they come from"
            ) from error
        trust = cls(root, tuple(chain))
        if not trust._issuing:
            raise TrustError(f"{folder}: no certificate in chain.pem was issued by root.crt")
        return trust

    def device_certificate(
        self, pem: str, purpose: x509.ObjectIdentifier, at: dt.datetime
    ) -> DeviceCertificate:
        """The certificate in `pem`, if an issuing CA of ours made it for `purpose`.

        TrustError otherwise. Its own period is not judged here: an old event outlives its key.
        """
        try:
            certificate = x509.load_pem_x509_certificate(pem.encode())
            usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
            environment = environment_of(certificate)
            public = PublicKey.from_certificate(certificate)
        except (ValueError, x509.ExtensionNotFound, IntakeError) as error:
            raise TrustError("a unit certificate in the directory cannot be used") from error
        if purpose not in usage:
            raise TrustError("a unit certificate in the directory is for another purpose")
        if not any(self._leads_through(ca, certificate, at) for ca in self._issuing):
            raise TrustError("a unit certificate in the directory does not lead to the root")
        return DeviceCertificate(
            device=_name(certificate, NameOID.COMMON_NAME),
            office=_name(certificate, NameOID.ORGANIZATION_NAME),
            environment=environment,
            public=public,
            certificate=certificate,
        )

    def revocation_list(self, pem: bytes, at: dt.datetime) -> x509.CertificateRevocationList:
        """The list in `pem`, if an issuing CA of ours signed it and it is not out of date."""
        try:
            found = x509.load_pem_x509_crl(pem)
        except ValueError as error:
            raise TrustError("crl.pem is no revocation list; fetch it again") from error
        signed = any(_signed_list(found, ca) for ca in self._issuing)
        if not signed:
            raise TrustError("crl.pem is not signed by the authority; fetch it again")
        if found.next_update_utc is not None and found.next_update_utc < at:
            raise TrustError("crl.pem is out of date: units are refused; reach the authority")
        return found

    def _leads_through(self, ca: x509.Certificate, leaf: x509.Certificate, at: dt.datetime) -> bool:
        in_time = all(
            c.not_valid_before_utc <= at <= c.not_valid_after_utc for c in (ca, self._root)
        )
        return in_time and _issued(leaf, ca)


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _signed_list(found: x509.CertificateRevocationList, ca: x509.Certificate) -> bool:
    key = ca.public_key()
    return isinstance(key, ec.EllipticCurvePublicKey) and found.is_signature_valid(key)


def _name(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
