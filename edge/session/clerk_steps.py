"""What the clerk does: start, identify by documents, fill in, correct, show, amend, withdraw."""

from collections.abc import Mapping
from dataclasses import replace

from edge.errors import FieldError, NoKeysError
from edge.session import naming
from edge.session.counter_session import CounterSession
from edge.session.draft import Draft
from edge.session.form import Hand, Place, fill_in, put
from edge.session.states import State, Step
from intake.event.ids import new_notification_id
from intake.event.manifest import EventKind
from intake.notification import IdentityProof, Notification, Person, Procedure, Source
from intake.notification import codec as notifications

FIRST_PERSON = "p1"
MOST_PERSONS = 30


class ClerkSteps:
    """The clerk's hand on the session; every method demands that somebody is logged in."""

    def __init__(self, session: CounterSession) -> None:
        self._session = session
        self._counter = session.counter

    def start(self, procedure: Procedure) -> None:
        """Begin a notification; refused while the disk is full or the office sent no keys."""
        self._session.allowed(Step.START)
        hand = self._hand("opened")
        self._demand_room_and_keys()
        notification = Notification(
            new_notification_id(), procedure, persons=(Person(FIRST_PERSON),)
        )
        today = self._counter.clock.today()
        notification = put(notification, Place("notified_on"), today, hand)
        self._session.move(Step.START, Draft(State.IDLE, notification))

    def resume(self, notification_id: str) -> None:
        """Open a notification that the office returned, as its next revision."""
        self._session.allowed(Step.RESUME)
        self._counter.staff_desk.demand()
        self._demand_room_and_keys()
        decision = self._counter.office.returned.get(notification_id)
        if decision is None or decision.notification is None:
            raise FieldError("This return is not known here: ask the office for the list again")
        draft = Draft(
            State.IDLE,
            notifications.decode(decision.notification),
            kind=EventKind.AMENDED,
            revision=decision.revision + 1,
            supersedes=decision.identity,
            reception_number=decision.reception_number,
            returned_reason=decision.reason,
        )
        self._session.move(Step.RESUME, draft)

    def show_documents(self, method: str, documents: tuple[str, ...]) -> None:
        """Identify by documents that the clerk has seen; only their kinds are kept."""
        draft = self._session.allowed(Step.SHOW_DOCUMENTS)
        proof = IdentityProof(method, "confirmed", documents)
        place, hand = Place("identity_proof"), self._hand("documents_seen")
        changed = put(draft.notification, place, proof, hand)
        self._session.move(Step.SHOW_DOCUMENTS, replace(draft, notification=changed))

    def fill(self, values: Mapping[str, object], *, source: Source, why: str = "") -> None:
        """Type values in, or correct them in the review; the history says who, when and why."""
        step, draft = self._editing()
        first = step is Step.FILL_IN and draft.revision == 1 and draft.taken_by is None
        hand = replace(self._hand(why), source=source, typing=first)
        changed = fill_in(draft.notification, values, hand)
        self._session.move(step, replace(draft, notification=changed))

    def add_person(self) -> str:
        """One more person who moves; gives the new person id."""
        step, draft = self._editing()
        self._counter.staff_desk.demand()
        persons = draft.notification.persons
        if len(persons) >= MOST_PERSONS:
            raise FieldError("So many persons do not fit into one notification: begin a second one")
        number = max((int(p.person_id[1:]) for p in persons), default=0) + 1
        added = Person(f"p{number}")
        changed = replace(draft.notification, persons=(*persons, added))
        self._session.move(step, replace(draft, notification=changed))
        return added.person_id

    def remove_person(self, person_id: str) -> None:
        """Take a person out of the notification."""
        step, draft = self._editing()
        self._counter.staff_desk.demand()
        rest = tuple(p for p in draft.notification.persons if p.person_id != person_id)
        if not rest:
            raise FieldError("A notification has at least one person")
        changed = replace(draft.notification, persons=rest)
        self._session.move(step, replace(draft, notification=changed))

    def aim(self, where: str, position: int) -> None:
        """Choose the character of a name that the resident shall draw."""
        self._counter.staff_desk.demand()
        step = Step.DRAW if self._session.state is State.NAMES else Step.TO_NAMES
        draft = naming.aim(self._session.allowed(step), where, position)
        self._counter.capture.open_drawing()
        self._session.move(step, draft)

    def hand_on_drawing(self) -> Hand:
        """Whose hand finds a character, in the resident's stead; demands that somebody is there."""
        return replace(self._hand("picked_by_staff"), source=Source.PEN)

    def go(self, step: Step) -> None:
        """A step that changes nothing but the state: to_fill, to_review, take_back."""
        self._counter.staff_desk.demand()
        draft = self._session.allowed(step)
        self._counter.capture.close_drawing()
        cleared = replace(
            naming.aim_nowhere(draft),
            signature_ink=None,
            card_signature=None,
            signature_waived=False,
        )
        self._session.move(step, cleared)

    def to_resident(self) -> None:
        """Show everything to the resident; BlockedFilingError while a rule blocks."""
        staff = self._counter.staff_desk.demand()
        draft = self._session.allowed(Step.TO_RESIDENT)
        self._session.refuse_blocked(draft, but="signature")
        kind = EventKind.FILED if draft.supersedes is None else EventKind.AMENDED
        shown = replace(draft, kind=kind, objection=None, taken_by=staff.staff_id)
        self._session.move(Step.TO_RESIDENT, shown)

    def amend(self) -> None:
        """Change what was just filed: its next revision."""
        draft = self._next_revision(Step.AMEND)
        self._session.move(Step.AMEND, replace(draft, kind=EventKind.AMENDED))

    def withdraw(self, reason: str) -> None:
        """Withdraw what was filed or returned; the resident confirms and signs."""
        draft = self._next_revision(Step.WITHDRAW)
        if draft.supersedes is None:
            raise FieldError("Nothing was filed yet: cancel instead")
        place, hand = Place("remarks"), self._hand("withdrawn")
        changed = put(draft.notification, place, reason.strip() or "-", hand)
        withdrawn = replace(draft, notification=changed, kind=EventKind.WITHDRAWN)
        self._session.move(Step.WITHDRAW, replace(withdrawn, taken_by=hand.who))

    def finish(self) -> None:
        """The resident leaves with the reception number."""
        self._counter.staff_desk.demand()
        self._session.end(Step.FINISH)

    def cancel(self) -> None:
        """Give the draft up; what was filed before stays filed."""
        self._counter.staff_desk.demand()
        self._session.end(Step.CANCEL)

    def _hand(self, why: str) -> Hand:
        staff = self._counter.staff_desk.demand()
        return Hand(staff.staff_id, Source.CLERK, self._counter.clock.wall_us(), why)

    def _editing(self) -> tuple[Step, Draft]:
        step = Step.CORRECT if self._session.state is State.REVIEW else Step.FILL_IN
        return step, self._session.allowed(step)

    def _demand_room_and_keys(self) -> None:
        self._counter.outbox.demand_room()
        if self._counter.office.words.keyset is None:
            raise NoKeysError("The office has sent no keys yet: connect this unit once")

    def _next_revision(self, step: Step) -> Draft:
        self._counter.staff_desk.demand()
        draft = self._session.allowed(step)
        if draft.filed is None:
            return draft
        if draft.kind is EventKind.WITHDRAWN:
            raise FieldError("It is withdrawn already: finish, and begin a new notification")
        return replace(
            draft,
            revision=draft.revision + 1,
            supersedes=draft.filed.identity,
            reception_number=draft.filed.reception_number,
            filed=None,
            signature_ink=None,
            card_signature=None,
            signature_waived=False,
        )
