"""A signed message checked: well-formed and bounded, signed by the office, valid; then its content.

In process for messages that we made; `outside.check` does the same in a child for all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.keys.message_key import TrustedCertificate
from hub.messages.message import schema
from hub.messages.message.content import Content
from hub.messages.message.errors import MessageRefusedError, Reason
from hub.messages.message.from_xml import content_of
from hub.messages.message.parsing import line_of, parse, refused
from hub.messages.message.signature import verify
from hub.messages.message.to_xml import PREFIX, Element


@dataclass(frozen=True)
class Checked:
    """A message whose signature holds: what was signed, when, and by which certificate (DER)."""

    content: Content
    signed_at: datetime
    certificate: bytes


def check(data: bytes, trusted: Sequence[TrustedCertificate]) -> Checked:
    """The content that the office signed.

    MessageSignatureError when the signature is not one of `trusted`'s in its form and place,
    MessageRefusedError when the rest is wrong; both with lines and reasons.
    """
    root = message_root(data)
    signed = verify(data, root, trusted)
    valid(root)
    return Checked(content_of(signed.root), signed.signed_at, signed.certificate.der)


def message_root(data: bytes) -> Element:
    """The parsed root, which is a `Message` of our namespace."""
    root = parse(data)
    if root.tag != f"{PREFIX}Message":
        raise refused(line_of(root), Reason.SCHEMA, "root")
    return root


def valid(root: Element) -> None:
    """MessageRefusedError with every problem that schema and rules name."""
    found = schema.problems(root)
    if found:
        raise MessageRefusedError(found)
