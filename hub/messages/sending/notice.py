"""A ready item of a batch as a message, and the postal address for whom the register knows none."""

from sqlalchemy.orm import Session

from hub.clock import now_us
from hub.messages.batches.handing import ReadyItem
from hub.messages.message.content import Content, Issuer
from hub.messages.message.contents import Handling, blocks, from_fields
from hub.register.names import read_name
from hub.settings import Office as OfficeSettings
from hub.storage.tables import MessageRecipient
from intake.characters import NameText

UNNAMED = "notice"
"""The kind of what no template names."""


def content_of(
    session: Session, item: ReadyItem, office: OfficeSettings, handling: Handling
) -> Content:
    """The item as a message, under the name the register has, else as the list writes it."""
    fields = dict(item.fields)
    fields["atena_no"] = item.atena_no
    fields["title"] = str(fields.get("title") or item.kind or item.template or "お知らせ")
    return from_fields(
        fields,
        kind=item.template or UNNAMED,
        issuer=Issuer(office.code, office.name),
        name=_name(session, item),
        pdf=item.pdf,
        handling=handling,
        text=blocks(item.pages),
    )


def keep_postal(session: Session, item: ReadyItem, actor: str) -> None:
    """Keep the printed name and address of somebody who is not in the register, for a letter.

    The name as the pages spell it: the letter's window shows whose pages they are. What else they
    wished stays as it is.
    """
    printed = str(item.fields.get("address") or "")
    if item.resident_id is not None or not printed:
        return
    row = session.get(MessageRecipient, item.atena_no)
    if row is None:
        row = MessageRecipient(
            atena_no=item.atena_no, protected=False, language="ja", large_print=False
        )
        session.add(row)
    lines = [str(item.fields.get("postal") or ""), printed, str(item.fields.get("building") or "")]
    row.name = str(item.fields.get("name") or item.name)
    row.address = "\n".join(lines).rstrip("\n")
    row.changed_by, row.changed_us = actor, now_us()
    session.flush()


def _name(session: Session, item: ReadyItem) -> NameText:
    if item.resident_id is not None:
        name = read_name(session, item.resident_id)
        if len(name) and not name.blocks_certificate:
            return name
    return NameText.from_plain(item.name)
