"""A message that a core system made: checked like one of ours, then made anew and signed by us."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hub.keys.message_key import MessageKey, TrustedCertificate
from hub.messages.message import checking
from hub.messages.message.content import Content
from hub.messages.message.errors import Reason
from hub.messages.message.from_xml import content_of
from hub.messages.message.making import make
from hub.messages.message.parsing import refused
from hub.messages.message.signature import verify
from hub.messages.message.signature_form import DS
from intake.characters.tables import jis_fallback


def read(data: bytes, systems: Sequence[TrustedCertificate]) -> Content:
    """What a core system wants to be sent.

    systems: certificates of registered systems; when there are any, an unsigned message is
    refused. A signature that is there must be one of theirs in any case. To be called in the
    sandbox.
    """
    root = checking.message_root(data)
    if systems or root.find(f".//{DS}Signature") is not None:
        root = verify(data, root, systems).root
    checking.valid(root)
    return content_of(root)


def ours(content: Content, office: str, key: MessageKey, signed_at: datetime) -> bytes:
    """The message as the office sends it: same id and text, JIS by our table, our signature.

    office: our 団体コード; MessageRefusedError when the message names another.
    """
    if content.issuer.code != office:
        raise refused(0, Reason.WRONG_ISSUER)
    recipient = content.recipient
    spelt = replace(recipient, jis=jis_fallback(recipient.name).text)
    return make(replace(content, recipient=spelt), key, signed_at)
