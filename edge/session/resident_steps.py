"""What the resident does: draw and pick, confirm or object, sign and file."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace

from edge.characters_of_office.filed import confirmed_drawings
from edge.errors import FieldError, NoKeysError
from edge.session import naming
from edge.session.card_evidence import evidence_of
from edge.session.counter_session import CounterSession
from edge.session.draft import Draft, Filed
from edge.session.form import RESIDENT, Hand, Place, put
from edge.session.sealing import Filing, file_event
from edge.session.states import State, Step
from edge.staff_desk import LOGIN_METHOD
from intake.event.manifest import EventKind, PartName, Staff
from intake.ink import log as ink_log
from intake.ink import name_drawings
from intake.notification import Signature, Source, content_digest
from intake.notification import codec as notifications

log = logging.getLogger(__name__)


class ResidentSteps:
    """The resident's hand on the session."""

    def __init__(self, session: CounterSession) -> None:
        self._session = session
        self._counter = session.counter

    def draw_again(self) -> None:
        """Clear the drawing, of a character or of the signature."""
        step = Step.SIGN if self._session.state is State.SIGN else Step.DRAW
        draft = self._session.allowed(step)
        self._counter.capture.open_drawing()
        self._session.move(step, naming.forget_offer(draft))

    def undo_stroke(self) -> None:
        """Take the last stroke back; candidates stay until the drawing is looked at again."""
        self._redrawn(self._counter.capture.undo_stroke)

    def redo_stroke(self) -> None:
        """Put the stroke back that was taken last."""
        self._redrawn(self._counter.capture.redo_stroke)

    def _redrawn(self, change: Callable[[], None]) -> None:
        step = Step.SIGN if self._session.state is State.SIGN else Step.DRAW
        draft = self._session.allowed(step)
        change()
        if not self._counter.capture.has_strokes:
            draft = naming.forget_offer(draft)
        self._session.move(step, draft)

    def confirm(self) -> None:
        """The resident has read everything and agrees; the pen is open for the signature."""
        draft = self._session.allowed(Step.CONFIRM)
        self._counter.capture.open_drawing()
        self._session.move(Step.CONFIRM, draft)

    def object_to(self, what: str) -> None:
        """The resident says that something is not right."""
        draft = self._session.allowed(Step.OBJECT)
        self._session.move(Step.OBJECT, replace(draft, objection=what.strip()[:500] or "-"))

    async def file(self) -> None:
        """Seal and file; on return the reception number is on disk and may be shown."""
        session, counter = self._session, self._counter
        async with session.busy:
            draft = session.allowed(Step.FILE)
            ink = counter.capture.ink()
            if ink is None:
                raise FieldError("The signature is missing: sign with the pen", code="no_signature")
            self._refuse_unsigned_by_card(draft)
            signed = self._signed(draft, ink_log.encode(ink))
            if draft.kind is not EventKind.WITHDRAWN:
                session.refuse_blocked(signed)
            with session.held():
                filed = await asyncio.to_thread(self._file, signed)
            counter.capture.close_drawing()
            session.move(Step.FILE, replace(signed, filed=filed))
            counter.office.returned.settle(draft.notification.notification_id)
            counter.filed(filed.identity)
            counter.own_characters.filed(confirmed_drawings(signed))

    def _refuse_unsigned_by_card(self, draft: Draft) -> None:
        use = draft.card_signature
        signed = draft.signature_waived or (use is not None and use.evidence is not None)
        if self._session.signs_by_card(draft) and not signed:
            raise FieldError(
                "The card's signature is missing: sign with the card", code="no_card_signature"
            )

    def hand_on_drawing(self) -> Hand:
        """Whose hand finds a character."""
        return self._hand(Source.PEN, "drawn")

    def _hand(self, source: Source, why: str) -> Hand:
        return Hand(RESIDENT, source, self._counter.clock.wall_us(), why)

    def _signed(self, draft: Draft, ink: bytes) -> Draft:
        signature = Signature(hashlib.sha256(ink).digest(), content_digest(draft.notification))
        hand = self._hand(Source.PEN, "signed")
        changed = put(draft.notification, Place("signature"), signature, hand)
        return replace(draft, notification=changed, signature_ink=ink)

    def _file(self, draft: Draft) -> Filed:
        counter = self._counter
        keyset = counter.office.words.keyset
        if keyset is None:
            raise NoKeysError("The office has sent no keys yet: connect this unit once")
        assert draft.taken_by is not None, "nothing is signed that no clerk has shown"
        filing = Filing(
            kind=draft.kind,
            notification_id=draft.notification.notification_id,
            procedure=draft.notification.procedure,
            revision=draft.revision,
            supersedes=draft.supersedes,
            reception_number=draft.reception_number,
            staff=Staff(draft.taken_by, LOGIN_METHOD),
            parts=_contents(draft),
            sealed=() if draft.number is None else (draft.number,),
        )
        row = file_event(
            filing, unit=counter.unit, keyset=keyset, clock=counter.clock, outbox=counter.outbox
        )
        return Filed(row.identity, row.event_id, row.reception_number, row.sequence)


def _contents(draft: Draft) -> dict[PartName, bytes]:
    parts = {PartName.NOTIFICATION: notifications.encode(draft.notification)}
    if draft.drawings:
        parts[PartName.NAME_INK] = name_drawings.encode(draft.drawings)
    if draft.signature_ink is not None:
        parts[PartName.SIGNATURE_INK] = draft.signature_ink
    if (evidence := evidence_of(draft)) is not None:
        parts[PartName.CARD_EVIDENCE] = evidence
    return parts
