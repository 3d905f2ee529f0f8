"""Judges one envelope: it may enter the log, or a reason code keeps it out.

The checks and their order are those of `intake.event.admission`, the same for every hub; here the
parts for the hub are opened too, and a person's waiver is honoured. The database is not touched,
so that judging costs no time under the write lock.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from intake import notification
from intake.errors import (
    DecodeError,
    PartMismatchError,
    UndecryptableError,
    VerificationError,
    WrongEnvironmentError,
)
from intake.event import envelope as envelopes
from intake.event import seal
from intake.event.admission import Admitted, DeviceKey, admit
from intake.event.envelope import Envelope
from intake.event.manifest import Manifest, PartEntry, PartName, RecipientClass
from intake.event.quarantine import QuarantineReason, reason_of
from intake.event.seal import Sealed
from intake.event.topics import Direction, Topic, Up
from intake.office.environment import Environment

SKEW_US = 300 * 1_000_000
"""A certificate issued a moment ago by a clock a little ahead of ours is valid."""


class PartOpener(Protocol):
    """Opens parts that are encrypted to the hub."""

    def open(self, sealed: bytes, entry: PartEntry) -> bytes:
        """The content; UndecryptableError or PartMismatchError when it cannot be had."""
        ...


@dataclass(frozen=True)
class Incoming:
    """An envelope as the broker delivered it; `device` is the one named by the topic."""

    device: str
    data: bytes
    received_us: int


@dataclass(frozen=True)
class Rejected:
    """An envelope for the quarantine; `claimed` is what it says of itself, if that can be read."""

    reason: QuarantineReason
    claimed: Sealed | None

    def receipt_identity(self, data: bytes) -> bytes:
        """What the receipt is bound to: a proven event (conflict) by identity, else the bytes."""
        if self.reason is QuarantineReason.CONFLICT and self.claimed is not None:
            return self.claimed.identity
        return envelopes.identity_of(data)


@dataclass(frozen=True)
class Waiver:
    """What a person who accepts a quarantined envelope after all decided to look past."""

    topic: bool = False
    key_state: bool = False


NO_WAIVER = Waiver()


class Examiner:
    """The checks of one office."""

    def __init__(
        self,
        office: str,
        environment: Environment,
        key_of: Callable[[bytes], DeviceKey | None],
        opener: PartOpener,
    ) -> None:
        self._office = office
        self._environment = environment
        self._key_of = key_of
        self._opener = opener

    def examine(self, incoming: Incoming, waiver: Waiver = NO_WAIVER) -> Admitted | Rejected:
        """The verdict on one envelope; never raises on what a unit can send."""
        device = incoming.device
        if waiver.topic and (claimed := _claimed(incoming.data)):
            device = claimed.manifest.device
        topic = Topic(self._office, Direction.UP, device, Up.INTAKE)
        now_us = incoming.received_us + SKEW_US
        key_of = self._key_of if not waiver.key_state else self._key_as_if_good
        try:
            admitted = admit(incoming.data, topic, key_of, now_us=now_us)
            if admitted.manifest.environment is not self._environment:
                raise WrongEnvironmentError("the event belongs to another environment")
            self._open_parts(admitted)
        except (DecodeError, VerificationError) as error:
            return Rejected(reason_of(error), _claimed(incoming.data))
        return admitted

    def _key_as_if_good(self, kid: bytes) -> DeviceKey | None:
        key = self._key_of(kid)
        return None if key is None else replace(key, revoked=False, not_before_us=0)

    def _open_parts(self, admitted: Admitted) -> None:
        """What the hub must be able to read opens; the notification is the one of the manifest."""
        for entry in admitted.manifest.parts:
            if entry.recipient_class is not RecipientClass.HUB:
                continue
            content = self._opener.open(admitted.envelope.parts[entry.name], entry)
            if entry.name is PartName.NOTIFICATION:
                _check_notification(content, admitted.manifest)


def _check_notification(content: bytes, manifest: Manifest) -> None:
    try:
        found = notification.decode(content)
    except DecodeError as error:
        raise UndecryptableError("the notification cannot be read") from error
    if (found.notification_id, found.procedure.value) != (
        manifest.notification_id,
        manifest.procedure,
    ):
        raise PartMismatchError("the notification is not the one that the manifest names")


def _claimed(data: bytes) -> Sealed | None:
    """The sealed manifest as far as it can be read, unverified."""
    try:
        envelope = envelopes.decode(data)
        if isinstance(envelope, Envelope):
            return seal.read_sealed(envelope.sealed)
    except DecodeError:
        pass
    return None
