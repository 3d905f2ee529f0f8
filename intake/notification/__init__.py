"""The notification (届出): what residents state, where each value came from, and its rules."""

from intake.notification.codec import content_digest, decode, encode
from intake.notification.model import (
    Change,
    Field,
    Notification,
    NotificationError,
    Person,
    Procedure,
    Source,
)
from intake.notification.values import (
    Address,
    IdentityProof,
    PartialDate,
    Signature,
    TransferCertificate,
    Value,
)

__all__ = [
    "Address",
    "Change",
    "Field",
    "IdentityProof",
    "Notification",
    "NotificationError",
    "PartialDate",
    "Person",
    "Procedure",
    "Signature",
    "Source",
    "TransferCertificate",
    "Value",
    "content_digest",
    "decode",
    "encode",
]
