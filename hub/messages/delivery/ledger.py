"""The ledger: each hand-over once, what letters cost, what the others saved, what came back."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.messages.channels.channel import Handed
from hub.messages.delivery.rules import Case, Rules
from hub.storage.tables import Message, MessageLedger

SENT: Final = "sent"
RETURNED: Final = "returned"
LETTER_PAGES: Final = 2
"""Sheets that a message handed over without paper is taken to have saved."""


@dataclass(frozen=True)
class Line:
    """A sum over a batch or the whole office. Yen of letters are spent, of the others saved."""

    channel: str
    what: str
    count: int
    postage_yen: int
    print_yen: int
    paper: bool


def write_sent(case: Case, handed: Handed) -> None:
    """One line for one hand-over, never a second one (docs/delivery.md, exactly once)."""
    message, dispatch = case.message, case.dispatch
    if _known(case.session, message, dispatch.channel, SENT):
        return
    pages = handed.pages or LETTER_PAGES
    cost = case.rules.tariff.cost(pages, case.now_us)
    case.session.add(
        MessageLedger(
            message=message.number,
            batch=message.batch,
            channel=dispatch.channel,
            what=SENT,
            pages=pages,
            postage_yen=cost.postage_yen,
            print_yen=cost.print_yen,
            tariff=cost.tariff,
            time_us=case.now_us,
        )
    )


def write_returned(session: Session, message: Message, channel: str, now_us: int) -> bool:
    """A letter came back; false when that was noted before."""
    if _known(session, message, channel, RETURNED):
        return False
    session.add(
        MessageLedger(
            message=message.number,
            batch=message.batch,
            channel=channel,
            what=RETURNED,
            pages=0,
            postage_yen=0,
            print_yen=0,
            tariff="",
            time_us=now_us,
        )
    )
    return True


def sums(session: Session, rules: Rules, batch: str | None = None) -> tuple[Line, ...]:
    """The ledger by channel, of one batch or of all."""
    statement = select(
        MessageLedger.channel,
        MessageLedger.what,
        func.count(),
        func.sum(MessageLedger.postage_yen),
        func.sum(MessageLedger.print_yen),
    )
    if batch is not None:
        statement = statement.where(MessageLedger.batch == batch)
    rows = session.execute(
        statement.group_by(MessageLedger.channel, MessageLedger.what).order_by(
            MessageLedger.channel, MessageLedger.what
        )
    )
    paper = {name for name, traits in rules.traits.items() if traits.paper}
    return tuple(Line(c, w, n, int(p), int(y), c in paper) for c, w, n, p, y in rows)


def _known(session: Session, message: Message, channel: str, what: str) -> bool:
    session.flush()
    found = session.scalar(
        select(MessageLedger.number).where(
            MessageLedger.message == message.number,
            MessageLedger.channel == channel,
            MessageLedger.what == what,
        )
    )
    return found is not None
