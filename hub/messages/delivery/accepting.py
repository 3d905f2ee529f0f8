"""Taking a message in: after this it is in the database and will be delivered or shown as stuck."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.clock import now_us
from hub.errors import BadRequestError, DeliveryConflictError
from hub.messages.delivery.outgoing import LONGEST_TITLE, Outgoing
from hub.messages.delivery.states import MessageState
from hub.storage.tables import Message, MessageContent, MessageEvent


@dataclass(frozen=True)
class Accepted:
    """The message under which a delivery is known; `new` is false when it was known before."""

    number: int
    message_id: str
    state: MessageState
    new: bool


def accept(
    session: Session, outgoing: Outgoing, actor: str, time_us: int | None = None
) -> Accepted:
    """Store a message for delivery, once: the same delivery key gives the same message again.

    `session` is a writing one (`Database.writing` or an Append's); the message is accepted when it
    commits. BadRequestError for a field that is empty or too long; DeliveryConflictError when the
    same document number was accepted with another text.
    """
    _check(outgoing)
    known = session.scalar(select(Message).where(Message.key_sha256 == outgoing.key))
    if known is not None:
        if known.text_sha256 != outgoing.text_sha256:
            raise DeliveryConflictError(
                "a message with this document number was accepted with another text; give the "
                "correction a number of its own"
            )
        return Accepted(known.number, known.message_id, MessageState(known.state), new=False)
    time = now_us() if time_us is None else time_us
    row = _row(outgoing, actor, time)
    session.add(row)
    session.flush()
    session.add(MessageContent(message=row.number, content=outgoing.content))
    session.add(MessageEvent(message=row.number, time_us=time, what="accepted", actor=actor))
    return Accepted(row.number, row.message_id, MessageState.CREATED, new=True)


def _row(outgoing: Outgoing, actor: str, time_us: int) -> Message:
    return Message(
        key_sha256=outgoing.key,
        message_id=outgoing.message_id,
        issuer=outgoing.issuer,
        kind=outgoing.kind,
        atena_no=outgoing.atena_no,
        document_number=outgoing.document_number,
        text_sha256=outgoing.text_sha256,
        title=outgoing.title,
        legal=outgoing.legal,
        batch=outgoing.batch,
        not_before_us=outgoing.not_before_us,
        accepted_by=actor,
        accepted_us=time_us,
        state=MessageState.CREATED.value,
        due_us=max(time_us, outgoing.not_before_us or 0),
        due_set_us=time_us,
        changed_us=time_us,
    )


def _check(outgoing: Outgoing) -> None:
    named = (
        ("issuer", outgoing.issuer, 64),
        ("kind", outgoing.kind, 64),
        ("atena_no", outgoing.atena_no, 64),
        ("title", outgoing.title, LONGEST_TITLE),
    )
    for name, value, longest in named:
        if not value.strip() or len(value) > longest:
            raise BadRequestError(f"{name} of a message has 1 to {longest} characters")
    number = outgoing.document_number
    if number is not None and not 0 < len(number) <= 128:
        raise BadRequestError("document_number of a message has 1 to 128 characters, or is missing")
    if outgoing.batch is not None and not 0 < len(outgoing.batch) <= 64:
        raise BadRequestError("batch of a message has 1 to 64 characters, or is missing")
    if len(outgoing.text_sha256) != 32 or not outgoing.content:
        raise BadRequestError("a message has content and the SHA-256 of its text")
