"""Private keys as files, P-256 only, so that a TPM or secure element can stand in later."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from provisioning.durable import PRIVATE, write_file
from provisioning.errors import AuthorityStateError, PassphraseError

SHORTEST_PASSPHRASE = 20


def new_key() -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def write_key(path: Path, key: ec.EllipticCurvePrivateKey, passphrase: bytes | None = None) -> None:
    """Write PKCS#8 PEM with mode 0600, encrypted when a passphrase is given.

    Raises PassphraseError for a passphrase of fewer than 20 bytes.
    """
    encryption = NoEncryption()
    if passphrase is not None:
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise PassphraseError(
                f"the passphrase of the root key needs at least {SHORTEST_PASSPHRASE} characters: "
                "choose a longer one"
            )
        encryption = BestAvailableEncryption(passphrase)
    write_file(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption), PRIVATE)


def read_key(path: Path, passphrase: bytes | None = None) -> ec.EllipticCurvePrivateKey:
    """Read a P-256 key written by `write_key`.

    Raises AuthorityStateError when there is none, PassphraseError when it does not open.
    """
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise AuthorityStateError(
            f"no key at {path}: give the folder that `authority init` made"
        ) from error
    try:
        key = load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError) as error:
        raise PassphraseError(f"the key {path.name} does not open with this passphrase") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise AuthorityStateError(f"the key {path.name} is not a P-256 key")
    return key
