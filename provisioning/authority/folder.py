"""The authority's folder: what `serve` may read, and the root file that it never needs."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from intake.event.keys import PublicKey
from provisioning.authority.certificates import Issuer, issuing_certificate, root_certificate
from provisioning.authority.keys import new_key, read_key, write_key
from provisioning.authority.store import Store
from provisioning.durable import make_private_folder, write_file
from provisioning.errors import AuthorityStateError


@dataclass(frozen=True)
class AuthorityFolder:
    """The state of one authority. `root.crt`, `issuing.crt`, `issuing.key`, `authority.sqlite`."""

    path: Path

    @property
    def store(self) -> Store:
        """Offices, tokens, units and certificates."""
        return Store(self.path / "authority.sqlite")

    def create(self, root_key: Path, passphrase: bytes, now: dt.datetime) -> None:
        """Make a root (its key only into `root_key`, encrypted) and an issuing CA below it.

        Raises AuthorityStateError when either place is taken.
        """
        if (self.path / "issuing.key").exists() or root_key.exists():
            raise AuthorityStateError(
                "an authority or a root key is there already: choose another folder; "
                "nothing was changed"
            )
        make_private_folder(self.path)
        make_private_folder(root_key.parent)
        key = new_key()
        root = Issuer(root_certificate(key, now), key)
        write_key(root_key, key, passphrase)
        write_file(self.path / "root.crt", root.certificate.public_bytes(Encoding.PEM))
        self.store.create()
        self._write_issuing(root, now)

    @property
    def root(self) -> x509.Certificate:
        """The root certificate."""
        return self._certificate("root.crt")

    @property
    def root_sha256(self) -> bytes:
        """The fingerprint that tokens carry."""
        return self.root.fingerprint(hashes.SHA256())

    @property
    def chain_pem(self) -> str:
        """Issuing CA, then root."""
        pair = (self._certificate("issuing.crt"), self.root)
        return "".join(part.public_bytes(Encoding.PEM).decode() for part in pair)

    def issuer(self) -> Issuer:
        """The issuing CA with its key."""
        return Issuer(self._certificate("issuing.crt"), read_key(self.path / "issuing.key"))

    def _write_issuing(self, root: Issuer, now: dt.datetime) -> None:
        key = new_key()
        short_id = PublicKey.from_key(key.public_key()).kid.hex()[:8]
        certificate = issuing_certificate(root, key.public_key(), short_id, now)
        write_key(self.path / "issuing.key", key)
        write_file(self.path / "issuing.crt", certificate.public_bytes(Encoding.PEM))

    def _certificate(self, name: str) -> x509.Certificate:
        try:
            return x509.load_pem_x509_certificate((self.path / name).read_bytes())
        except OSError as error:
            raise AuthorityStateError(
                f"{self.path} holds no authority ({name} is missing): run `authority init` first"
            ) from error
