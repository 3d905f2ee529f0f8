"""What a decision about a notification says to the resident, in plain words, in their language."""

import datetime as dt
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Final

from hub.clock import instant, local_date
from hub.messages.message.content import Content, Deadline, Issuer, Paragraph, Recipient
from hub.messages.message.contents import BREAKS, Handling, from_text
from hub.messages.message.era_text import both
from hub.review.filing import FilingState
from hub.settings import Settings
from hub.storage.tables import DecisionMessage, Filing
from hub.web.text import Catalogue, catalogue

KINDS: Final = {
    FilingState.ACCEPTED.value: "notification-accepted",
    FilingState.RETURNED.value: "notification-returned",
}


@dataclass(frozen=True)
class Told:
    """What the message is made of: the decision, its notification's filing, whom it goes to.

    facts: what was registered, as (label key, text) in order.
    """

    row: DecisionMessage
    filing: Filing
    to: Recipient
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    language: str = "ja"


def write(told: Told, settings: Settings) -> Content:
    """The content; its number is the reception number with the log index of the decision."""
    t = catalogue(told.language)
    accepted = told.row.action == FilingState.ACCEPTED.value
    decided = local_date(told.row.created_us)
    due = None if accepted else _due(told.row, decided)
    content = from_text(
        issuer=Issuer(
            settings.office.code,
            settings.office.name,
            settings.sending.section,
            settings.sending.telephone,
        ),
        to=told.to,
        kind=KINDS[told.row.action],
        title=t(f"decision.title_{told.row.action}", procedure=_procedure(t, told.filing)),
        paragraphs=(),
        handling=Handling(created=instant(told.row.created_us), language=told.language),
        actions=() if due is None else (Deadline(t("decision.come_by"), due),),
        issued=decided,
    )
    number = f"{told.filing.reception_number}/{told.row.log_index}"
    text = _accepted(t, told) if accepted else _returned(t, told, due)
    return replace(content, document_number=number, main=replace(content.main, text=tuple(text)))


def _accepted(t: Catalogue, told: Told) -> list[Paragraph]:
    procedure = told.filing.procedure
    facts = "\n".join(f"{t(f'decision.fact_{label}')}: {text}" for label, text in told.facts)
    paragraphs = [
        Paragraph(t("decision.accepted", procedure=_procedure(t, told.filing))),
        Paragraph(t("decision.reception_number", number=told.filing.reception_number)),
    ]
    if facts:
        paragraphs += [Paragraph(t("decision.registered"), heading=True), Paragraph(facts)]
    return [
        *paragraphs,
        Paragraph(t("decision.next"), heading=True),
        Paragraph(t(f"decision.next_{procedure}")),
        _contact(t, told),
    ]


def _returned(t: Catalogue, told: Told, due: dt.date | None) -> list[Paragraph]:
    paragraphs = [
        Paragraph(t("decision.returned", procedure=_procedure(t, told.filing))),
        Paragraph(t("decision.reception_number", number=told.filing.reception_number)),
        Paragraph(t("decision.reason"), heading=True),
        Paragraph(_plain(told.row.reason)),
        Paragraph(t("decision.bring"), heading=True),
        Paragraph(t(f"decision.bring_{told.filing.procedure}")),
    ]
    if due is not None:
        paragraphs.append(Paragraph(t("decision.until", day=both(due, told.language))))
    return [*paragraphs, _contact(t, told)]


def _plain(text: str) -> str:
    """The reviewer's words without what XML cannot write."""
    lines = BREAKS.sub("\n", text)
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))


def _contact(t: Catalogue, told: Told) -> Paragraph:
    return Paragraph(t("decision.contact", number=told.filing.reception_number))


def _procedure(t: Catalogue, filing: Filing) -> str:
    return t(f"procedure.{filing.procedure}")


def _due(row: DecisionMessage, decided: dt.date) -> dt.date | None:
    found = dt.date.fromisoformat(row.due_on) if row.due_on else None
    return found if found is not None and found >= decided else None
