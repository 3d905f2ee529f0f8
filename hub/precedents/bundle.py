"""Publishers' bundles: a folder or zip whose manifest is signed and names every file by its hash.

docs/precedents.md has the form. The signature is over the manifest's bytes; nothing is read from a
file before its size and hash are the manifest's.
"""

import base64
import binascii
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from hub.precedents.article import Revision
from hub.precedents.collection import BundleMark
from hub.precedents.errors import BundleError
from hub.precedents.sources.files import (
    DAMAGED,
    LARGEST,
    READING,
    Progress,
    read_octets,
    told_apart,
    unpacked,
)

MANIFEST: Final = "bundle.json"
SIGNATURE: Final = "bundle.json.sig"
FORM: Final = "madoguchi-precedents/1"
LARGEST_MANIFEST: Final = 16 * 1024 * 1024
_NAME: Final = re.compile(r"[\w.\-]{1,100}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")

PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey
Opener = Callable[[str, int], bytes]


@dataclass(frozen=True)
class _File:
    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Bundle:
    """A bundle whose signature stands. `revisions` reads its files, each checked first."""

    mark: BundleMark
    files: tuple[_File, ...]
    source: Path

    def revisions(self, progress: Progress | None = None) -> Iterator[Revision]:
        """The revisions of its files, in the manifest's order."""
        return told_apart(self._read_all(progress))

    def _read_all(self, progress: Progress | None) -> Iterator[tuple[str, list[Revision]]]:
        read = _opener(self.source)
        for place, file in enumerate(self.files, 1):
            octets = read(file.path, file.size)
            if len(octets) != file.size or hashlib.sha256(octets).hexdigest() != file.sha256:
                raise BundleError(f"{file.path}: is not the file that the publisher signed")
            name = PurePosixPath(file.path).name
            yield file.path, read_octets(name, unpacked(name, octets))
            if progress is not None:
                progress(READING, place, len(self.files))


def read_key(path: Path) -> PublicKey:
    """The publisher's public key: Ed25519 or ECDSA on P-256, as PEM."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BundleError(f"{path}: holds no public key in PEM") from error
    if isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, ec.SECP256R1):
        raise BundleError(f"{path}: the curve is not P-256")
    if not isinstance(key, (ed25519.Ed25519PublicKey, ec.EllipticCurvePublicKey)):
        raise BundleError(f"{path}: is neither an Ed25519 nor a P-256 key")
    return key


def open_bundle(source: Path, key: PublicKey) -> Bundle:
    """The bundle at `source`; BundleError unless `key` signed its manifest."""
    read = _opener(source)
    manifest = read(MANIFEST, LARGEST_MANIFEST)
    _verify(key, read(SIGNATURE, 4096), manifest)
    try:
        table = json.loads(manifest)
        mark = _mark(table)
        files = tuple(_file(one) for one in table["files"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleError(f"{source}: the manifest is signed but not of the form {FORM}") from error
    if len({file.path for file in files}) != len(files):
        raise BundleError(f"{source}: the manifest names a file twice")
    return Bundle(mark, files, source)


def _mark(table: dict[str, Any]) -> BundleMark:
    name, version, complete = table["name"], table["version"], table["complete"]
    if (
        table["form"] != FORM
        or not isinstance(name, str)
        or not _NAME.fullmatch(name)
        or type(version) is not int
        or not 0 < version < 2**53
        or not isinstance(complete, bool)
    ):
        raise ValueError("head")
    return BundleMark(name, version, complete)


def _file(row: dict[str, Any]) -> _File:
    path, digest, size = row["path"], row["sha256"], row["size"]
    pure = PurePosixPath(cast("str", path))
    plain = not pure.is_absolute() and ".." not in pure.parts and str(pure) == path
    if (
        not plain
        or not _SHA256.fullmatch(digest)
        or type(size) is not int
        or not 0 <= size <= LARGEST
    ):
        raise ValueError("file")
    return _File(path, digest, size)


def _verify(key: PublicKey, signature: bytes, manifest: bytes) -> None:
    try:
        raw = base64.b64decode(signature.strip(), validate=True)
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(raw, manifest)
            return
        if len(raw) == 64:  # ES256 as JOSE and COSE write it; else DER
            whole = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
            raw = utils.encode_dss_signature(*whole)
        key.verify(raw, manifest, ec.ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise BundleError(
            "the bundle's signature is not the publisher's; nothing was taken"
        ) from error


def _opener(source: Path) -> Opener:
    """Reads a file of a bundle by its path, at most so many bytes and one more."""
    return _from_folder(source) if source.is_dir() else _from_zip(source)


def _from_folder(source: Path) -> Opener:
    def read(path: str, most: int) -> bytes:
        try:
            file = source / path
            if not file.resolve().is_relative_to(source.resolve()):
                raise BundleError(f"{path}: leads out of the bundle")
            with file.open("rb") as stream:
                return stream.read(most + 1)
        except OSError as error:
            raise BundleError(f"{path}: is not in the bundle") from error

    return read


def _from_zip(source: Path) -> Opener:
    def read(path: str, most: int) -> bytes:
        try:
            with zipfile.ZipFile(source) as archive, archive.open(path) as stream:
                return stream.read(most + 1)
        except KeyError as error:
            raise BundleError(f"{source.name}: no bundle, or {path} is not in it") from error
        except DAMAGED as error:
            raise BundleError(
                f"{source.name}: {path} cannot be read, the zip is damaged or no bundle;"
                " copy it again; nothing was taken"
            ) from error

    return read
