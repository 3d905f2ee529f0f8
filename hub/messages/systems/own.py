"""Which messages and batches are a core system's own: it sees no others, nor that there are any."""

from sqlalchemy import ColumnElement, String, cast, or_, select
from sqlalchemy.orm import Session

from hub.errors import NotFoundError
from hub.storage.tables import DocumentBatch, Message, SystemBatch, SystemMessage


def own_messages(system: str) -> ColumnElement[bool]:
    """The condition on `Message`: handed in as XML, or made of a batch that was."""
    given = select(SystemMessage.message).where(SystemMessage.system == system)
    batches = select(cast(SystemBatch.batch, String)).where(SystemBatch.system == system)
    return or_(Message.number.in_(given), Message.batch.in_(batches))


def message(session: Session, system: str, message_id: str) -> Message:
    """A message of this system; NotFoundError for any other."""
    found = session.scalar(
        select(Message).where(Message.message_id == message_id, own_messages(system))
    )
    if found is None:
        raise NotFoundError("this system handed in no such message")
    return found


def batch(session: Session, system: str, number: str) -> DocumentBatch:
    """A batch of this system; NotFoundError for any other."""
    wanted = int(number) if number.isdecimal() and len(number) < 19 else 0
    own = session.get(SystemBatch, wanted)
    if own is None or own.system != system:
        raise NotFoundError("this system handed in no such batch")
    return session.get_one(DocumentBatch, wanted)


def references(session: Session, system: str, numbers: list[int]) -> dict[int, str]:
    """The system's own reference of messages, by their number, where it gave one."""
    rows = session.execute(
        select(SystemMessage.message, SystemMessage.reference).where(
            SystemMessage.system == system, SystemMessage.message.in_(numbers)
        )
    )
    return {number: reference for number, reference in rows if reference is not None}
