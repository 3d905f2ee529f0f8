"""Decides whether an arriving event may enter the log, in one order of checks for every hub.

Whether the same key and sequence came before with another content is the log's own question.
"""

from collections.abc import Callable
from dataclasses import dataclass

from intake.errors import (
    NotYetValidKeyError,
    RevokedKeyError,
    UnknownKeyError,
    UnknownVersionError,
    WrongEnvironmentError,
    WrongOfficeError,
    WrongTopicError,
)
from intake.event import envelope as envelopes
from intake.event import seal
from intake.event.envelope import Envelope, UnknownVersion
from intake.event.keys import PublicKey
from intake.event.manifest import Manifest
from intake.event.topics import Topic, Up
from intake.office.environment import Environment


@dataclass(frozen=True)
class DeviceKey:
    """A unit's signing key as the hub's device directory knows it."""

    public: PublicKey
    office: str
    device: str
    environment: Environment
    not_before_us: int
    revoked: bool = False


@dataclass(frozen=True)
class Admitted:
    """An event whose signature, origin and parts are in order."""

    identity: bytes
    manifest: Manifest
    envelope: Envelope


def admit(
    data: bytes, topic: Topic, key_of: Callable[[bytes], DeviceKey | None], *, now_us: int
) -> Admitted:
    """The event in `data`, which arrived on `topic` at `now_us` (hub time).

    `key_of` looks a kid up in the device directory. Raises a DecodeError or VerificationError
    whose `code` is the quarantine reason. An event signed before its key ended is admitted.
    """
    envelope = envelopes.decode(data)
    if isinstance(envelope, UnknownVersion):
        raise UnknownVersionError(f"envelope version {envelope.version} is newer than this hub")
    sealed = seal.read_sealed(envelope.sealed)
    key = key_of(sealed.kid)
    if key is None:
        raise UnknownKeyError("no enrolled device has this signing key")
    manifest = seal.verify(sealed, key.public)
    if key.revoked:
        raise RevokedKeyError("the device's signing key has been revoked")
    if now_us < key.not_before_us:
        raise NotYetValidKeyError("the device's signing key is not valid yet")
    _check_origin(manifest, key, topic)
    envelopes.check_parts(manifest, envelope.parts)
    return Admitted(sealed.identity, manifest, envelope)


def _check_origin(manifest: Manifest, key: DeviceKey, topic: Topic) -> None:
    """Topic, manifest and certificate of the key name one device, office and environment."""
    if not manifest.office == key.office == topic.office:
        raise WrongOfficeError("topic, manifest and certificate name different offices")
    if manifest.environment is not key.environment:
        raise WrongEnvironmentError("manifest and certificate name different environments")
    if not manifest.device == key.device == topic.device or topic.channel is not Up.INTAKE:
        raise WrongTopicError("topic, manifest and certificate name different devices")
