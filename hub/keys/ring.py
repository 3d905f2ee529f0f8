"""The key ring: which key is active, which are retired, and where their private halves lie.

`ring.json` is the index; each private key is `<kid>.key` beside it. A retired private key is kept
as long as anything sealed to it may have to be opened; a retired signing key stays in the key set.
"""

import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

from cryptography import x509

from hub.errors import KeyRingError
from hub.keys.files import write_file
from hub.keys.message_key import MessageKey, TrustedCertificate, certify, to_pem
from intake.errors import DecodeError, UndecryptableError
from intake.event.keys import PrivateKey, PublicKey, ReaderKey, Signer, SigningKey
from intake.event.keyset import HubKey, KeyStatus, KeyUse
from intake.event.manifest import PartEntry, RecipientClass
from intake.event.parts import open_part

ANCHOR: Final = "office_anchor"
INDEX: Final = "ring.json"
READERS: Final = (
    RecipientClass.HUB,
    RecipientClass.NUMBER_STORE,
    RecipientClass.EVIDENCE_ESCROW,
)
MESSAGE: Final = "message"
"""Signs messages to residents; units never see it, so it is no KeyUse."""
SIGNING: Final = (*(use.value for use in KeyUse), MESSAGE)
PURPOSES: Final = (*SIGNING, *(reader.value for reader in READERS))
"""What can be rotated."""
GRACE_US: Final = 60 * 1_000_000
"""A running hub notices a rotation within seconds; what it signs until then stays believed."""


@dataclass(frozen=True)
class RingKey:
    """One line of the index. `purpose` is a KeyUse or a RecipientClass by value."""

    kid: str
    purpose: str
    status: KeyStatus
    not_before_us: int
    not_after_us: int | None = None


