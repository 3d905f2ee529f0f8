"""The backup's file form: chunks of AES-256-GCM under a key from a passphrase (scrypt).

Each chunk is bound to its number and to whether it is the last, so that a cut or reordered file
is noticed. The header is authenticated with every chunk.
"""

import hashlib
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.errors import BackupError

MAGIC: Final = b"madoguchi-backup-1\n"
SALT, NONCE = 16, 7
CHUNK: Final = 1 << 20
TAG: Final = 16
SHORTEST: Final = 12
_COST: Final = 1 << 16
_MEMORY: Final = 160 * 1024 * 1024


def check_passphrase(passphrase: str) -> None:
    """BackupError when the passphrase is too short to protect a register."""
    if len(passphrase) < SHORTEST:
        raise BackupError(f"a passphrase has at least {SHORTEST} characters; choose a longer one")


def encrypt(source: Path, target: Path, passphrase: str) -> None:
    """Write `source` encrypted to the new file `target`, mode 0600, synced."""
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    header = MAGIC + salt + nonce
    cipher = AESGCM(_key(passphrase, salt))
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out, source.open("rb") as plain:
        out.write(header)
        for number, chunk, last in _chunks(plain, CHUNK):
            out.write(cipher.encrypt(_nonce(nonce, number, last=last), chunk, header))
        out.flush()
        os.fsync(out.fileno())


def decrypt(source: Path, target: Path, passphrase: str) -> None:
    """Write the content of the backup `source` to the new file `target`, mode 0600.

    BackupError when the passphrase is wrong or the file was changed or cut.
    """
    try:
        with source.open("rb") as sealed:
            header = sealed.read(len(MAGIC) + SALT + NONCE)
            if not header.startswith(MAGIC) or len(header) < len(MAGIC) + SALT + NONCE:
                raise BackupError(f"{source}: this is no backup of a hub")
            salt, nonce = header[len(MAGIC) : -NONCE], header[-NONCE:]
            cipher = AESGCM(_key(passphrase, salt))
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                for number, chunk, last in _chunks(sealed, CHUNK + TAG):
                    out.write(cipher.decrypt(_nonce(nonce, number, last=last), chunk, header))
    except InvalidTag:
        raise BackupError(
            f"{source}: the passphrase is wrong, or the file was changed or cut"
        ) from None
    except OSError as error:
        raise BackupError(f"{source}: cannot be read ({error.strerror})") from error


def _key(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        passphrase.encode(), salt=salt, n=_COST, r=8, p=1, maxmem=_MEMORY, dklen=32
    )


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">I?", number, last)


def _chunks(stream: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Numbered chunks; the last one is marked, and an empty stream has one empty chunk."""
    number, chunk = 0, stream.read(size)
    while True:
        following = stream.read(size)
        yield number, chunk, not following
        if not following:
            return
        number, chunk = number + 1, following
