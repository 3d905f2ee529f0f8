"""What a card's signing key signs at the counter: always a statement of ours, never raw bytes.

Each statement begins with a label of its own, so that none can pass for another one.
"""

from typing import Final

from intake import canonical
from intake.notification.codec import content_digest
from intake.notification.model import Notification

_NOTIFICATION: Final = b"madoguchi notification 1\x00"
_READING: Final = b"madoguchi signing certificate read 1\x00"


def document_to_sign(notification: Notification, revision: int) -> bytes:
    """The statement "I notify this": which notification, which revision, and all that is stated.

    Unit and hub make the same bytes of the same content, so nothing of it has to travel twice.
    Sources, histories and what only staff fill in are outside, as for the pen (`content_digest`).
    """
    return _NOTIFICATION + canonical.encode(
        {
            "notification_id": notification.notification_id,
            "revision": revision,
            "content_sha256": content_digest(notification),
        }
    )


def certificate_statement(notification_id: str, challenge: bytes) -> bytes:
    """The statement "this certificate was read here": it commits the holder to nothing else."""
    return _READING + canonical.encode({"notification_id": notification_id, "challenge": challenge})
