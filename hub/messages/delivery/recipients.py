"""How one resident may be reached now: registered channels, wishes, protection, postal address."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.clock import JAPAN, instant
from hub.messages.channels.channel import PostalAddress
from hub.messages.delivery.resident_key import keys_of, resident_of
from hub.register.names import read_name
from hub.storage.tables import (
    Household,
    MessageRecipient,
    MessageRegistration,
    MessageSuppression,
    Resident,
)

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class Way:
    """A registered channel that may be used, and the address in it."""

    channel: str
    address: str = field(repr=False)
    released: bool


@dataclass(frozen=True)
class Reach:
    """One resident. ways: opted in and not suppressed, the first to be tried first.

    quiet: minutes of the day in Japan between which nothing rings, or None.
    """

    ways: tuple[Way, ...]
    postal: PostalAddress | None = field(default=None, repr=False)
    protected: bool = False
    language: str = "ja"
    large_print: bool = False
    quiet: tuple[int, int] | None = None

    def way(self, channel: str) -> Way | None:
        """The registered way by `channel`, if there is one that may be used."""
        usable = (way for way in self.ways if way.released or not self.protected)
        return next((way for way in usable if way.channel == channel), None)

    def quiet_until_us(self, now_us: int) -> int | None:
        """The end of the quiet hours that `now_us` lies in."""
        if self.quiet is None or self.quiet[0] == self.quiet[1]:
            return None
        start, end = self.quiet
        local = instant(now_us).astimezone(JAPAN)
        minute = local.hour * 60 + local.minute
        inside = start <= minute < end if start < end else minute >= start or minute < end
        if not inside:
            return None
        left = (end - minute) % MINUTES_A_DAY
        ends = local.replace(second=0, microsecond=0) + dt.timedelta(minutes=left)
        return int(ends.timestamp() * 1_000_000)


def address_hash(address: str) -> bytes:
    """What a suppression list keeps of an address."""
    return hashlib.sha256(address.strip().casefold().encode("utf-8", "surrogatepass")).digest()


def reach(session: Session, atena_no: str) -> Reach:
    """How the resident may be reached; without any registration only by letter."""
    resident = resident_of(session, atena_no)
    keys = (atena_no,) if resident is None else keys_of(session, resident.resident_id)
    found = (session.get(MessageRecipient, key) for key in keys)
    wishes = next((row for row in found if row is not None), None)
    protected = _protected(session, resident) or bool(wishes and wishes.protected)
    postal = _registered(session, resident) if resident else _given(wishes)
    ways = _ways(session, keys)
    if wishes is None:
        return Reach(ways, postal, protected)
    quiet = (wishes.quiet_from, wishes.quiet_until)
    return Reach(
        ways,
        postal,
        protected,
        wishes.language,
        wishes.large_print,
        None if quiet[0] is None or quiet[1] is None else (quiet[0], quiet[1]),
    )


def _ways(session: Session, keys: Sequence[str]) -> tuple[Way, ...]:
    rows: Sequence[MessageRegistration] = session.scalars(
        select(MessageRegistration)
        .where(MessageRegistration.atena_no.in_(keys), MessageRegistration.opted_in)
        .order_by(MessageRegistration.rank, MessageRegistration.channel)
    ).all()
    return tuple(
        Way(row.channel, row.address, row.released_by is not None)
        for row in rows
        if session.get(MessageSuppression, (row.channel, address_hash(row.address))) is None
    )


def _protected(session: Session, resident: Resident | None) -> bool:
    """The flagged and their households, as everywhere else (hub/review/access.py)."""
    if resident is None:
        return False
    home = select(Resident.protected).where(Resident.household_id == resident.household_id)
    return any(session.scalars(home))


def _registered(session: Session, resident: Resident) -> PostalAddress | None:
    lines = _lines(session, resident)
    if not lines:
        return None
    return PostalAddress("", lines, resident.name_plain, read_name(session, resident.resident_id))


def _lines(session: Session, resident: Resident) -> tuple[str, ...]:
    """Where the resident lives; of somebody who moved out where they said they go."""
    if resident.moved_out_on:
        return tuple(part for part in resident.moved_out_to.split("\u3000") if part)
    household = session.get(Household, resident.household_id)
    if household is None or not household.town:
        return ()
    street = f"{household.prefecture_city}{household.town}{household.lot}"
    return (street, household.building) if household.building else (street,)


def _given(wishes: MessageRecipient | None) -> PostalAddress | None:
    if wishes is None or not wishes.address:
        return None
    postal_code, *lines = wishes.address.split("\n")
    return PostalAddress(postal_code, tuple(lines), wishes.name)
