"""Signed messages from the hub to its units, with version and expiry; encrypted when personal."""

import os
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from intake import canonical
from intake.errors import (
    DecodeError,
    StaleError,
    UndecryptableError,
    WrongEnvironmentError,
    WrongOfficeError,
    WrongTopicError,
)
from intake.event import encryption, signing
from intake.event.encryption import Random
from intake.event.keys import PublicKey, ReaderKey, Signer
from intake.event.keyset import KeySet, KeyUse
from intake.event.signing import ContentType
from intake.office.environment import Environment
from intake.record import DEVICE, OFFICE, Record

VERSION: Final = 1
LIMIT: Final = 512 * 1024
BODY_LIMIT: Final = LIMIT - 2048


class DownwardKind(StrEnum):
    """What the message is; named like the last level of its topic."""

    DECISION = "decision"
    ANSWER = "answer"
    DESIRED = "desired"
    COMMAND = "command"
    ROSTER = "roster"
    RULES = "rules"
    GLYPHS = "glyphs"
    REVOCATION = "revocation"

    @property
    def for_one_device(self) -> bool:
        """Whether it goes to one unit; the others are retained for all units of the office."""
        return self in _FOR_ONE_DEVICE

    @property
    def encrypted(self) -> bool:
        """Whether it concerns a resident and must be encrypted to its unit."""
        return self in _ENCRYPTED


_ENCRYPTED: Final = frozenset({DownwardKind.DECISION, DownwardKind.ANSWER})
_FOR_ONE_DEVICE: Final = _ENCRYPTED | {DownwardKind.DESIRED, DownwardKind.COMMAND}


@dataclass(frozen=True)
class Downward:
    """One message from the hub."""

    kind: DownwardKind
    office: str
    environment: Environment
    device: str | None
    """None exactly for the kinds that go to all units."""
    version: int
    """Never goes back per kind and device. A hub takes max(last + 1, its time in microseconds),
    so that it does not go back after a restore either."""
    issued_us: int
    expires_us: int
    body: bytes


@dataclass(frozen=True)
class Audience:
    """Who is listening: what a unit knows of itself."""

    office: str
    environment: Environment
    device: str


def seal_downward(
    message: Downward,
    signer: Signer,
    encrypt_to: PublicKey | None = None,
    *,
    random: Random = os.urandom,
) -> bytes:
    """The message signed with a hub key of use `downward`.

    `encrypt_to` is the unit's encryption key: needed for the kinds that concern a resident,
    refused for the others. Raises DecodeError when a unit would refuse the form.
    """
    if (encrypt_to is not None) != message.kind.encrypted:
        raise DecodeError(f"a {message.kind.value} is encrypted to one unit or to nobody")
    if encrypt_to is not None:
        body = encryption.encrypt(message.body, ContentType.BODY, [encrypt_to], random=random)
        message = replace(message, body=body)
    payload = canonical.encode({"v": VERSION, **vars(message)})
    _decode(payload)
    return signing.sign(payload, ContentType.DOWNWARD, signer)


def open_downward(
    data: bytes,
    kind: DownwardKind,
    keyset: KeySet,
    audience: Audience,
    *,
    now_us: int | None,
    held_version: int | None = None,
    reader: ReaderKey | None = None,
) -> Downward:
    """The message, believed, decrypted and fresh.

    `kind` is what the topic says; `now_us` is None while the clock cannot be trusted;
    `held_version` is the version last taken of this kind (the same one again is no error: a
    retained message comes at every connection). Raises a VerificationError or DecodeError.
    """
    signed = signing.read(data, ContentType.DOWNWARD, limit=LIMIT)
    message = _decode(signed.payload)
    signed.verify(keyset.signing_key(signed.kid, KeyUse.DOWNWARD, message.issued_us))
    _check_audience(message, kind, audience)
    if now_us is not None and now_us >= message.expires_us:
        raise StaleError("the message has expired")
    if held_version is not None and message.version < held_version:
        raise StaleError("the message is older than the one held")
    if not kind.encrypted:
        return message
    if reader is None:
        raise UndecryptableError("this message needs the unit's encryption key")
    body = encryption.decrypt(message.body, ContentType.BODY, reader, limit=LIMIT)
    return replace(message, body=body)


def _check_audience(message: Downward, kind: DownwardKind, audience: Audience) -> None:
    if message.office != audience.office:
        raise WrongOfficeError("the message belongs to another office")
    if message.environment is not audience.environment:
        raise WrongEnvironmentError("the message belongs to another environment")
    if message.kind is not kind or message.device not in (None, audience.device):
        raise WrongTopicError("the message came on a topic that is not its own")


def _decode(payload: bytes) -> Downward:
    record = Record(canonical.decode(payload, limit=LIMIT, depth=2), "downward message")
    record.version(VERSION)
    message = Downward(
        kind=record.choice("kind", DownwardKind),
        office=record.text("office", pattern=OFFICE),
        environment=record.choice("environment", Environment),
        device=None if record.absent("device") else record.text("device", pattern=DEVICE),
        version=record.integer("version", minimum=1),
        issued_us=record.integer("issued_us"),
        expires_us=record.integer("expires_us"),
        body=record.octets("body", limit=BODY_LIMIT),
    )
    record.close()
    if (message.device is not None) != message.kind.for_one_device:
        raise DecodeError("the kind of message and its device do not fit")
    if message.expires_us <= message.issued_us:
        raise DecodeError("a message expires before it is issued")
    return message
