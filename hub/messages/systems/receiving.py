"""Messages that a core system hands in: signed by the office, accepted once, sent or held.

The hub signs what it accepts: a resident sees one sender, whichever system wrote the text.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.systems import CoreSystem, Scope
from hub.clock import JAPAN
from hub.errors import BadRequestError, ConflictError, DeliveryConflictError, HubError
from hub.messages.delivery.accepting import accept
from hub.messages.delivery.advancing import set_due, set_state
from hub.messages.delivery.outgoing import Outgoing
from hub.messages.delivery.rules import say
from hub.messages.delivery.states import HoldReason, MessageState
from hub.messages.message.content import Content
from hub.messages.message.contents import recipient
from hub.messages.message.errors import MessageRefusedError
from hub.messages.message.to_xml import tree
from hub.messages.sending.outbound import outgoing
from hub.messages.systems.asking import Found
from hub.office import Office
from hub.storage.tables import Message, SystemMessage


class ReferenceConflictError(ConflictError):
    """The system used this reference for another message."""

    code = "reference_conflict"


@dataclass(frozen=True)
class HandedIn:
    """A message as it was taken in; `new` is false when it was known before."""

    found: Found
    new: bool


def take(
    office: Office, system: CoreSystem, given: Sequence[tuple[Content, str | None]]
) -> list[HandedIn | HubError]:
    """Accept messages, each with the system's reference, in one transaction.

    A message that is known already gives the same one again; one that cannot be taken gives its
    MessageRefusedError, ReferenceConflictError or DeliveryConflictError, and the others are taken.
    They wait for a sender unless the system has the scope messages:send.
    """
    made = [_made(office, content) for content, _ in given]
    with office.database.writing() as session:
        found = [
            one if isinstance(one, HubError) else _accepted(session, office, system, one, reference)
            for one, (_, reference) in zip(made, given, strict=True)
        ]
    if any(isinstance(one, HandedIn) and one.new for one in found):
        office.live.say("messages")
    return found


@dataclass(frozen=True)
class _Made:
    outgoing: Outgoing
    digest: bytes


def _made(office: Office, content: Content) -> _Made | HubError:
    """A message signed, before any transaction is begun."""
    to = content.recipient
    spelt = replace(content, recipient=recipient(to.atena_no, to.name, to.kana))
    begin = _begin(content.not_before)
    try:
        signed = outgoing(spelt, office.ring.message_key(), not_before_us=begin)
    except MessageRefusedError as error:
        return error
    return _Made(signed, content_digest(content))


def _accepted(
    session: Session, office: Office, system: CoreSystem, made: _Made, reference: str | None
) -> HandedIn | HubError:
    try:
        return _accept(session, office, system, made, reference)
    except (
        BadRequestError,
        ConflictError,
    ) as error:  # raised before anything of this message was written
        return error


def _accept(
    session: Session, office: Office, system: CoreSystem, made: _Made, reference: str | None
) -> HandedIn:
    known = _known(session, system.name, reference, made.digest)
    if known is not None:
        return HandedIn(Found(session.get_one(Message, known), reference), new=False)
    now = office.clock()
    accepted = accept(session, made.outgoing, system.actor, now)
    message = session.get_one(Message, accepted.number)
    if not accepted.new:
        reference = _same(session, system.name, message.number, made.digest, reference)
        return HandedIn(Found(message, reference), new=False)
    session.add(
        SystemMessage(
            system=system.name,
            message=message.number,
            reference=reference,
            given_sha256=made.digest,
            received_us=now,
        )
    )
    if not system.may(Scope.MESSAGES_SEND):
        set_state(message, MessageState.HELD, now, HoldReason.PREPARED)
        set_due(message, None, now)
        say(session, message, MessageState.HELD, now, detail=HoldReason.PREPARED)
    return HandedIn(Found(message, reference), new=True)


def content_digest(content: Content) -> bytes:
    """What a system said, files too, whenever and under whatever id it wrote it."""
    stamp = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    root = tree(replace(content, message_id=str(uuid.UUID(int=0)), created=stamp))
    return hashlib.sha256(etree.tostring(root, method="c14n")).digest()


def _known(session: Session, system: str, reference: str | None, digest: bytes) -> int | None:
    if reference is None:
        return None
    row = session.scalar(
        select(SystemMessage).where(
            SystemMessage.system == system, SystemMessage.reference == reference
        )
    )
    if row is None:
        return None
    if row.given_sha256 != digest:
        raise ReferenceConflictError("this reference stands for another message")
    return row.message


def _same(
    session: Session, system: str, number: int, digest: bytes, reference: str | None
) -> str | None:
    """The reference of a message that is known by its delivery key, when it is this very one."""
    row = session.scalar(
        select(SystemMessage).where(SystemMessage.system == system, SystemMessage.message == number)
    )
    if row is None or row.given_sha256 != digest:
        raise DeliveryConflictError("this delivery was accepted with other content")
    if reference is not None and row.reference is not None:
        raise ReferenceConflictError("this message is known under another reference")
    if reference is not None:
        row.reference = reference
    return row.reference


def _begin(day: dt.date | None) -> int | None:
    """When a day begins in Japan."""
    if day is None:
        return None
    return int(dt.datetime.combine(day, dt.time(), JAPAN).timestamp()) * 1_000_000
