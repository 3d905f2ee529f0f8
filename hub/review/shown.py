"""Values of a notification as pages and JSON show them: one line of text, characters for names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.clock import iso
from hub.register.movement import day_text
from hub.register.names import CharacterView, views
from intake.characters import NameText
from intake.notification import (
    Address,
    Field,
    IdentityProof,
    PartialDate,
    Signature,
    TransferCertificate,
    Value,
)
from intake.notification.era import format_date
from intake.notification.fields import FIELDS

_WORDS: Final = {
    "my_number_card": "マイナンバーカード",
    "one_document": "写真付きの書類1点",
    "two_documents": "書類2点",
    "questions": "聞き取り",
    "none": "なし",
    "confirmed": "確認できた",
    "not_confirmed": "確認できていない",
    "paper": "転出証明書",
    "card": "カード（特例転入）",
    "abroad": "国外から",
    "unavailable": "提出できない",
}
"""Codes of identity proofs and moving-out certificates in Japanese, as forms name them."""


@dataclass(frozen=True)
class ChangeView:
    """One replaced value; `old_characters` are those of a name."""

    old_text: str
    old_source: str
    who: str
    when: str
    why: str
    old_characters: tuple[CharacterView, ...] = ()


@dataclass(frozen=True)
class FieldView:
    """One field; `characters` are those of a name, `registered` what the register says today."""

    name: str
    label_ja: str
    label_en: str
    text: str
    source: str
    characters: tuple[CharacterView, ...]
    history: tuple[ChangeView, ...]
    registered: str | None = None
    differs: bool = False
    registered_characters: tuple[CharacterView, ...] = ()


def field_views(
    fields: Mapping[str, Field], registered: Mapping[str, Value | str] | None = None
) -> tuple[FieldView, ...]:
    """The fields in the order of the field table, each beside the register's value if given."""
    known = registered or {}
    return tuple(
        _field_view(name, fields[name], known.get(name)) for name in FIELDS if name in fields
    )


def shown(name: str, value: Value | str) -> str:
    """One line of Japanese text for a value."""
    if isinstance(value, str):
        spec = FIELDS.get(name)
        return str(spec.choices.get(value, value)) if spec else value
    match value:
        case NameText():
            return value.plain()
        case Address():
            return value.one_line()
        case date() | PartialDate():
            return f"{format_date(value)}（{day_text(value)}）"
        case bool():
            return "はい" if value else "いいえ"
        case _:
            return " / ".join(_words(value))


def _words(value: IdentityProof | TransferCertificate | Signature) -> list[str]:
    match value:
        case IdentityProof():
            codes = dict.fromkeys((value.method, value.outcome, *value.documents))
        case TransferCertificate():
            codes = dict.fromkeys((value.kind, day_text(value.issued_on)))
        case Signature():
            codes = dict.fromkeys((value.ink_sha256.hex()[:16],))
    return [_WORDS.get(code, code) for code in codes if code]


def _field_view(name: str, field: Field, registered: Value | str | None) -> FieldView:
    spec = FIELDS[name]
    return FieldView(
        name=name,
        label_ja=spec.label_ja,
        label_en=spec.label_en,
        text=shown(name, field.value),
        source=field.source.value,
        characters=_characters(field.value),
        history=tuple(
            ChangeView(
                shown(name, change.old_value),
                change.old_source.value,
                change.who,
                iso(change.when_us),
                change.why,
                _characters(change.old_value),
            )
            for change in field.history
        ),
        registered=None if registered is None else shown(name, registered),
        differs=registered is not None and registered != field.value,
        registered_characters=_characters(registered),
    )


def _characters(value: Value | str | None) -> tuple[CharacterView, ...]:
    return views(value) if isinstance(value, NameText) else ()
