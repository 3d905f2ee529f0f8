"""A real authority in a folder and a unit's requests, for tests to hold in their hands."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from intake.event.keys import PrivateKey
from intake.office.environment import Environment
from provisioning.authority.certificates import DEVICE_USES
from provisioning.authority.enrolment import Enrolled, TokenOrder, enrol, make_token
from provisioning.authority.folder import AuthorityFolder
from provisioning.authority.one_time_token import OneTimeToken
from provisioning.authority.store import Office

OFFICE = "131016"
PASSPHRASE = b"a passphrase for tests only"
ORDER = TokenOrder("unit-01", OFFICE, Environment.DEMO, dt.timedelta(hours=1))


@dataclass(frozen=True)
class TrialAuthority:
    folder: AuthorityFolder
    root_key: Path
    now: dt.datetime

    @classmethod
    def make(cls, path: Path) -> "TrialAuthority":
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        folder = AuthorityFolder(path / "authority")
        folder.create(path / "offline" / "root.key", PASSPHRASE, now)
        anchor = PrivateKey.generate().public.to_pem().decode()
        with folder.store.transaction() as transaction:
            transaction.put_office(Office(OFFICE, anchor, "127.0.0.1", 8883))
        return cls(folder, path / "offline" / "root.key", now)

    def token(self, order: TokenOrder = ORDER) -> OneTimeToken:
        root = self.folder.root_sha256
        return OneTimeToken.parse(make_token(self.folder.store, root, order, self.now))

    def token_for(self, device: str) -> OneTimeToken:
        return self.token(replace(ORDER, device=device))

    def enrol(
        self, token: OneTimeToken, requests: dict[str, str], later: dt.timedelta = dt.timedelta(0)
    ) -> Enrolled:
        folder = self.folder
        return enrol(folder.store, folder.issuer(), token, requests, self.now + later)


def signing_request(name: str, key: ec.EllipticCurvePrivateKey | None = None) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    signed = builder.sign(key or PrivateKey.generate().key, hashes.SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


def three_requests(name: str = "unit-01") -> dict[str, str]:
    return {use: signing_request(name) for use in DEVICE_USES}
