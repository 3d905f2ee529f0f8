"""From a confirmed notification to a row of the outbox: parts sealed, manifest signed, synced."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from edge.outbox import Composed, Outbox, Place, Row
from edge.unit import Unit
from edge.unit_clock import UnitClock
from intake.event import envelope as envelopes
from intake.event import seal
from intake.event.envelope import Envelope
from intake.event.ids import ReceptionNumber, new_event_id
from intake.event.keyset import KeySet
from intake.event.manifest import EventKind, Manifest, PartName, Staff
from intake.event.parts import SealedPart, seal_part


@dataclass(frozen=True)
class Filing:
    """What is to be sealed; `parts` are contents in the clear, by part, `sealed` closed already."""

    kind: EventKind
    notification_id: str
    procedure: str
    revision: int
    supersedes: bytes | None
    reception_number: str | None  # None: a new one is made
    staff: Staff
    parts: Mapping[PartName, bytes]
    sealed: tuple[SealedPart, ...] = ()


def file_event(
    filing: Filing, *, unit: Unit, keyset: KeySet, clock: UnitClock, outbox: Outbox
) -> Row:
    """Seal `filing` for the next place of this unit's key and sync it to the outbox.

    When this returns the reception number may be shown. Raises OutboxFullError when the disk has
    no room and OversizeError when there is too much ink for one envelope.
    """
    parts = {name: seal_part(name, content, keyset) for name, content in filing.parts.items()}
    parts |= {part.name: part for part in filing.sealed}
    sealed = tuple(parts[name] for name in PartName if name in parts)
    composer = _Composer(filing, unit, clock, clock.wall_us(), clock.today(), sealed)
    day = composer.day.isoformat()
    return outbox.file(unit.signing.kid, day, composer.wall_us, composer.compose)


@dataclass(frozen=True)
class _Composer:
    """Seals one filing once its place in the chain is known."""

    filing: Filing
    unit: Unit
    clock: UnitClock
    wall_us: int
    day: date  # looked at once: the counter of one day under another would be given out twice
    sealed: tuple[SealedPart, ...]

    def compose(self, place: Place) -> Composed:
        number = self.filing.reception_number or str(
            ReceptionNumber.make(self.unit.device_code, self.day, place.day_counter)
        )
        manifest = self._manifest(place, number)
        signed = seal.seal(manifest, self.unit.signing)
        parts = {part.name: part.data for part in self.sealed}
        return Composed(
            identity=seal.read_sealed(signed).identity,
            envelope=envelopes.encode(Envelope(signed, parts)),
            event_id=manifest.event_id,
            notification_id=self.filing.notification_id,
            reception_number=number,
            kind=self.filing.kind,
            revision=self.filing.revision,
            new_number=self.filing.reception_number is None,
        )

    def _manifest(self, place: Place, number: str) -> Manifest:
        filing, unit, clock = self.filing, self.unit, self.clock
        return Manifest(
            kind=filing.kind,
            event_id=new_event_id(),
            notification_id=filing.notification_id,
            reception_number=number,
            revision=filing.revision,
            supersedes=filing.supersedes,
            procedure=filing.procedure,
            office=unit.office,
            device=unit.device,
            environment=unit.environment,
            kid=unit.signing.kid,
            sequence=place.sequence,
            previous=place.previous,
            boot_id=clock.boot_id,
            wall_time_us=self.wall_us,
            clock=clock.quality(),
            monotonic_us=clock.monotonic_us(),
            staff=filing.staff,
            software={"madoguchi": version("madoguchi")},
            parts=tuple(part.entry for part in self.sealed),
        )
