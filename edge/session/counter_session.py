"""The counter session: the draft of this counter, moved only along the table and kept on disk.

What clerk and resident may do is in `clerk_steps` and `resident_steps`; nothing here knows of HTTP.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Final

from drivers.card_reader.card_reading import CardReading
from edge.capture import Capture
from edge.characters_of_office import OwnCharacters
from edge.drafts import DraftStore
from edge.errors import BlockedFilingError, DraftError, ForbiddenStepError
from edge.office import Office
from edge.outbox import Outbox
from edge.session import draft as drafts
from edge.session.card_desk import CardDesk
from edge.session.draft import Draft, Filed
from edge.session.recognition import Recognition
from edge.session.states import State, Step, next_state
from edge.staff_desk import StaffDesk
from edge.unit import Unit
from edge.unit_clock import UnitClock
from intake.errors import IntakeError
from intake.event.manifest import EventKind
from intake.notification import Notification, Procedure
from intake.notification.needs import Needs
from intake.notification.rules import Finding, Severity, check
from intake.notification.rules import State as FindingState

log = logging.getLogger(__name__)
DRAFT = "session"
_FOUND: Final = ("offered", "recognised", "sure")


@dataclass(frozen=True)
class Counter:
    """Everything a session needs at its counter."""

    unit: Unit
    clock: UnitClock
    outbox: Outbox
    office: Office
    drafts: DraftStore
    capture: Capture
    recognition: Recognition
    own_characters: OwnCharacters
    card_desk: CardDesk
    staff_desk: StaffDesk
    filed: Callable[[bytes], None]  # told the identity of each row as it is filed


class CounterSession:
    """The one session of this counter. `on_change` is called after every change of the draft."""

    def __init__(self, counter: Counter, on_change: Callable[[], None]) -> None:
        self.counter = counter
        self.busy = asyncio.Lock()  # held by the steps that wait: card, recognition, filing
        self.allow_last_try = False  # the clerk lets the next reading use the last PIN try
        self.held_reading: CardReading | None = None  # with the face, until it was compared
        self._on_change = on_change
        self._draft: Draft | None = None
        self._held = False  # while it is being filed nothing else happens to the draft
        self.version = 0  # counts the changes of the draft, so that a page can tell it is behind

    @property
    def state(self) -> State:
        """Where the session stands."""
        return State.IDLE if self._draft is None else self._draft.state

    @property
    def draft(self) -> Draft | None:
        """The notification under way; None when idle."""
        return self._draft

    @property
    def wants_card(self) -> bool:
        """Whether a card that is put on now is for this session."""
        draft = self._draft
        return self.state is State.IDENTIFY or (draft is not None and self._signs_now(draft))

    @property
    def card_step(self) -> Step:
        """The step that a reading of the card is now; in other states READ_CARD, as refused."""
        draft = self._draft
        return Step.SIGN if draft is not None and self._signs_now(draft) else Step.READ_CARD

    def signs_by_card(self, draft: Draft) -> bool:
        """Whether the office has this procedure signed with the card as well as with the pen."""
        signed = self.counter.card_desk.policy.signed
        return draft.notification.procedure in signed and draft.kind is not EventKind.WITHDRAWN

    def _signs_now(self, draft: Draft) -> bool:
        return draft.state is State.SIGN and self.signs_by_card(draft)

    def put_face_away(self) -> None:
        """Forget the photograph and all else that a reading holds; none of it is on disk."""
        self.held_reading = None

    def restore(self) -> None:
        """Go on with the draft that an ended process left on disk."""
        try:
            data = self.counter.drafts.get(DRAFT)
            self._draft = None if data is None else drafts.decode(data)
        except (DraftError, IntakeError):
            log.exception("the draft on disk cannot be opened; beginning idle")
            self.counter.drafts.remove(DRAFT)
        if self._draft is not None and self._draft.state is State.SIGN:
            self._draft = self._filed_already(self._draft)
        if self._draft is not None and self._draft.pen_is_open:
            self.counter.capture.recover_drawing()
        self._on_change()

    def allowed(self, step: Step) -> Draft:
        """The draft, if the table has `step` for its state; an empty one when idle.

        Raises ForbiddenStepError otherwise, and for every step while the draft is being filed.
        """
        if self._held:
            raise ForbiddenStepError("The notification is being filed: wait for its number")
        next_state(self.state, step)
        return self._draft or Draft(State.IDLE, Notification("", Procedure.MOVE_IN))

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Refuse every step meanwhile: what is being filed is neither cancelled nor taken back."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def move(self, step: Step, draft: Draft) -> None:
        """Make `draft` the draft, in the state that `step` leads to, and write it to disk.

        Candidates alone are not written: after a restart they are found again, and nobody who
        writes waits for the disk at each stroke.
        """
        moved = draft.at(next_state(self.state, step))
        if not _differs_only(self._draft, moved, *_FOUND):
            self._write(moved)
        if not _differs_only(self._draft, moved, *_FOUND, "asked"):
            self.version += 1
        self._draft = moved
        if moved.state is not State.IDENTIFY:
            self.put_face_away()
            self.allow_last_try = self.allow_last_try and self._signs_now(moved)
        log.info("session step", extra={"step": step, "state": moved.state})
        self._on_change()

    def _write(self, draft: Draft) -> None:
        try:
            self.counter.drafts.put(DRAFT, drafts.encode(draft))
        except OSError:
            log.exception("the draft could not be written; it lives in this process only")

    def end(self, step: Step) -> None:
        """Leave the draft behind: finished or cancelled."""
        self.allowed(step)
        self.counter.capture.close_drawing()
        self.counter.drafts.remove(DRAFT)
        self._draft = None
        self.version += 1
        self.allow_last_try = False
        self.put_face_away()
        log.info("session step", extra={"step": step, "state": State.IDLE})
        self._on_change()

    def _filed_already(self, draft: Draft) -> Draft:
        """The draft as filed, if the process died between the outbox and the draft's last step."""
        row = self.counter.outbox.find_revision(draft.notification.notification_id, draft.revision)
        if row is None:
            return draft
        filed = Filed(row.identity, row.event_id, row.reception_number, row.sequence)
        return replace(draft, state=State.FILED, filed=filed)

    def findings(self, draft: Draft | None = None) -> tuple[Finding, ...]:
        """What the rules find in `draft`, or in the draft as it is now."""
        draft = draft or self._draft
        if draft is None:
            return ()
        clock = self.counter.clock
        today = clock.today() if clock.trusted_us() is not None else None
        return check(draft.notification, Needs(self.counter.unit.office, today))

    def refuse_blocked(self, draft: Draft, but: str = "") -> None:
        """BlockedFilingError while a rule blocks at any place other than `but`."""
        for finding in self.findings(draft):
            blocks = finding.severity is Severity.BLOCK and finding.state is FindingState.FOUND
            if blocks and finding.where != but:
                raise BlockedFilingError(f"Rule {finding.rule_id} blocks: {finding.message_en}")


def _differs_only(before: Draft | None, after: Draft, *names: str) -> bool:
    """Whether nothing but these fields changed.

    Candidates come anew after each stroke and condition; a glyph that was tapped meanwhile names
    itself, and is refused only when it is no longer offered: the page is not behind.
    """
    if before is None:
        return False
    return replace(before, **{name: getattr(after, name) for name in names}) == after
