"""The key set that a unit holds: whose signatures it believes and to whom it encrypts.

Signed by the office anchor, whose public key the unit got at enrolment: so the newest set is
accepted after any number of rotations of the keys in it. The version never goes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from intake import canonical
from intake.errors import (
    ConflictError,
    DecodeError,
    NotYetValidKeyError,
    RevokedKeyError,
    StaleError,
    UnknownKeyError,
    WrongEnvironmentError,
    WrongOfficeError,
)
from intake.event import signing
from intake.event.keys import KID_SIZE, PUBLIC_SIZE, PublicKey, Signer
from intake.event.manifest import RecipientClass
from intake.event.signing import ContentType
from intake.office.environment import Environment
from intake.record import OFFICE, Record

VERSION: Final = 1
LIMIT: Final = 64 * 1024
MAX_KEYS: Final = 64


class KeyUse(StrEnum):
    """What a hub key signs: receipts with checkpoints, or downward messages."""

    RECEIPT = "receipt"
    DOWNWARD = "downward"


class KeyStatus(StrEnum):
    """Retired keys signed in the past and are believed for that time; revoked ones never."""

    ACTIVE = "active"
    RETIRED = "retired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class HubKey:
    """One signing key of the hub; times in microseconds since 1970."""

    public: PublicKey
    use: KeyUse
    status: KeyStatus
    not_before_us: int
    not_after_us: int | None = None
    """Last moment at which it signed; given exactly when retired."""

    @property
    def kid(self) -> bytes:
        """The name of the key."""
        return self.public.kid


@dataclass(frozen=True)
class KeySet:
    """All keys that a unit needs, for one office and environment."""

    office: str
    environment: Environment
    version: int
    issued_us: int
    expires_us: int
    signing_keys: tuple[HubKey, ...]
    reader_keys: Mapping[RecipientClass, PublicKey]
    """One key for every class of reader."""

    def signing_key(self, kid: bytes, use: KeyUse, at_us: int) -> PublicKey:
        """The hub key `kid`, if a signature made at `at_us` for `use` is to be believed.

        Raises UnknownKeyError, RevokedKeyError or NotYetValidKeyError.
        """
        for key in self.signing_keys:
            if key.kid == kid and key.use is use:
                break
        else:
            raise UnknownKeyError("the held key set does not name this hub key: fetch the newest")
        if key.status is KeyStatus.REVOKED:
            raise RevokedKeyError("this hub key has been revoked")
        ended = key.not_after_us is not None and at_us > key.not_after_us
        if at_us < key.not_before_us or ended:
            raise NotYetValidKeyError("this hub key was not in use at the time of the message")
        return key.public

    def is_expired(self, now_us: int) -> bool:
        """Whether a newer set should have come by `now_us`."""
        return now_us >= self.expires_us


def sign_keyset(keyset: KeySet, anchor: Signer) -> bytes:
    """The key set as the hub publishes it; DecodeError when a unit would refuse its form."""
    payload = canonical.encode(_wire(keyset))
    _decode(payload)
    return signing.sign(payload, ContentType.KEY_SET, anchor)


def read_keyset(data: bytes, anchor: PublicKey) -> KeySet:
    """The key set that `anchor` signed, whatever its version and age.

    For reading back what was accepted before. Raises DecodeError or SignatureError.
    """
    signed = signing.read(data, ContentType.KEY_SET, limit=LIMIT)
    signed.verify(anchor)
    return _decode(signed.payload)


def accept_keyset(
    data: bytes,
    anchor: PublicKey,
    *,
    office: str,
    environment: Environment,
    held: KeySet | None,
    now_us: int | None,
) -> KeySet:
    """The key set to hold from now on.

    `held` is the one held so far; `now_us` is None while the unit's clock cannot be trusted.
    Raises SignatureError, WrongOfficeError, WrongEnvironmentError, StaleError (expired or older
    than `held`), ConflictError (same version, other content), DecodeError.
    """
    keyset = read_keyset(data, anchor)
    if keyset.office != office:
        raise WrongOfficeError("the key set belongs to another office")
    if keyset.environment is not environment:
        raise WrongEnvironmentError("the key set belongs to another environment")
    if now_us is not None and keyset.is_expired(now_us):
        raise StaleError("the key set has expired: the hub must publish a newer one")
    if held is not None and keyset.version < held.version:
        raise StaleError("the key set is older than the one held")
    if held is not None and keyset.version == held.version and keyset != held:
        raise ConflictError("two different key sets carry one version")
    return keyset


def _wire(keyset: KeySet) -> dict[str, object]:
    readers = {name.value: public.der for name, public in keyset.reader_keys.items()}
    return {
        "v": VERSION,
        "office": keyset.office,
        "environment": keyset.environment,
        "version": keyset.version,
        "issued_us": keyset.issued_us,
        "expires_us": keyset.expires_us,
        "signing_keys": [_wire_key(key) for key in keyset.signing_keys],
        "reader_keys": readers,
    }


def _wire_key(key: HubKey) -> dict[str, object]:
    return {
        "kid": key.kid,
        "public": key.public.der,
        "use": key.use,
        "status": key.status,
        "not_before_us": key.not_before_us,
        "not_after_us": key.not_after_us,
    }


def _decode(payload: bytes) -> KeySet:
    record = Record(canonical.decode(payload, limit=LIMIT, depth=4), "key set")
    record.version(VERSION)
    readers = record.record("reader_keys")
    keyset = KeySet(
        office=record.text("office", pattern=OFFICE),
        environment=record.choice("environment", Environment),
        version=record.integer("version", minimum=1),
        issued_us=record.integer("issued_us"),
        expires_us=record.integer("expires_us"),
        signing_keys=tuple(_key(item) for item in record.items("signing_keys", limit=MAX_KEYS)),
        reader_keys={
            name: PublicKey.from_der(readers.octets(name.value, size=PUBLIC_SIZE))
            for name in RecipientClass
        },
    )
    readers.close()
    record.close()
    if keyset.expires_us <= keyset.issued_us:
        raise DecodeError("a key set expires before it is issued")
    if len({key.kid for key in keyset.signing_keys}) != len(keyset.signing_keys):
        raise DecodeError("a key set names one key twice")
    return keyset


def _key(item: object) -> HubKey:
    record = Record(item, "hub key")
    kid = record.octets("kid", size=KID_SIZE)
    key = HubKey(
        public=PublicKey.from_der(record.octets("public", size=PUBLIC_SIZE)),
        use=record.choice("use", KeyUse),
        status=record.choice("status", KeyStatus),
        not_before_us=record.integer("not_before_us"),
        not_after_us=None if record.absent("not_after_us") else record.integer("not_after_us"),
    )
    record.close()
    if key.kid != kid:
        raise DecodeError("a hub key carries another key's name")
    if key.status is KeyStatus.RETIRED and key.not_after_us is None:
        raise DecodeError("a retired hub key names no end")
    return key
