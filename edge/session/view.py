"""What each page sees of the session, as plain JSON values; templates and scripts read only this.

The resident sees values and where they come from; history, findings and the outbox are the clerk's.
"""

from collections.abc import Mapping

from edge.session.card_view import card_view, signature_view, stand_in_drawn, stand_ins_view
from edge.session.counter_session import CounterSession
from edge.session.draft import Draft
from edge.session.form import Place
from edge.session.form_plan import NOTIFICATION_FIELDS, person_fields
from edge.session.glyph_card import glyph_json
from edge.session.naming import can_unpick, present_name
from edge.session.narrowing import words
from edge.session.states import TABLE
from edge.session.value_json import character_json, to_json, to_text
from intake.notification import Change, Field
from intake.notification.fields import FIELDS, FieldType, Level
from intake.notification.rules import Finding

Json = dict[str, object]


def resident_view(session: CounterSession) -> Json:
    """The resident's page."""
    return _common(session) | {
        "notification": _notification(session.draft, history=False),
    }


def clerk_view(session: CounterSession) -> Json:
    """The clerk's page; without a log-in only how the unit is."""
    counter = session.counter
    on_duty = counter.staff_desk.on_duty
    view: Json = {
        "staff": None
        if on_duty is None
        else {
            "staff_id": on_duty.staff_id,
            "name": on_duty.name,
            "seconds_left": int(counter.staff_desk.seconds_left()),
            "warned": counter.staff_desk.warned(),
        }
    }
    if on_duty is None:
        return view | {"state": session.state, "steps": []}
    return (
        view
        | _common(session)
        | {
            "steps": sorted(TABLE[session.state]),
            "notification": _notification(session.draft, history=True),
            "stand_ins": stand_ins_view(session.draft),
            "number_sealed": _number_sealed(session),
            "findings": [_finding(finding) for finding in session.findings()],
            "returned": [
                {
                    "notification_id": decision.notification_id,
                    "reception_number": decision.reception_number,
                    "reason": decision.reason,
                    "owner": decision.owner,
                    "due_on": None if decision.due_on is None else decision.due_on.isoformat(),
                }
                for decision in counter.office.returned.all()
            ],
        }
    )


def _common(session: CounterSession) -> Json:
    draft = session.draft
    capture = session.counter.capture
    return {
        "state": session.state,
        "kind": None if draft is None else draft.kind,
        "revision": None if draft is None else draft.revision,
        "returned_reason": None if draft is None else draft.returned_reason,
        "objection": None if draft is None else draft.objection,
        "card": card_view(session),
        **signature_view(draft),
        "pen": {"code": capture.status.code, "ready": capture.status.tablet is not None},
        "drawing": _drawing(session, draft),
        "picked": _picked(draft),
        "filed": _filed(session, draft),
    }


def _notification(draft: Draft | None, *, history: bool) -> Json | None:
    if draft is None:
        return None
    notification = draft.notification
    return {
        "notification_id": notification.notification_id,
        "procedure": notification.procedure,
        "fields": _fields(
            notification.fields, NOTIFICATION_FIELDS[notification.procedure], None, history=history
        ),
        "persons": [
            {
                "person_id": person.person_id,
                "fields": _fields(
                    person.fields,
                    person_fields(notification.procedure),
                    person.person_id,
                    history=history,
                ),
            }
            for person in notification.persons
        ],
        "identity_proof": None
        if (proof := notification.value("identity_proof")) is None
        else to_json(proof),
    }


def _fields(
    fields: Mapping[str, Field], names: tuple[str, ...], person_id: str | None, *, history: bool
) -> list[Json]:
    level = Level.NOTIFICATION if person_id is None else Level.PERSON
    more = (n for n in fields if n not in names and FIELDS[n].level is level)
    hidden = (FieldType.SIGNATURE, FieldType.IDENTITY_PROOF)
    return [
        _field(Place(name, person_id), fields.get(name), history=history)
        for name in (*names, *more)
        if FIELDS[name].type not in hidden
    ]


def _field(place: Place, field: Field | None, *, history: bool) -> Json:
    spec = place.spec
    shown: Json = {
        "where": str(place),
        "name": spec.name,
        "type": spec.type,
        "label": {"ja": spec.label_ja, "en": spec.label_en},
        "choices": dict(spec.choices),
        "stated": spec.stated,
        "value": None if field is None else to_json(field.value),
        "text": "" if field is None else _text(spec.choices, field),
        "source": None if field is None else field.source,
    }
    if history:
        shown["history"] = [] if field is None else [_change(change) for change in field.history]
    return shown


def _text(choices: Mapping[str, str], field: Field) -> str:
    text = to_text(field.value)
    return choices.get(text, text)


def _change(change: Change) -> Json:
    return {
        "text": to_text(change.old_value),
        "value": to_json(change.old_value),
        "source": change.old_source,
        "who": change.who,
        "when_us": change.when_us,
        "why": change.why,
    }


def _finding(finding: Finding) -> Json:
    return {
        "rule_id": finding.rule_id,
        "severity": finding.severity,
        "state": finding.state,
        "article": finding.article,
        "message": {"ja": finding.message_ja, "en": finding.message_en},
        "where": finding.where,
    }


def _number_sealed(session: CounterSession) -> bool | None:
    """Whether the individual number goes along; None where the procedure does not need it."""
    draft = session.draft
    if (
        draft is None
        or draft.notification.procedure not in session.counter.card_desk.policy.numbers
    ):
        return None
    return draft.number is not None


def _drawing(session: CounterSession, draft: Draft | None) -> Json | None:
    if draft is None or not draft.pen_is_open:
        return None
    capture = session.counter.capture
    view: Json = {
        "touched": capture.has_strokes,
        "can_redo": capture.can_redo,
        "full": capture.full,
        "target": None,
    }
    if draft.target is not None:
        place = Place(draft.target.field, draft.target.person_id)
        view |= {
            "target": {"where": str(place), "position": draft.target.position},
            "stand_in": stand_in_drawn(draft),
            "name": [character_json(c) for c in present_name(draft, place)],
            "recognised": draft.recognised,
            "sure": draft.sure,
            "asked": words(draft.asked),
            "candidates": [
                [glyph_json(name, session.counter.own_characters) for name in group]
                for group in draft.offered
            ],
        }
    return view


def _picked(draft: Draft | None) -> Json | None:
    """The name whose character was just picked, while that may be taken back."""
    if draft is None or draft.picked is None or not can_unpick(draft):
        return None
    place = Place(draft.picked.field, draft.picked.person_id)
    return {
        "where": str(place),
        "position": draft.picked.position,
        "name": [character_json(c) for c in present_name(draft, place)],
    }


def _filed(session: CounterSession, draft: Draft | None) -> Json | None:
    if draft is None or draft.filed is None:
        return None
    row = session.counter.outbox.find(draft.filed.identity)
    return {
        "reception_number": draft.filed.reception_number,
        "event_id": draft.filed.event_id,
        "sequence": draft.filed.sequence,
        "identity": draft.filed.identity.hex(),
        "receipt": None if row is None else row.state,
        "reason": None if row is None else row.reason,
    }
