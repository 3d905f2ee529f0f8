"""The notification as canonical bytes, and the digest that a signature is written under."""

from intake.notification.model import Notification

FORMAT_VERSION = 1


def encode(notification: Notification) -> bytes:
    """Give canonical bytes; NotificationError for a field or value outside the field table."""
    raise NotImplementedError


def decode(data: bytes) -> Notification:
    """Read `encode`'s bytes back; DecodeError for anything else."""
    raise NotImplementedError


def content_digest(notification: Notification) -> bytes:
    """SHA-256 of the canonical bytes without the `signature` field: what a resident signs."""
    raise NotImplementedError
