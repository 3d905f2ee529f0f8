"""One notification as a reviewer sees it: fields, findings, proof, history, differences."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.clock import iso, local_date
from hub.office import Office
from hub.register.names import CharacterView, read_name, views
from hub.review.card_holder import CardHolder, compare_holder
from hub.review.card_signature import CardSignature, check_card_signature, identifies
from hub.review.events import (
    content_of,
    find_event,
    open_one,
    read_manifest,
    read_notification,
)
from hub.review.matching import (
    Match,
    address_of,
    match_persons,
    proposed_links,
    register_view,
    registered,
)
from hub.review.proof import CardProof, beside_receipt, check_card
from hub.review.replay import readable_drawings
from hub.review.shown import FieldView, field_views
from hub.revocation import states
from hub.storage.tables import Filing, Household, IntakeEvent, Resident
from intake.event.manifest import Manifest, PartName
from intake.notification import Notification, Procedure, Value
from intake.notification.needs import Needs
from intake.notification.rules import check
from intake.office.roster import Role


@dataclass(frozen=True)
class FindingView:
    """One finding of the rules, in both languages."""

    rule_id: str
    severity: str
    state: str
    article: str
    message_ja: str
    message_en: str
    where: str


@dataclass(frozen=True)
class CandidateView:
    """A resident that a person may be. Only an id and the code points that tell namesakes apart."""

    resident_id: str
    name: str
    birth_date: str
    status: str
    characters: tuple[CharacterView, ...] = ()


@dataclass(frozen=True)
class PersonView:
    """One person with the residents they may be."""

    person_id: str
    fields: tuple[FieldView, ...]
    candidates: tuple[CandidateView, ...]
    proposed: str | None


@dataclass(frozen=True)
class RevisionView:
    """One event of the notification."""

    identity: str
    kind: str
    revision: int
    device: str
    sequence: int
    staff_id: str
    received_at: str
    signed_at: str
    log_index: int
    follows: str
    """`first`, `yes`, or `gap` while the unit's event before it is not in the log."""


@dataclass(frozen=True)
class NotificationView:
    """Everything the review page shows."""

    notification_id: str
    reception_number: str
    procedure: str
    state: str
    revision: int
    identity: str
    device: str
    taken_by: str
    received_at: str
    fields: tuple[FieldView, ...]
    persons: tuple[PersonView, ...]
    findings: tuple[FindingView, ...]
    card: CardProof | None
    card_holder: CardHolder | None
    revocations: tuple[states.RevocationView, ...]
    card_signature: CardSignature | None
    parts: tuple[str, ...]
    drawings: int
    revisions: tuple[RevisionView, ...]
    software: Mapping[str, str]
    clock_source: str
    reason: str | None
    owner: str | None
    due_on: str | None
    decided_by: str | None
    decided_at: str | None
    decision_index: int | None
    joins_household: bool
    """Whether accepting needs the household that the persons join."""
    blocked_by: str | None
    """Error code that accepting would give this viewer, None when it may be accepted."""


def takers(session: Session, notification_id: str) -> frozenset[str]:
    """Staff ids of whoever took any revision of a notification."""
    found = select(IntakeEvent.staff_id).where(IntakeEvent.notification_id == notification_id)
    return frozenset(session.scalars(found))


def correctors(notification: Notification) -> frozenset[str]:
    """Staff ids of whoever filled in or corrected a value, whoever filed it in the end."""
    holders = (notification, *notification.persons)
    return frozenset(notification.entered_by) | frozenset(
        change.who
        for holder in holders
        for field in holder.fields.values()
        for change in field.history
    )


def view(
    office: Office, session: Session, filing: Filing, staff_id: str, roles: frozenset[Role]
) -> NotificationView:
    """The view of a filing for one member of staff (protection was checked before)."""
    content = content_of(session, filing)
    notification = read_notification(session, office.ring, content)
    event = find_event(session, content)
    manifest = read_manifest(event)
    matches = match_persons(session, notification)
    card = open_one(session, office.ring, content, PartName.CARD_EVIDENCE)
    asked = revocations(office, session, content)
    return NotificationView(
        notification_id=filing.notification_id,
        reception_number=filing.reception_number,
        procedure=filing.procedure,
        state=filing.state,
        revision=filing.revision,
        identity=filing.identity.hex(),
        device=filing.device,
        taken_by=filing.taken_by,
        received_at=iso(filing.first_received_us),
        fields=field_views(
            notification.fields, _registered_address(session, notification, matches)
        ),
        persons=_persons(session, notification, matches),
        findings=findings(office, session, notification, proposed_links(matches)),
        card=_card(office, card, event),
        card_holder=None if card is None else compare_holder(card, notification),
        revocations=asked,
        card_signature=None
        if card is None
        else check_card_signature(office.settings, card, notification, event.revision),
        parts=tuple(entry.name.value for entry in manifest.parts),
        drawings=len(readable_drawings(session, office.ring, content)),
        revisions=_revisions(session, filing.notification_id),
        software=dict(manifest.software),
        clock_source=manifest.clock.source,
        reason=filing.reason,
        owner=filing.owner,
        due_on=filing.due_on,
        decided_by=filing.decided_by,
        decided_at=iso(filing.decided_us) if filing.decided_us else None,
        decision_index=filing.decision_index,
        joins_household=_joins(notification),
        blocked_by=_blocked_by(
            takers(session, filing.notification_id) | correctors(notification), staff_id, roles
        )
        or states.blocks(asked),
    )


