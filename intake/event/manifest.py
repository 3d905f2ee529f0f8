"""The manifest: everything that is signed about an event, and nothing personal about a resident."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from intake import canonical
from intake.errors import DecodeError
from intake.event.ids import ReceptionNumber
from intake.event.keys import KID_SIZE
from intake.office.environment import Environment
from intake.record import DEVICE, OFFICE, TOKEN, UUID, Record

VERSION: Final = 1
LIMIT: Final = 16_384
HASH_SIZE: Final = 32
_MAX_PART: Final = 1 << 20


class EventKind(StrEnum):
    """What the event does to its notification."""

    FILED = "filed"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"


class RecipientClass(StrEnum):
    """Who can open a part."""

    HUB = "hub"
    NUMBER_STORE = "number_store"
    EVIDENCE_ESCROW = "evidence_escrow"
    RECOVERY = "recovery"


class PartName(StrEnum):
    """The parts of an event, in the order in which a manifest lists them."""

    NOTIFICATION = "notification"
    NAME_INK = "name_ink"
    SIGNATURE_INK = "signature_ink"
    INDIVIDUAL_NUMBER = "individual_number"
    CARD_EVIDENCE = "card_evidence"

    @property
    def recipient_class(self) -> RecipientClass:
        """The one class of reader of this part (the offline recovery key opens every part)."""
        match self:
            case PartName.INDIVIDUAL_NUMBER:
                return RecipientClass.NUMBER_STORE
            case PartName.SIGNATURE_INK:
                return RecipientClass.EVIDENCE_ESCROW
            case _:
                return RecipientClass.HUB


@dataclass(frozen=True)
class PartEntry:
    """What the manifest says of one part."""

    name: PartName
    digest: bytes
    """SHA-256 of the plaintext with its salt: proves the content to whoever can open it."""
    sealed_sha256: bytes
    """SHA-256 of the encrypted bytes: lets whoever cannot open the part check it."""
    recipient_class: RecipientClass
    size: int
    """Length of the encrypted bytes."""


@dataclass(frozen=True)
class Clock:
    """How good the wall time is; None where the unit does not know."""

    source: str
    """TOKEN; in use: ntp, hub, rtc, manual, unknown."""
    last_sync_us: int | None
    uncertainty_us: int | None


@dataclass(frozen=True)
class Staff:
    """Who took the notification in, and how they logged in (TOKEN; in use: pin, card)."""

    id: str
    login: str


@dataclass(frozen=True)
class Manifest:
    """One event without personal data; times are microseconds (wall: since 1970, UTC)."""

    kind: EventKind
    event_id: str
    notification_id: str
    reception_number: str
    revision: int
    supersedes: bytes | None
    """Identity of the event that this one replaces; None exactly when filed."""
    procedure: str
    office: str
    device: str
    environment: Environment
    kid: bytes
    sequence: int
    """Counts the manifests of this signing key from 1 without gaps."""
    previous: bytes | None
    """Identity of the manifest with the sequence before; None exactly at sequence 1."""
    boot_id: str
    wall_time_us: int
    clock: Clock
    monotonic_us: int
    staff: Staff
    software: Mapping[str, str]
    parts: tuple[PartEntry, ...]
    version: int = VERSION


def encode(manifest: Manifest) -> bytes:
    """The canonical bytes; DecodeError when `decode` would refuse them."""
    data = canonical.encode(_wire(manifest))
    decode(data)
    return data


def decode(data: bytes) -> Manifest:
    """The manifest in `data`.

    Raises OversizeError above LIMIT, UnknownVersionError for a newer form and DecodeError for
    whatever is not exactly the known one.
    """
    record = Record(canonical.decode(data, limit=LIMIT, depth=4), "manifest")
    version = record.version(VERSION)
    manifest = Manifest(
        version=version,
        kind=record.choice("kind", EventKind),
        event_id=record.text("event_id", pattern=UUID),
        notification_id=record.text("notification_id", pattern=UUID),
        reception_number=str(ReceptionNumber.from_wire(record.text("reception_number"))),
        revision=record.integer("revision", minimum=1, maximum=9999),
        supersedes=_hash_or_none(record, "supersedes"),
        procedure=record.text("procedure", pattern=TOKEN),
        office=record.text("office", pattern=OFFICE),
        device=record.text("device", pattern=DEVICE),
        environment=record.choice("environment", Environment),
        kid=record.octets("kid", size=KID_SIZE),
        sequence=record.integer("sequence", minimum=1),
        previous=_hash_or_none(record, "previous"),
        boot_id=record.text("boot_id", pattern=UUID),
        wall_time_us=record.integer("wall_time_us"),
        clock=_clock(record.record("clock")),
        monotonic_us=record.integer("monotonic_us"),
        staff=_staff(record.record("staff")),
        software=record.texts("software", limit=16),
        parts=tuple(_entry(item) for item in record.items("parts", limit=len(PartName))),
    )
    record.close()
    _check(manifest)
    return manifest


def _check(manifest: Manifest) -> None:
    """The rules between fields."""
    first = manifest.kind is EventKind.FILED
    if first != (manifest.supersedes is None) or first != (manifest.revision == 1):
        raise DecodeError("only a first filing has revision 1 and supersedes nothing")
    if (manifest.sequence == 1) != (manifest.previous is None):
        raise DecodeError("only the first manifest of a key has no previous one")
    order = [name for name in PartName if name in {entry.name for entry in manifest.parts}]
    if [entry.name for entry in manifest.parts] != order:
        raise DecodeError("parts are doubled or not in their order")
    if manifest.kind is not EventKind.WITHDRAWN and PartName.NOTIFICATION not in order:
        raise DecodeError("a filing or amendment carries a notification")


def _wire(manifest: Manifest) -> dict[str, object]:
    fields = {key: value for key, value in vars(manifest).items() if key != "version"}
    entries = [vars(entry) for entry in manifest.parts]
    nested = {"clock": vars(manifest.clock), "staff": vars(manifest.staff), "parts": entries}
    return {"v": manifest.version, **fields, **nested}


def _hash_or_none(record: Record, name: str) -> bytes | None:
    return None if record.absent(name) else record.octets(name, size=HASH_SIZE)


def _clock(record: Record) -> Clock:
    clock = Clock(
        source=record.text("source", pattern=TOKEN),
        last_sync_us=None if record.absent("last_sync_us") else record.integer("last_sync_us"),
        uncertainty_us=(
            None if record.absent("uncertainty_us") else record.integer("uncertainty_us")
        ),
    )
    record.close()
    return clock


def _staff(record: Record) -> Staff:
    staff = Staff(
        id=record.text("id", pattern=TOKEN),
        login=record.text("login", pattern=TOKEN),
    )
    record.close()
    return staff


def _entry(item: object) -> PartEntry:
    record = Record(item, "part")
    entry = PartEntry(
        name=record.choice("name", PartName),
        digest=record.octets("digest", size=HASH_SIZE),
        sealed_sha256=record.octets("sealed_sha256", size=HASH_SIZE),
        recipient_class=record.choice("recipient_class", RecipientClass),
        size=record.integer("size", minimum=1, maximum=_MAX_PART),
    )
    record.close()
    if entry.recipient_class is not entry.name.recipient_class:
        raise DecodeError("a part is not sealed to its class of reader")
    return entry
