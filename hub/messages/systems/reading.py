"""The XML of core systems read: whatever it holds, it is parsed in a child and never here."""

from collections.abc import Sequence

from hub.messages.message.checking import message_root, valid
from hub.messages.message.content import Content
from hub.messages.message.errors import MessageRefusedError, Reason
from hub.messages.message.from_xml import content_of
from hub.messages.message.parsing import refused
from hub.office import Office

Read = Content | MessageRefusedError


def read(office: Office, given: Sequence[bytes]) -> list[Read]:
    """Each message's content, or why it is refused, in the order given."""
    return [_read(data, office.settings.office.code) for data in given]


def _read(data: bytes, issuer: str) -> Read:
    try:
        root = message_root(data)
        valid(root)
        content = content_of(root)
    except MessageRefusedError as error:
        return error
    if content.issuer.code != issuer:
        return refused(0, Reason.WRONG_ISSUER)
    return content
