"""A thread that asks about the certificates behind the notifications that wait for a decision."""

import logging
import threading
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms import AlarmKind, raise_alarm
from hub.clock import instant
from hub.errors import HubError
from hub.log.entry import SYSTEM, EntryKind
from hub.office import Office
from hub.review.events import open_one
from hub.review.filing import FilingState
from hub.review.proof import load_anchors
from hub.revocation.gateway import Subject
from hub.revocation.states import RevocationState, certificates_in, required, state_of
from hub.storage.tables import CardRevocation, Filing, IntakePart
from intake.certificates import evidence
from intake.certificates.anchors import Purpose, accepted_hierarchies
from intake.certificates.outcome import CertificateCheck, CertificateReason
from intake.errors import IntakeError
from intake.event.manifest import PartName

TICK_S: Final = 1.0
AFTER_TROUBLE_S: Final = 10.0
"""Pause when the anchors or the database cannot be read, so that the log is not flooded."""
HOUR_US: Final = 3600 * 1_000_000
ALARM_AFTER: Final = 3
"""Questions without a usable answer before the operator is told."""

logger = logging.getLogger(__name__)


class Asker:
    """Asks once an event is filed, again when there was no answer or a newer one is due."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._fetched_us = 0
        self._thread = threading.Thread(target=self._run, name="revocation", daemon=True)

    def start(self) -> None:
        """Start the thread; it does nothing where nobody is to be asked."""
        if required(self._office.settings):
            self._thread.start()

    def stop(self) -> None:
        """End the thread after the question at hand."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(2 * self._office.settings.revocation.timeout_seconds + 1)

    def wake(self) -> None:
        """Something was filed: look now."""
        self._wake.set()

    def run_once(self) -> int:
        """Ask about everything that is due; returns how many questions that were."""
        due = self._due()
        if due or self._office.clock() - self._fetched_us > HOUR_US:
            self._fetch()
        for identity, notification_id, procedure in due:
            self._ask(identity, notification_id, procedure)
        return len(due)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(TICK_S)
            self._wake.clear()
            try:
                self.run_once()
            except (HubError, IntakeError, OSError) as error:
                logger.warning("revocation: %s", error)
                self._stopping.wait(AFTER_TROUBLE_S)
            except Exception:
                # Without this thread nothing with a card would ever be accepted again.
                logger.exception("revocation")

    def _due(self) -> list[tuple[bytes, str, str]]:
        now = self._office.clock()
        with self._office.database.reading() as session:
            waiting = session.scalars(
                select(Filing)
                .join(IntakePart, IntakePart.identity == Filing.identity)
                .where(
                    Filing.state == FilingState.WAITING.value,
                    IntakePart.name == PartName.CARD_EVIDENCE.value,
                )
            ).all()
            return [
                (filing.identity, filing.notification_id, filing.procedure)
                for filing in waiting
                if _is_due(session, filing.identity, now)
            ]

    def _fetch(self) -> None:
        now = self._office.clock()
        again_us = int(self._office.settings.revocation.again_seconds * 1_000_000)
        if now - self._fetched_us < again_us:
            return
        self._fetched_us = now
        try:
            self._office.gateway.lists.fetch()
        except HubError as error:
            logger.warning("%s", error)

    def _ask(self, identity: bytes, notification_id: str, procedure: str) -> None:
        office = self._office
        with office.database.reading() as session:
            content = open_one(session, office.ring, identity, PartName.CARD_EVIDENCE)
            rows = {
                row.purpose: row.attempts
                for row in session.scalars(
                    select(CardRevocation).where(CardRevocation.identity == identity)
                )
            }
        held = {} if content is None else certificates_in(content)
        if not held or content is None:
            self._keep(_nothing(identity, notification_id, office.clock()), changed=False)
            return
        read_at = instant(evidence.decode(content).read_at_us)
        for purpose, der in held.items():
            subject = Subject(
                der,
                purpose,
                read_at,
                load_anchors(office.settings),
                accepted_hierarchies(office.settings.office.environment),
            )
            check = office.gateway.ask(subject, instant(office.clock()))
            row = self._row(identity, notification_id, purpose, check, rows.get(purpose, 0) + 1)
            row.state = state_of(check, purpose, procedure).value
            row.next_us = self._next(row)
            self._keep(row)

    def _row(
        self,
        identity: bytes,
        notification_id: str,
        purpose: Purpose,
        check: CertificateCheck,
        attempts: int,
    ) -> CardRevocation:
        until, revoked = check.holds_until, check.revoked_at
        return CardRevocation(
            identity=identity,
            purpose=purpose.value,
            notification_id=notification_id,
            reason=check.reason.value,
            attempts=attempts,
            asked_us=self._office.clock(),
            holds_until_us=int(until.timestamp() * 1_000_000) if until else None,
            revoked_us=int(revoked.timestamp() * 1_000_000) if revoked else None,
        )

    def _next(self, row: CardRevocation) -> int | None:
        """When to ask again: soon without an answer, when a newer one is due, or never."""
        match row.state:
            case RevocationState.UNKNOWN:
                again_us = int(self._office.settings.revocation.again_seconds * 1_000_000)
                return row.asked_us + min(again_us << min(row.attempts - 1, 12), HOUR_US)
            case RevocationState.NOT_REVOKED:
                return row.holds_until_us
            case RevocationState.NOT_ASKED:
                return row.asked_us + HOUR_US  # the operator may have replaced the anchors
            case _:
                held = row.reason == CertificateReason.REVOKED_ON_HOLD
                return row.holds_until_us if held else None

    def _keep(self, row: CardRevocation, *, changed: bool = True) -> None:
        """Store the answer; a new one becomes an entry of the log."""
        office = self._office
        with office.journal.appending() as append:
            session = append.session
            held = session.get(CardRevocation, (row.identity, row.purpose))
            new = held is None or (held.state, held.reason) != (row.state, row.reason)
            if changed and new:
                body = {
                    "identity": row.identity,
                    "purpose": row.purpose,
                    "state": row.state,
                    "reason": row.reason,
                }
                append.office(EntryKind.REVOCATION, SYSTEM, body)
            if row.state == RevocationState.UNKNOWN and row.attempts == ALARM_AFTER:
                raise_alarm(session, AlarmKind.REVOCATION, "", append.time_us)
            session.merge(row)
        if new:
            office.live.say("queue")


def _is_due(session: Session, identity: bytes, now_us: int) -> bool:
    rows = session.scalars(select(CardRevocation).where(CardRevocation.identity == identity)).all()
    return not rows or any(row.next_us is not None and row.next_us <= now_us for row in rows)


def _nothing(identity: bytes, notification_id: str, now_us: int) -> CardRevocation:
    """The mark of evidence that holds no certificate, so that it is not opened again."""
    return CardRevocation(
        identity=identity,
        purpose="none",
        notification_id=notification_id,
        state=RevocationState.NOT_ASKED.value,
        reason="",
        attempts=0,
        asked_us=now_us,
    )