def revocations(
    office: Office, session: Session, identity: bytes
) -> tuple[states.RevocationView, ...]:
    """What is known of each certificate in an event's card evidence, as of now."""
    card = open_one(session, office.ring, identity, PartName.CARD_EVIDENCE)
    return states.views(session, office.settings, identity, card, office.clock())


def findings(
    office: Office, session: Session, notification: Notification, links: Mapping[str, str]
) -> tuple[FindingView, ...]:
    """What the rules of the contract find, with the register at hand. Never a refusal here."""
    needs = Needs(
        office_lg_code=office.settings.office.code,
        today=local_date(office.clock()),
        register=register_view(session, notification, links),
    )
    return tuple(
        FindingView(
            finding.rule_id,
            finding.severity.value,
            finding.state.value,
            finding.article,
            finding.message_ja,
            finding.message_en,
            finding.where,
        )
        for finding in check(notification, needs)
    )


def _joins(notification: Notification) -> bool:
    merging = notification.value("household_change_kind") == "merge"
    return merging or notification.value("new_household") == "joins"


def _blocked_by(took_part: frozenset[str], staff_id: str, roles: frozenset[Role]) -> str | None:
    if Role.REVIEWER not in roles:
        return "role"
    if staff_id in took_part:
        return "acceptor_is_taker"
    return None


def _persons(
    session: Session, notification: Notification, matches: tuple[Match, ...]
) -> tuple[PersonView, ...]:
    found: list[PersonView] = []
    for person, match in zip(notification.persons, matches, strict=True):
        known = _registered(session, match.proposed)
        found.append(
            PersonView(
                person_id=person.person_id,
                fields=field_views(person.fields, known),
                candidates=tuple(_candidate(session, one) for one in match.candidates),
                proposed=match.proposed,
            )
        )
    return tuple(found)


def _registered_address(
    session: Session, notification: Notification, matches: tuple[Match, ...]
) -> dict[str, Value | str]:
    """The address in the register that the old address of a move must be; none for a move in."""
    known = next((match.proposed for match in matches if match.proposed), None)
    if known is None or notification.procedure is Procedure.MOVE_IN:
        return {}
    resident = session.get_one(Resident, known)
    return {"old_address": address_of(session.get_one(Household, resident.household_id))}


def _registered(session: Session, resident_id: str | None) -> dict[str, Value | str]:
    if resident_id is None:
        return {}
    resident = session.get_one(Resident, resident_id)
    plain = ("kana", "sex", "relationship", "registered_domicile", "resident_code", "nationality")
    return {
        "name": read_name(session, resident_id),
        "birth_date": registered(session, resident).birth_date,
        **{name: str(getattr(resident, name)) for name in plain},
    }


def _candidate(session: Session, resident_id: str) -> CandidateView:
    resident = session.get_one(Resident, resident_id)
    return CandidateView(
        resident_id,
        resident.name_plain,
        resident.birth_date,
        resident.status,
        views(read_name(session, resident_id)),
    )


def _card(office: Office, content: bytes | None, event: IntakeEvent) -> CardProof | None:
    if content is None or not identifies(content):
        return None
    proof = check_card(office.settings, content, event.notification_id)
    return beside_receipt(proof, event.received_us)


def _revisions(session: Session, notification_id: str) -> tuple[RevisionView, ...]:
    events = session.scalars(
        select(IntakeEvent)
        .where(IntakeEvent.notification_id == notification_id)
        .order_by(IntakeEvent.revision, IntakeEvent.log_index)
    )
    return tuple(_revision(session, event, read_manifest(event)) for event in events)


def _revision(session: Session, event: IntakeEvent, manifest: Manifest) -> RevisionView:
    follows = "first"
    if manifest.previous is not None:
        known = session.get(IntakeEvent, manifest.previous)
        follows = "gap" if known is None else "yes"
    return RevisionView(
        identity=event.identity.hex(),
        kind=event.kind,
        revision=event.revision,
        device=event.device,
        sequence=event.sequence,
        staff_id=event.staff_id,
        received_at=iso(event.received_us),
        signed_at=iso(event.wall_time_us),
        log_index=event.log_index,
        follows=follows,
    )
