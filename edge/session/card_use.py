"""What the draft keeps of the card at the counter: how it was read, and what came of it, as bytes.

Nothing personal but the two texts of the card, which the draft holds anyway; never a PIN, and the
individual number only as it was sealed for whoever may open it.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.session.substitutes import CardTexts, TwoTexts
from intake.errors import DecodeError
from intake.event.manifest import HASH_SIZE, PartEntry, PartName
from intake.event.parts import SEALED_LIMIT, SealedPart
from intake.record import TOKEN, Record

_EVIDENCE_LIMIT: Final = 64 * 1024
_TEXT_LIMIT: Final = 1000
_MOST_FLAGS: Final = 200


class CardWay(StrEnum):
    """How the clerk has the card read."""

    PIN = "pin"  # both four-digit PINs, by the resident
    CERTIFICATE = "certificate"  # the signing password as well: which characters are stand-ins
    CHECK_NUMBER = "check_number"  # check number B from the face of the card, by the clerk
    SIGNATURE = "signature"  # the signing password alone, over the finished notification


@dataclass(frozen=True)
class CardUse:
    """How the card of the person at the counter was read; nothing personal in it."""

    outcome: str
    evidence: bytes | None  # the part card_evidence
    tries_left: int | None = None
    pin: str | None = None  # which PIN the outcome is about
    reason: str | None = None
    provisional: bool = False  # nobody has said yet whether the certificate is revoked
    insertion: int = 0  # which card it was about, counted by the reader since the start


def plain_use(use: CardUse | None) -> object:
    """A reading as canonical CBOR takes it."""
    return None if use is None else dict(vars(use))


def read_use(record: Record, name: str) -> CardUse | None:
    """The reading in field `name`; DecodeError when it is not in its form."""
    if record.absent(name):
        return None
    inner = record.record(name)
    use = CardUse(
        outcome=inner.text("outcome", pattern=TOKEN),
        evidence=_octets(inner, "evidence", _EVIDENCE_LIMIT),
        tries_left=None if inner.absent("tries_left") else inner.integer("tries_left"),
        pin=_text(inner, "pin"),
        reason=_text(inner, "reason"),
        provisional=inner.flag("provisional"),
        insertion=inner.integer("insertion"),
    )
    inner.close()
    return use


def plain_texts(texts: CardTexts | None) -> object:
    """The card's two texts as canonical CBOR takes them."""
    if texts is None:
        return None
    return {
        "person_id": texts.person_id,
        "name": _plain_two(texts.name),
        "address": _plain_two(texts.address),
    }


def read_texts(record: Record, name: str) -> CardTexts | None:
    """The card's two texts in field `name`."""
    if record.absent(name):
        return None
    inner = record.record(name)
    texts = CardTexts(
        person_id=inner.text("person_id", pattern=TOKEN),
        name=_two(inner.record("name")),
        address=_two(inner.record("address")),
    )
    inner.close()
    return texts


def plain_number(part: SealedPart | None) -> object:
    """The sealed individual number as canonical CBOR takes it."""
    return None if part is None else {"data": part.data, "digest": part.entry.digest}


def read_number(record: Record, name: str) -> SealedPart | None:
    """The sealed individual number in field `name`."""
    if record.absent(name):
        return None
    inner = record.record(name)
    data = inner.octets("data", limit=SEALED_LIMIT * 2)
    digest = inner.octets("digest", size=HASH_SIZE)
    inner.close()
    part = PartName.INDIVIDUAL_NUMBER
    entry = PartEntry(part, digest, hashlib.sha256(data).digest(), part.recipient_class, len(data))
    return SealedPart(part, data, entry)


def _plain_two(two: TwoTexts) -> object:
    flagged = list(two.flagged)
    return {"certificate": two.certificate or None, "flagged": flagged, "card": two.card or None}


def _two(record: Record) -> TwoTexts:
    flags = record.items("flagged", limit=_MOST_FLAGS)
    flagged = tuple(at for at in flags if isinstance(at, int) and not isinstance(at, bool))
    if len(flagged) != len(flags) or any(at < 0 for at in flagged):
        raise DecodeError("the places of stand-ins are not whole numbers")
    two = TwoTexts(
        certificate=_text(record, "certificate", _TEXT_LIMIT) or "",
        flagged=flagged,
        card=_text(record, "card", _TEXT_LIMIT) or "",
    )
    record.close()
    return two


def _octets(record: Record, name: str, limit: int) -> bytes | None:
    return None if record.absent(name) else record.octets(name, limit=limit)


def _text(record: Record, name: str, limit: int = 200) -> str | None:
    return None if record.absent(name) else record.text(name, limit=limit)
