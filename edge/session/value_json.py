"""Values of a notification as JSON for pages and scripted clients, and as one line of text."""

from datetime import date

from intake.characters import Character, NameText
from intake.errors import IntakeError
from intake.notification import (
    Address,
    IdentityProof,
    PartialDate,
    Signature,
    TransferCertificate,
    Value,
    era,
)


def to_json(value: Value) -> object:
    """The value as `POST /actions/fill` takes it back (names as characters with their ids)."""
    match value:
        case str() | bool():
            return value
        case date():
            return value.isoformat()
        case PartialDate(year, month, day):
            parts = [f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part is not None)]
            return "-".join(parts)
        case NameText():
            return [character_json(character) for character in value]
        case _:
            return _table(value)


def _table(
    value: Address | IdentityProof | TransferCertificate | Signature,
) -> dict[str, object]:
    match value:
        case Address():
            names = ("lg_code", "prefecture_city", "town", "lot", "building", "town_id")
            return {name: getattr(value, name) for name in names}
        case IdentityProof(method, outcome, documents):
            return {"method": method, "outcome": outcome, "documents": list(documents)}
        case TransferCertificate(kind, issued_on, planned):
            return {"kind": kind, "issued_on": _iso(issued_on), "planned_move_on": _iso(planned)}
        case Signature():
            return {"signed": True}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def to_text(value: Value) -> str:
    """The value as one line of Japanese text; a choice or a kind stays its code."""
    match value:
        case str():
            return value
        case date() | PartialDate():
            return day_text(value)
        case NameText():
            return value.plain()
        case Address():
            return value.one_line()
        case IdentityProof(word) | TransferCertificate(word):
            return word
        case _:
            return "✓" if value else "-"


def day_text(day: date | PartialDate) -> str:
    """A day by its era, by the common era where there is none; what is unknown is left out."""
    if isinstance(day, PartialDate):
        month = "" if day.month is None else f"{day.month}月"
        return f"{day.year}年{month}（不詳）"
    try:
        return era.format_date(day)
    except IntakeError:
        return day.isoformat()


def character_json(character: Character) -> dict[str, str]:
    """One character with repertoire and id."""
    return {"repertoire": character.repertoire, "id": character.id, "text": character.text}
