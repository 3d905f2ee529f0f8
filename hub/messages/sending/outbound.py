"""A message's content as what delivery takes: signed, under its key, with the hash of its text."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

from hub.clock import JAPAN, instant
from hub.keys.message_key import MessageKey
from hub.messages.delivery.outgoing import LONGEST_TITLE, Outgoing, delivery_key, message_id
from hub.messages.message.content import Block, Content, Paragraph
from hub.messages.message.making import make

Build = Callable[[str], Content]


def text_digest(content: Content) -> bytes:
    """The hash that names a message's own text: title, number, text and actions, no file.

    The same pages read again give the same hash, whatever bytes the reader's cutting made.
    """
    value = [
        content.title,
        content.document_number,
        [_block(one) for one in content.main.text],
        [[type(one).__name__, sorted(vars(one).items())] for one in content.actions],
    ]
    text = json.dumps(value, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def outgoing(
    content: Content, key: MessageKey, *, not_before_us: int | None = None, batch: str | None = None
) -> Outgoing:
    """The content signed. Its message id is that of its delivery key, whatever it was.

    MessageRefusedError when it does not fit schema or rules.
    """
    digest = text_digest(content)
    number = content.document_number or None
    named = (content.issuer.code, content.kind, content.recipient.atena_no, number, digest)
    day = None if not_before_us is None else instant(not_before_us).astimezone(JAPAN).date()
    whole = replace(content, message_id=message_id(delivery_key(*named)), not_before=day)
    return Outgoing(
        *named,
        title=content.title[:LONGEST_TITLE],
        content=make(whole, key),
        legal=content.legal,
        not_before_us=not_before_us,
        batch=batch,
    )


def _block(block: Block) -> object:
    return block.text if isinstance(block, Paragraph) else block.rows