class KeyRing:
    """The keys of one office, read once; `reload` sees what another process rotated."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._private: dict[str, PrivateKey] = {}
        self._keys: tuple[RingKey, ...] = ()
        self._stamp = 0
        self.recovery = PublicKey(b"")

    @classmethod
    def create(cls, folder: Path, recovery: PublicKey, now_us: int) -> Self:
        """Make every key of a new office; KeyRingError when there is a ring already."""
        if (folder / INDEX).exists():
            raise KeyRingError(f"{folder}: there is a key ring already; nothing was changed")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ring = cls(folder)
        anchor = SigningKey.generate()
        write_file(folder / f"{ANCHOR}.key", anchor.to_pem())
        write_file(folder / f"{ANCHOR}.pub", anchor.public.to_pem())
        write_file(folder / "recovery.pub", recovery.to_pem())
        ring._save(tuple(ring._new(purpose, now_us) for purpose in PURPOSES))
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the ring; KeyRingError when a file is missing or unreadable."""
        ring = cls(folder)
        ring.reload()
        return ring

    def reload(self) -> bool:
        """Read the index again if it changed; returns whether it did."""
        try:
            stamp = (self._folder / INDEX).stat().st_mtime_ns
            if stamp == self._stamp:
                return False
            table = json.loads((self._folder / INDEX).read_bytes())
            keys = tuple(_read(item) for item in table["keys"])
            private: dict[str, PrivateKey] = {key.kid: self._read_private(key) for key in keys}
            private[ANCHOR] = SigningKey.from_pem((self._folder / f"{ANCHOR}.key").read_bytes())
            self.recovery = PublicKey.from_pem((self._folder / "recovery.pub").read_bytes())
        except (OSError, ValueError, KeyError, DecodeError) as error:
            raise KeyRingError(
                f"{self._folder}: the key ring cannot be read ({type(error).__name__}); restore "
                "it from a backup"
            ) from error
        self._private, self._keys, self._stamp = private, keys, stamp
        return True

    def complete(self, now_us: int) -> None:
        """Make the keys of purposes that came into being after this office; usually nothing."""
        if {key.purpose for key in self._keys} >= set(PURPOSES):
            return
        with _alone(self._folder):
            self._stamp = 0
            self.reload()
            held = {key.purpose for key in self._keys}
            new = tuple(self._new(purpose, now_us) for purpose in PURPOSES if purpose not in held)
            self._save((*self._keys, *new))
        self._stamp = 0
        self.reload()

    def rotate(self, purpose: str, now_us: int) -> RingKey:
        """A new active key for `purpose`; the one of before is retired and kept."""
        if purpose not in PURPOSES:
            raise KeyRingError(f"no key has the purpose {purpose}; choose of {', '.join(PURPOSES)}")
        new = self._new(purpose, now_us)
        end = now_us + GRACE_US
        retired = tuple(
            replace(key, status=KeyStatus.RETIRED, not_after_us=end)
            if key.purpose == purpose and key.status is KeyStatus.ACTIVE
            else key
            for key in self._keys
        )
        self._save((*retired, new))
        self._stamp = 0
        self.reload()
        return new

    @property
    def keys(self) -> tuple[RingKey, ...]:
        """Every key, oldest first."""
        return self._keys

    def anchor(self) -> SigningKey:
        """The office anchor, which signs key sets and nothing else."""
        return self._signing(ANCHOR)

    def receipt_signer(self) -> Signer:
        """The active key for receipts and checkpoints."""
        return self._signing(self._active(KeyUse.RECEIPT.value).kid)

    def downward_signer(self) -> Signer:
        """The active key for messages to units."""
        return self._signing(self._active(KeyUse.DOWNWARD.value).kid)

    def message_key(self) -> MessageKey:
        """The active key for messages to residents, with its certificate."""
        kid = self._active(MESSAGE).kid
        return MessageKey(self._signing(kid), self._certificate(kid))

    def message_certificates(self) -> tuple[TrustedCertificate, ...]:
        """The certificates of all message keys, retired ones too: old messages stay good."""
        return tuple(
            TrustedCertificate(self._certificate(key.kid), key.not_before_us, key.not_after_us)
            for key in self._keys
            if key.purpose == MESSAGE and key.status is not KeyStatus.REVOKED
        )

    def hub_keys(self) -> tuple[HubKey, ...]:
        """All signing keys as the key set names them, retired ones too."""
        uses = {use.value: use for use in KeyUse}
        return tuple(
            HubKey(
                public=self._private[key.kid].public,
                use=uses[key.purpose],
                status=key.status,
                not_before_us=key.not_before_us,
                not_after_us=key.not_after_us,
            )
            for key in self._keys
            if key.purpose in uses
        )

    def reader_keys(self) -> dict[RecipientClass, PublicKey]:
        """The active public key of each class of reader."""
        found = {reader: self._private[self._active(reader.value).kid].public for reader in READERS}
        return {**found, RecipientClass.RECOVERY: self.recovery}

    def open(self, sealed: bytes, entry: PartEntry) -> bytes:
        """The content of a part sealed to the hub, by whichever of its keys opens it."""
        for key in reversed(self._keys):
            if key.purpose == RecipientClass.HUB.value:
                reader = self._private[key.kid]
                assert isinstance(reader, ReaderKey)
                try:
                    return open_part(sealed, reader, entry)
                except UndecryptableError:
                    continue
        raise UndecryptableError("no key of the hub opens this part")

    def _active(self, purpose: str) -> RingKey:
        for key in self._keys:
            if key.purpose == purpose and key.status is KeyStatus.ACTIVE:
                return key
        raise KeyRingError(f"there is no active key for {purpose}; run `keys rotate`")

    def _signing(self, name: str) -> SigningKey:
        key = self._private[name]
        assert isinstance(key, SigningKey)
        return key

    def _new(self, purpose: str, now_us: int) -> RingKey:
        key = SigningKey.generate() if purpose in SIGNING else ReaderKey.generate()
        kid = key.kid.hex()
        write_file(self._folder / f"{kid}.key", key.to_pem())
        if purpose == MESSAGE:
            assert isinstance(key, SigningKey)
            write_file(self._folder / f"{kid}.crt", to_pem(certify(key, now_us)))
        return RingKey(kid, purpose, KeyStatus.ACTIVE, now_us)

    def _read_private(self, key: RingKey) -> PrivateKey:
        pem = (self._folder / f"{key.kid}.key").read_bytes()
        signs = key.purpose in SIGNING
        return SigningKey.from_pem(pem) if signs else ReaderKey.from_pem(pem)

    def _certificate(self, kid: str) -> x509.Certificate:
        try:
            return x509.load_pem_x509_certificate((self._folder / f"{kid}.crt").read_bytes())
        except (OSError, ValueError) as error:
            raise KeyRingError(
                f"{self._folder}: the certificate of message key {kid} cannot be read; restore it "
                "from a backup"
            ) from error

    def _save(self, keys: tuple[RingKey, ...]) -> None:
        table = {"keys": [dict(vars(key)) for key in keys]}
        write_file(self._folder / INDEX, json.dumps(table, indent=1).encode())


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """While inside, no other process completes this ring: two at once would both make keys."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _read(item: dict[str, Any]) -> RingKey:
    return RingKey(
        kid=str(item["kid"]),
        purpose=str(item["purpose"]),
        status=KeyStatus(item["status"]),
        not_before_us=int(item["not_before_us"]),
        not_after_us=None if item["not_after_us"] is None else int(item["not_after_us"]),
    )
