"""How the question about each certificate stands, and whether a notification may be accepted."""

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.clock import iso
from hub.errors import CardRevokedError, RevocationPendingError
from hub.settings import Settings
from hub.storage.tables import CardRevocation
from intake.certificates import evidence
from intake.certificates.anchors import Purpose
from intake.certificates.outcome import CertificateCheck, CertificateReason, CheckResult
from intake.errors import IntakeError
from intake.notification import Procedure
from intake.office.environment import Environment

MOVES: Final = frozenset({Procedure.MOVE_IN, Procedure.MOVE_WITHIN, Procedure.MOVE_OUT})
_OF_A_MOVE: Final = frozenset(
    {CertificateReason.REVOKED_AFFILIATION_CHANGED, CertificateReason.REVOKED_CESSATION}
)

logger = logging.getLogger(__name__)


class RevocationState(StrEnum):
    """docs/certificates.md says of each what a reviewer does."""

    WAITING = "waiting"
    UNKNOWN = "unknown"
    NOT_REVOKED = "not_revoked"
    REVOKED = "revoked"
    REVOKED_BY_MOVE = "revoked_by_move"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class RevocationView:
    """One certificate for the page; `next_at` is when it is asked about (again)."""

    purpose: str
    state: str
    reason: str = ""
    asked_at: str = ""
    next_at: str = ""
    revoked_at: str = ""


def required(settings: Settings) -> bool:
    """Whether acceptance waits: where somebody can be asked, and in production always."""
    production = settings.office.environment is Environment.PRODUCTION
    return production or settings.revocation.configured


def certificates_in(content: bytes) -> dict[Purpose, bytes]:
    """The certificates that card evidence holds; none when it cannot be read."""
    try:
        found = evidence.decode(content)
    except IntakeError:
        return {}
    held: dict[Purpose, bytes] = {}
    if found.authentication is not None:
        held[Purpose.AUTH] = found.authentication.certificate
    if found.signature is not None:
        held[Purpose.SIGN] = found.signature.certificate
    return held


def state_of(check: CertificateCheck, purpose: Purpose, procedure: str) -> RevocationState:
    """A signing certificate dies on moving: at a move that is what is to be expected."""
    match check.result:
        case CheckResult.VALID:
            return RevocationState.NOT_REVOKED
        case CheckResult.UNKNOWN:
            return RevocationState.UNKNOWN
        case CheckResult.INVALID:
            return RevocationState.NOT_ASKED
        case CheckResult.REVOKED:
            moving = purpose is Purpose.SIGN and procedure in MOVES
            if moving and check.reason in _OF_A_MOVE:
                return RevocationState.REVOKED_BY_MOVE
            return RevocationState.REVOKED


def views(
    session: Session, settings: Settings, identity: bytes, content: bytes | None, now_us: int
) -> tuple[RevocationView, ...]:
    """One line for each certificate of an event's evidence; none where nothing is asked."""
    if content is None or not required(settings):
        return ()
    rows = _rows(session, identity)
    return tuple(
        _view(purpose, rows.get(purpose.value), now_us) for purpose in certificates_in(content)
    )


def must_be_settled(shown: tuple[RevocationView, ...]) -> None:
    """RevocationPendingError while an answer is missing, CardRevokedError when it is bad."""
    states = {one.state for one in shown}
    if RevocationState.REVOKED in states:
        raise CardRevokedError("a certificate of the card was withdrawn; return the notification")
    if states & {RevocationState.WAITING, RevocationState.UNKNOWN}:
        raise RevocationPendingError("the answer about revocation is not in yet; wait for it")


def blocks(shown: tuple[RevocationView, ...]) -> str | None:
    """The code of the error that accepting would give, None when revocation allows it."""
    try:
        must_be_settled(shown)
    except (CardRevokedError, RevocationPendingError) as error:
        return error.code
    return None


def _rows(session: Session, identity: bytes) -> dict[str, CardRevocation]:
    found = session.scalars(select(CardRevocation).where(CardRevocation.identity == identity))
    return {row.purpose: row for row in found}


def _view(purpose: Purpose, row: CardRevocation | None, now_us: int) -> RevocationView:
    if row is None:
        return RevocationView(purpose.value, RevocationState.WAITING.value)
    state = row.state
    over = row.holds_until_us is not None and row.holds_until_us < now_us
    if state == RevocationState.NOT_REVOKED and over:
        state = RevocationState.WAITING.value  # a newer answer is due, and is asked for
    return RevocationView(
        purpose=purpose.value,
        state=state,
        reason=row.reason,
        asked_at=iso(row.asked_us),
        next_at=iso(row.next_us) if row.next_us else "",
        revoked_at=iso(row.revoked_us) if row.revoked_us else "",
    )
