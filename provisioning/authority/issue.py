"""Certificates for the office's own servers, made beside the issuing key, carried over by hand."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from intake.office.environment import Environment
from provisioning.authority.certificates import Issuer, hub_certificate, server_certificate
from provisioning.authority.folder import AuthorityFolder
from provisioning.authority.keys import new_key, read_key, write_key
from provisioning.durable import make_private_folder, write_file

Certify = Callable[[Issuer, ec.EllipticCurvePublicKey], x509.Certificate]


def issue_server(
    authority: AuthorityFolder, name: str, hosts: list[str], into: Path, now: dt.datetime
) -> None:
    """Write `name.key` and `name.crt` for a TLS server reached under `hosts`, chain and root."""

    def certify(issuer: Issuer, public: ec.EllipticCurvePublicKey) -> x509.Certificate:
        return server_certificate(issuer, hosts, public, now)

    _issue(authority, name, name, into, certify)


def issue_hub(
    authority: AuthorityFolder,
    office: str,
    environment: Environment,
    into: Path,
    now: dt.datetime,
) -> None:
    """Write `hub.key` and `hub.crt`, the office's client certificate, chain and root."""

    def certify(issuer: Issuer, public: ec.EllipticCurvePublicKey) -> x509.Certificate:
        return hub_certificate(issuer, office, environment, public, now)

    _issue(authority, "hub", f"hub-{office}", into, certify)


def _issue(authority: AuthorityFolder, name: str, use: str, into: Path, certify: Certify) -> None:
    """Certify the key at `into` (made when missing) and remember the certificate."""
    issuer = authority.issuer()
    make_private_folder(into)
    key_file = into / f"{name}.key"
    if not key_file.exists():
        write_key(key_file, new_key())
    certificate = certify(issuer, read_key(key_file).public_key())
    with authority.store.transaction() as transaction:
        transaction.add_certificate(certificate, use)
    parts = (certificate, issuer.certificate)
    bundle = b"".join(part.public_bytes(Encoding.PEM) for part in parts)
    write_file(into / f"{name}.crt", bundle)
    write_file(into / "chain.pem", authority.chain_pem.encode())
    write_file(into / "root.crt", authority.root.public_bytes(Encoding.PEM))
