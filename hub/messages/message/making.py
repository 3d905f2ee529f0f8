"""Content to a signed message: built, held against our own schema and rules, signed."""

from datetime import UTC, datetime

from hub.keys.message_key import MessageKey
from hub.messages.message import schema
from hub.messages.message.content import Content, files_of
from hub.messages.message.errors import MessageRefusedError, Problem, Reason
from hub.messages.message.from_xml import check_values
from hub.messages.message.parsing import BYTES, refused
from hub.messages.message.signature import sign
from hub.messages.message.to_xml import Element, tree


def make(content: Content, key: MessageKey, signed_at: datetime | None = None) -> bytes:
    """The signed message. signed_at: aware, by default now.

    MessageRefusedError (line 0) when the content does not fit schema or rules: nothing is signed
    that `check` would refuse.
    """
    return sign(_checked_tree(content), key, signed_at or datetime.now(UTC))


def _checked_tree(content: Content) -> Element:
    if sum(len(file.data) for file in files_of(content)) > BYTES * 3 // 4:
        raise refused(0, Reason.TOO_LARGE)
    try:
        root = tree(content)
    except ValueError:
        raise refused(0, Reason.VALUE, "a character that XML cannot write") from None
    found = schema.problems(root)
    if found:
        raise MessageRefusedError(tuple(Problem(0, one.reason, one.detail) for one in found))
    check_values(root, content)
    return root
