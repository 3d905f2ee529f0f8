"""The ledger: each hand-over once, what letters cost, what the others saved, what came back."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

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


def paper_channels(rules: Rules) -> frozenset[str]:
    """The names of the channels that print."""
    return frozenset(name for name, traits in rules.traits.items() if traits.paper)


def yen(column: InstrumentedAttribute[int], paper: Collection[str]) -> ColumnElement[int]:
    """What a line adds to a sum. paper: the names of the channels with paper.

    A line stays as it was written, but one message saves one letter at most, and none when it went
    by letter after all: of its lines without paper only the last one counts, if no letter went.
    """
    other = aliased(MessageLedger)
    overtaken = (
        select(other.number)
        .where(
            other.message == MessageLedger.message,
            other.what == SENT,
            or_(other.channel.in_(paper), other.number > MessageLedger.number),
        )
        .correlate(MessageLedger)
        .exists()
    )
    saves = and_(MessageLedger.what == SENT, MessageLedger.channel.not_in(paper))
    return case((and_(saves, overtaken), 0), else_=column)


def sums(session: Session, rules: Rules, batch: str | None = None) -> tuple[Line, ...]:
    """The ledger by channel, of one batch or of all."""
    paper = paper_channels(rules)
    statement = select(
        MessageLedger.channel,
        MessageLedger.what,
        func.count(),
        func.sum(yen(MessageLedger.postage_yen, paper)),
        func.sum(yen(MessageLedger.print_yen, paper)),
    )
    if batch is not None:
        statement = statement.where(MessageLedger.batch == batch)
    rows = session.execute(
        statement.group_by(MessageLedger.channel, MessageLedger.what).order_by(
            MessageLedger.channel, MessageLedger.what
        )
    )
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
