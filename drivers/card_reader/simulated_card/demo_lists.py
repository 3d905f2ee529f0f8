"""Revocation lists of the demo's authorities, so that a hub without a network has an answer.

They lie beside the anchors and are made afresh whenever the authority is opened.
"""

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

LIFE: Final = dt.timedelta(days=30)


def write_lists(
    folder: Path,
    issuers: Iterable[tuple[str, x509.Certificate, CertificateIssuerPrivateKeyTypes]],
    now: dt.datetime,
) -> None:
    """An empty list for each (name, certificate, key), as `name`.crl in `folder`."""
    for name, certificate, key in issuers:
        found = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(certificate.subject)
            .last_update(now)
            .next_update(now + LIFE)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .sign(key, hashes.SHA256())
        )
        new = folder / f".{name}.{os.getpid()}.new"
        new.write_bytes(found.public_bytes(serialization.Encoding.DER))
        new.replace(folder / f"{name}.crl")
