"""Questions of a unit to the hub, signed with the unit's key, and the form of the answers."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from intake import canonical
from intake.errors import DecodeError, EncodeError
from intake.event import signing
from intake.event.keys import PublicKey, Signer
from intake.event.manifest import HASH_SIZE
from intake.event.signing import ContentType, Signed
from intake.office.environment import Environment
from intake.record import DEVICE, OFFICE, UUID, Record

VERSION: Final = 1
LIMIT: Final = 64 * 1024
MAX_IDENTITIES: Final = 1000
ANSWER_LIMIT: Final = 480 * 1024


class AskKind(StrEnum):
    """What a unit can ask for."""

    RETURNED = "returned"
    """Notifications returned to the office; answered on `answer` with decisions."""
    RECEIPTS = "receipts"
    """Receipts that never came, for a list of identities; answered on `receipt`, one by one."""
    CONSISTENCY = "consistency"
    """The proof between two sizes of the log; answered on `answer`."""


@dataclass(frozen=True)
class Ask:
    """One question; it holds nothing about a resident."""

    ask_id: str
    kind: AskKind
    office: str
    environment: Environment
    device: str
    asked_us: int
    body: bytes = b""


@dataclass(frozen=True)
class SignedAsk:
    """A question that is well formed but not yet believed."""

    kid: bytes
    ask: Ask
    signed: Signed


@dataclass(frozen=True)
class Answer:
    """The body of a downward `answer`."""

    ask_id: str
    kind: AskKind
    body: bytes
    more: bool = False
    """Whether further answers to the same question follow."""


def new_ask_id() -> str:
    """A random UUID."""
    return str(uuid.uuid4())


def sign_ask(ask: Ask, signer: Signer) -> bytes:
    """The question as it goes to the hub."""
    payload = canonical.encode({"v": VERSION, **vars(ask)})
    _decode(payload)
    return signing.sign(payload, ContentType.ASK, signer)


def read_ask(data: bytes) -> SignedAsk:
    """What stands in a question, unverified; DecodeError when it is not in the known form."""
    signed = signing.read(data, ContentType.ASK, limit=LIMIT)
    return SignedAsk(signed.kid, _decode(signed.payload), signed)


def verify_ask(signed_ask: SignedAsk, public_key: PublicKey) -> Ask:
    """The question, now believed; SignatureError unless `public_key` signed it."""
    signed_ask.signed.verify(public_key)
    return signed_ask.ask


def encode_answer(answer: Answer) -> bytes:
    """The body of a downward `answer`."""
    data = canonical.encode({"v": VERSION, **vars(answer)})
    decode_answer(data)
    return data


def decode_answer(data: bytes) -> Answer:
    """The answer in a downward body; DecodeError otherwise."""
    record = Record(canonical.decode(data, limit=ANSWER_LIMIT, depth=2), "answer")
    record.version(VERSION)
    answer = Answer(
        ask_id=record.text("ask_id", pattern=UUID),
        kind=record.choice("kind", AskKind),
        body=record.octets("body", limit=ANSWER_LIMIT),
        more=record.flag("more"),
    )
    record.close()
    return answer


def encode_hashes(hashes: Sequence[bytes]) -> bytes:
    """The body of an ask `receipts` (identities) or of an answer `consistency` (the proof)."""
    if len(hashes) > MAX_IDENTITIES or any(len(item) != HASH_SIZE for item in hashes):
        raise EncodeError(
            f"at most {MAX_IDENTITIES} hashes of {HASH_SIZE} bytes fit into a message"
        )
    return canonical.encode(list(hashes))


def decode_hashes(data: bytes) -> tuple[bytes, ...]:
    """The hashes in such a body; DecodeError otherwise."""
    value = canonical.decode(data, limit=LIMIT, depth=1)
    if not isinstance(value, list):
        raise DecodeError("this is no list of hashes")
    items = cast("list[object]", value)
    if len(items) > MAX_IDENTITIES:
        raise DecodeError("a list of hashes is too long")
    if not all(isinstance(item, bytes) and len(item) == HASH_SIZE for item in items):
        raise DecodeError("this is no list of hashes")
    return tuple(cast("list[bytes]", items))


def encode_sizes(old: int, new: int) -> bytes:
    """The body of an ask `consistency`: from which size of the log to which."""
    return canonical.encode([old, new])


def decode_sizes(data: bytes) -> tuple[int, int]:
    """The two sizes, 0 < old <= new; DecodeError otherwise."""
    match canonical.decode(data, limit=32, depth=1):
        case [int(old), int(new)] if 0 < old <= new and not isinstance(old, bool):
            return old, new
        case _:
            raise DecodeError("this is no pair of log sizes")


def _decode(payload: bytes) -> Ask:
    record = Record(canonical.decode(payload, limit=LIMIT, depth=2), "ask")
    record.version(VERSION)
    ask = Ask(
        ask_id=record.text("ask_id", pattern=UUID),
        kind=record.choice("kind", AskKind),
        office=record.text("office", pattern=OFFICE),
        environment=record.choice("environment", Environment),
        device=record.text("device", pattern=DEVICE),
        asked_us=record.integer("asked_us"),
        body=record.octets("body", limit=LIMIT),
    )
    record.close()
    return ask
