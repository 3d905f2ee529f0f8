"""The one-time token: what a technician carries from the authority to a new unit.

It says which unit it is for, proves itself once, and pins the authority's root, so that the unit
needs no other secret and cannot be enrolled by a stranger's authority.
"""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass

from provisioning.errors import UsageError

_PREFIX = "mdg1"
_ID_BYTES, _SECRET_BYTES, _ROOT_BYTES = 5, 20, 32


@dataclass(frozen=True)
class OneTimeToken:
    """`device` and `token_id` are public, `secret` is not, `root_sha256` pins the root (DER)."""

    device: str
    token_id: str
    secret: bytes
    root_sha256: bytes

    @classmethod
    def make(cls, device: str, root_sha256: bytes) -> "OneTimeToken":
        """A fresh token for a unit of the authority with this root (SHA-256 of its DER)."""
        token_id = _text(secrets.token_bytes(_ID_BYTES))
        return cls(device, token_id, secrets.token_bytes(_SECRET_BYTES), root_sha256)

    @classmethod
    def parse(cls, text: str) -> "OneTimeToken":
        """Read a token as a technician typed or pasted it; raises UsageError without echoing it."""
        parts = text.strip().lower().split(".")
        try:
            prefix, device, token_id, secret, root = parts
            token = cls(device, token_id, _bytes(secret), _bytes(root))
        except (ValueError, binascii.Error) as error:
            raise UsageError(_UNREADABLE) from error
        sizes = len(_bytes(token_id)), len(token.secret), len(token.root_sha256)
        if prefix != _PREFIX or sizes != (_ID_BYTES, _SECRET_BYTES, _ROOT_BYTES):
            raise UsageError(_UNREADABLE)
        return token

    def __str__(self) -> str:
        parts = (self.device, self.token_id, _text(self.secret), _text(self.root_sha256))
        return ".".join((_PREFIX, *parts))

    def __repr__(self) -> str:
        return f"OneTimeToken({self.device}, {self.token_id})"

    @property
    def secret_sha256(self) -> bytes:
        """What the authority keeps of the secret; 160 random bits need no slow hash."""
        return hashlib.sha256(b"madoguchi one-time token\0" + self.secret).digest()


_UNREADABLE = "this is not a one-time token: copy the whole line that `authority token` printed"


def _text(value: bytes) -> str:
    return base64.b32encode(value).decode().rstrip("=").lower()


def _bytes(text: str) -> bytes:
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
