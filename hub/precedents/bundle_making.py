"""Making a bundle: a folder's files listed by their hashes in a manifest, which is signed."""

import base64
import hashlib
import json
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hub.precedents.bundle import FORM, MANIFEST, SIGNATURE, open_bundle
from hub.precedents.errors import BundleError
from hub.precedents.sources.files import ABOUT, LARGEST, READERS, suffix_of

PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


def read_private_key(path: Path, passphrase: str | None) -> PrivateKey:
    """The publisher's private key: Ed25519 or ECDSA on P-256, as PEM."""
    try:
        secret = passphrase.encode() if passphrase is not None else None
        key = load_pem_private_key(path.read_bytes(), secret)
    except (OSError, ValueError, TypeError) as error:
        raise BundleError(
            f"{path}: holds no private key in PEM that opens so; see --passphrase-fd"
        ) from error
    on_p256 = isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)
    if not isinstance(key, ed25519.Ed25519PrivateKey) and not on_p256:
        raise BundleError(f"{path}: is neither an Ed25519 nor a P-256 key")
    assert isinstance(key, (ed25519.Ed25519PrivateKey, ec.EllipticCurvePrivateKey))
    return key


def make_bundle(folder: Path, key: PrivateKey, name: str, version: int, *, complete: bool) -> int:
    """Write manifest and signature into `folder`; returns how many files they name.

    Every file below it of a known form is in the bundle; a former manifest there is replaced. What
    was written is opened once as a hub would; BundleError when it would not be taken.
    """
    rows = [_row(folder, path) for path in _files(folder)]
    head = {"form": FORM, "name": name, "version": version, "complete": complete}
    manifest = {**head, "files": rows}
    if not rows:
        raise BundleError(f"{folder}: holds no file of a known form ({', '.join(READERS)})")
    octets = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    for file, content in ((MANIFEST, octets), (SIGNATURE, base64.b64encode(_signed(key, octets)))):
        part = folder / f".{file}.part"
        try:
            part.write_bytes(content)
            os.replace(part, folder / file)  # noqa: PTH105 - replaces in one step
        except OSError as error:
            raise BundleError(f"{folder / file}: cannot be written: {error.strerror}") from error
    open_bundle(folder, key.public_key())
    return len(rows)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BundleError(f"{folder}: there is no such folder")
    below = (one for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
    return sorted(one for one in below if suffix_of(one) in READERS and one.name not in ABOUT)


def _row(folder: Path, path: Path) -> dict[str, object]:
    try:
        octets = path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path}: cannot be read: {error.strerror}") from error
    if len(octets) > LARGEST:
        raise BundleError(f"{path}: is larger than a hub takes ({LARGEST} bytes); split it")
    digest = hashlib.sha256(octets).hexdigest()
    return {"path": path.relative_to(folder).as_posix(), "sha256": digest, "size": len(octets)}


def _signed(key: PrivateKey, octets: bytes) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(octets)
    return key.sign(octets, ec.ECDSA(SHA256()))
