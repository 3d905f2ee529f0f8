"""What is handed in for delivery, and the key under which it is delivered once and no more."""

import hashlib
import uuid
from dataclasses import dataclass
from typing import Final

LONGEST_TITLE: Final = 256
NAMESPACE: Final = uuid.UUID("6f1d5a1e-3a57-4f0e-9d5b-5d1b8b0a7c11")
"""Of the ids that are made from delivery keys: the same delivery has one id in every hub."""


def delivery_key(
    issuer: str, kind: str, atena_no: str, document_number: str | None, text_sha256: bytes
) -> bytes:
    """The key of a delivery: issuer, kind, 宛名番号, document number or else text hash."""
    named = document_number is not None
    last = document_number if document_number is not None else text_sha256.hex()
    parts = (issuer, kind, atena_no, "number" if named else "text", last)
    # Lengths, so that no two different keys are written alike.
    written = "".join(f"{len(part)}:{part}," for part in parts)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest()


def message_id(key: bytes) -> str:
    """The id (UUID version 5) of the message with this delivery key; the XML carries it too."""
    return str(uuid.uuid5(NAMESPACE, key.hex()))


@dataclass(frozen=True)
class Outgoing:
    """One message to one resident, signed and ready.

    issuer: 団体コード of the sender. kind: the name of its notice template. text_sha256: the hash
    of the message's own text, which names it where it has no document number. content: the signed
    XML. legal: a legal notice, which never goes by a best-effort channel alone. not_before_us: not
    handed to any channel before, in microseconds since 1970. batch: the batch it belongs to.
    """

    issuer: str
    kind: str
    atena_no: str
    document_number: str | None
    text_sha256: bytes
    title: str
    content: bytes
    legal: bool = False
    not_before_us: int | None = None
    batch: str | None = None

    @property
    def key(self) -> bytes:
        """The delivery key of this message."""
        return delivery_key(
            self.issuer, self.kind, self.atena_no, self.document_number, self.text_sha256
        )

    @property
    def message_id(self) -> str:
        """The id under which every channel knows this message."""
        return message_id(self.key)
