"""Seals one part of an event to its class of reader and opens it again.

A salt stands inside the encryption, so that the digest in the manifest gives nothing away about
a short content such as a number.
"""

import hashlib
import os
from dataclasses import dataclass
from typing import Final, cast

from intake import canonical
from intake.errors import DecodeError, OversizeError, PartMismatchError
from intake.event import encryption
from intake.event.encryption import Random
from intake.event.keys import ReaderKey
from intake.event.keyset import KeySet
from intake.event.manifest import PartEntry, PartName, RecipientClass
from intake.event.signing import ContentType

CONTENT_LIMIT: Final = 256 * 1024
SEALED_LIMIT: Final = CONTENT_LIMIT + 1024
SALT_SIZE: Final = 32
_CONTENT_TYPES: Final = {
    PartName.NOTIFICATION: ContentType.NOTIFICATION,
    PartName.NAME_INK: ContentType.NAME_INK,
    PartName.SIGNATURE_INK: ContentType.SIGNATURE_INK,
    PartName.INDIVIDUAL_NUMBER: ContentType.INDIVIDUAL_NUMBER,
    PartName.CARD_EVIDENCE: ContentType.CARD_EVIDENCE,
}


@dataclass(frozen=True)
class SealedPart:
    """The encrypted bytes of one part and what the manifest has to say of them."""

    name: PartName
    data: bytes
    entry: PartEntry


def seal_part(
    name: PartName, content: bytes, keyset: KeySet, *, random: Random = os.urandom
) -> SealedPart:
    """`content` encrypted to the reader class of `name` and to the recovery key of `keyset`.

    Raises OversizeError above CONTENT_LIMIT. Only test vectors pass `random`.
    """
    if len(content) > CONTENT_LIMIT:
        raise OversizeError(f"the part {name.value} is larger than {CONTENT_LIMIT} bytes")
    plaintext = canonical.encode([random(SALT_SIZE), content])
    readers = (
        keyset.reader_keys[name.recipient_class],
        keyset.reader_keys[RecipientClass.RECOVERY],
    )
    data = encryption.encrypt(plaintext, _CONTENT_TYPES[name], readers, random=random)
    entry = PartEntry(
        name=name,
        digest=hashlib.sha256(plaintext).digest(),
        sealed_sha256=hashlib.sha256(data).digest(),
        recipient_class=name.recipient_class,
        size=len(data),
    )
    return SealedPart(name, data, entry)


def open_part(data: bytes, reader: ReaderKey, entry: PartEntry) -> bytes:
    """The content of an encrypted part, checked against both hashes of its manifest entry.

    Raises PartMismatchError when it is another part, UndecryptableError when `reader` cannot
    open it, DecodeError when it is malformed inside.
    """
    if len(data) != entry.size or hashlib.sha256(data).digest() != entry.sealed_sha256:
        raise PartMismatchError(f"the part {entry.name.value} is not the one that was sealed")
    plaintext = encryption.decrypt(data, _CONTENT_TYPES[entry.name], reader, limit=SEALED_LIMIT)
    if hashlib.sha256(plaintext).digest() != entry.digest:
        raise PartMismatchError(f"the part {entry.name.value} holds another content")
    value = canonical.decode(plaintext, limit=SEALED_LIMIT, depth=1)
    if not isinstance(value, list):
        raise DecodeError("a part holds no salt and content")
    match cast("list[object]", value):
        case [bytes(salt), bytes(content)] if len(salt) == SALT_SIZE:
            return content
        case _:
            raise DecodeError("a part holds no salt and content")
