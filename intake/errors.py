"""What can go wrong in the contract, one sentence per class.

A class that ends in quarantine carries the reason code of `intake.event.quarantine`.
"""

from typing import ClassVar


class IntakeError(Exception):
    """Root of everything this room raises."""

    exit_code: ClassVar[int] = 2


class EncodeError(IntakeError):
    """A value cannot be written in the wire form: the caller built it wrongly."""


class DecodeError(IntakeError):
    """Bytes are not the known form: keep them as they are and ask the sender."""

    exit_code: ClassVar[int] = 5
    code: ClassVar[str] = "garbled"


class OversizeError(DecodeError):
    """Bytes are longer than the form allows."""

    code: ClassVar[str] = "oversize"


class UnknownVersionError(DecodeError):
    """The form is newer than this software: keep the bytes and update."""

    code: ClassVar[str] = "unknown_version"


class VerificationError(IntakeError):
    """Bytes are well formed but must not be believed."""

    exit_code: ClassVar[int] = 5
    code: ClassVar[str] = "bad_signature"


class SignatureError(VerificationError):
    """The signature does not belong to these bytes and this key."""


class UnknownKeyError(VerificationError):
    """The key that signed is not known: fetch the newest directory or key set."""

    code: ClassVar[str] = "unknown_key"


class RevokedKeyError(VerificationError):
    """The key that signed has been revoked."""

    code: ClassVar[str] = "revoked_key"


class NotYetValidKeyError(VerificationError):
    """The key that signed was not valid at the time that stands in the message."""

    code: ClassVar[str] = "not_yet_valid_key"


class WrongTopicError(VerificationError):
    """The message came on another device's topic."""

    code: ClassVar[str] = "wrong_topic"


class WrongOfficeError(VerificationError):
    """The message belongs to another office."""

    code: ClassVar[str] = "wrong_office"


class WrongEnvironmentError(VerificationError):
    """The message belongs to another environment (production, training, demo)."""

    code: ClassVar[str] = "wrong_environment"


class ConflictError(VerificationError):
    """Another content exists under the same key and sequence or the same version."""

    exit_code: ClassVar[int] = 7
    code: ClassVar[str] = "conflict"


class PartMissingError(VerificationError):
    """The manifest names a part that did not come with it."""

    code: ClassVar[str] = "part_missing"


class PartMismatchError(VerificationError):
    """A part is not the one that the manifest names."""

    code: ClassVar[str] = "part_mismatch"


class UndecryptableError(VerificationError):
    """A part or message cannot be opened with the key at hand."""

    code: ClassVar[str] = "undecryptable"


class StaleError(VerificationError):
    """The message has expired or is older than what is already held."""

    code: ClassVar[str] = "stale"


class ProofError(VerificationError):
    """A Merkle proof does not lead to the root that was signed."""

    code: ClassVar[str] = "bad_proof"
