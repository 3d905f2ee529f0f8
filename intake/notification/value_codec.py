"""Each field type to and from plain CBOR values, checked the same way in both directions."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final, cast

from intake.characters import Character, CharacterError, NameText
from intake.errors import DecodeError
from intake.notification.fields import FieldSpec, FieldType
from intake.notification.model import NotificationError
from intake.notification.values import (
    Address,
    IdentityProof,
    PartialDate,
    Signature,
    TransferCertificate,
    Value,
)

TEXT_LIMIT: Final = 500
NAME_LIMIT: Final = 200
DOCUMENTS_LIMIT: Final = 8
_CODE = re.compile(r"[0-9A-Za-z]{1,32}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,31}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_LG_CODE = re.compile(r"([0-9]{6})?")
_DIGEST_SIZE: Final = 32


def to_wire(spec: FieldSpec, value: Value) -> object:
    """Give the CBOR value of a field; NotificationError when the type or form does not fit."""
    expected = _PYTHON_TYPES[spec.type]
    if not isinstance(value, expected) or type(value) not in expected:
        raise NotificationError(f"{spec.name} does not take a {type(value).__name__}")
    wire = _plain(value)
    try:
        from_wire(spec, wire)
    except DecodeError as error:
        raise NotificationError(f"{error}; correct the field") from None
    return wire


def from_wire(spec: FieldSpec, wire: object) -> Value:
    """Read the CBOR value of a field back; DecodeError when it is not in its one form."""
    try:
        return _READERS[spec.type](spec, wire)
    except (ValueError, CharacterError):
        raise DecodeError(f"{spec.name} is not in its prescribed form") from None


def _plain(value: Value) -> object:
    match value:
        case str() | bool():
            return value
        case date():
            return value.isoformat()
        case PartialDate():
            return _partial_text(value)
        case NameText():
            return [[c.repertoire, c.id, c.text] for c in value]
        case _:
            return _parts(value)


def _parts(value: Address | IdentityProof | TransferCertificate | Signature) -> list[object]:
    match value:
        case Address(lg_code, prefecture_city, town, lot, building, town_id):
            return [lg_code, prefecture_city, town, lot, building, town_id]
        case IdentityProof(method, outcome, documents):
            return [method, outcome, list(documents)]
        case TransferCertificate(kind, issued_on, planned_move_on):
            return [kind, _day_text(issued_on), _day_text(planned_move_on)]
        case Signature(ink_sha256, content_sha256):
            return [ink_sha256, content_sha256]


def _partial_text(value: PartialDate) -> str:
    month = "" if value.month is None else f"-{value.month:02d}"
    day = "" if value.day is None else f"-{value.day:02d}"
    return f"{value.year:04d}{month}{day}"


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(spec: FieldSpec, wire: object) -> str:
    if not isinstance(wire, str) or not 1 <= len(wire) <= TEXT_LIMIT:
        raise DecodeError(f"{spec.name} is not a text of 1 to {TEXT_LIMIT} characters")
    wire.encode()
    return wire


def _code(spec: FieldSpec, wire: object) -> str:
    if not isinstance(wire, str) or not _CODE.fullmatch(wire):
        raise DecodeError(f"{spec.name} is not a code of digits and letters")
    return wire


def _choice(spec: FieldSpec, wire: object) -> str:
    if not isinstance(wire, str) or wire not in spec.choices:
        raise DecodeError(f"{spec.name} is not one of its choices")
    return wire


def _flag(spec: FieldSpec, wire: object) -> bool:
    if not isinstance(wire, bool):
        raise DecodeError(f"{spec.name} is neither true nor false")
    return wire


def _date(spec: FieldSpec, wire: object) -> date:
    if not isinstance(wire, str) or not _DATE.fullmatch(wire):
        raise DecodeError(f"{spec.name} is not a date")
    return date.fromisoformat(wire)


def _birth_date(spec: FieldSpec, wire: object) -> date | PartialDate:
    found = _PARTIAL.fullmatch(wire) if isinstance(wire, str) else None
    if found is None:
        raise DecodeError(f"{spec.name} is not a date")
    year, month, day = (None if group is None else int(group) for group in found.groups())
    if year is not None and month is not None and day is not None:
        return date(year, month, day)
    return PartialDate(year or 0, month, day)


def _name(spec: FieldSpec, wire: object) -> NameText:
    characters: list[Character] = []
    for item in _array(spec, wire, None):
        repertoire, identity, text = _texts(spec, _array(spec, item, 3))
        characters.append(Character(repertoire, identity, text))
    if not 1 <= len(characters) <= NAME_LIMIT:
        raise DecodeError(f"{spec.name} has no or too many characters")
    return NameText(tuple(characters))


def _address(spec: FieldSpec, wire: object) -> Address:
    parts = _texts(spec, _array(spec, wire, 6))
    if not _LG_CODE.fullmatch(parts[0]) or any(len(part) > TEXT_LIMIT for part in parts):
        raise DecodeError(f"{spec.name} is not an address")
    return Address(*parts)


def _identity_proof(spec: FieldSpec, wire: object) -> IdentityProof:
    method, outcome, documents = _array(spec, wire, 3)
    words = _texts(spec, [method, outcome, *_array(spec, documents, None)])
    if len(words) > DOCUMENTS_LIMIT + 2 or not all(map(_WORD.fullmatch, words)):
        raise DecodeError(f"{spec.name} is not written in its technical names")
    return IdentityProof(words[0], words[1], tuple(words[2:]))


def _transfer_certificate(spec: FieldSpec, wire: object) -> TransferCertificate:
    kind, issued_on, planned = _array(spec, wire, 3)
    (word,) = _texts(spec, [kind])
    if not _WORD.fullmatch(word):
        raise DecodeError(f"{spec.name} is not written in its technical names")
    days = [None if day is None else _date(spec, day) for day in (issued_on, planned)]
    return TransferCertificate(word, days[0], days[1])


def _signature(spec: FieldSpec, wire: object) -> Signature:
    digests = [item for item in _array(spec, wire, 2) if isinstance(item, bytes)]
    if [len(digest) for digest in digests] != [_DIGEST_SIZE, _DIGEST_SIZE]:
        raise DecodeError(f"{spec.name} is not two SHA-256 digests")
    return Signature(digests[0], digests[1])


def _array(spec: FieldSpec, wire: object, count: int | None) -> list[object]:
    if not isinstance(wire, list):
        raise DecodeError(f"{spec.name} is not an array")
    items = cast("list[object]", wire)
    if count is not None and len(items) != count:
        raise DecodeError(f"{spec.name} is not an array of {count}")
    return items


def _texts(spec: FieldSpec, items: list[object]) -> list[str]:
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) != len(items):
        raise DecodeError(f"{spec.name} holds something that is not text")
    return texts


_READERS: dict[FieldType, Callable[[FieldSpec, object], Value]] = {
    FieldType.TEXT: _text,
    FieldType.CODE: _code,
    FieldType.CHOICE: _choice,
    FieldType.FLAG: _flag,
    FieldType.DATE: _date,
    FieldType.BIRTH_DATE: _birth_date,
    FieldType.NAME: _name,
    FieldType.ADDRESS: _address,
    FieldType.IDENTITY_PROOF: _identity_proof,
    FieldType.TRANSFER_CERTIFICATE: _transfer_certificate,
    FieldType.SIGNATURE: _signature,
}

_PYTHON_TYPES: dict[FieldType, tuple[type, ...]] = {
    FieldType.TEXT: (str,),
    FieldType.CODE: (str,),
    FieldType.CHOICE: (str,),
    FieldType.FLAG: (bool,),
    FieldType.DATE: (date,),
    FieldType.BIRTH_DATE: (date, PartialDate),
    FieldType.NAME: (NameText,),
    FieldType.ADDRESS: (Address,),
    FieldType.IDENTITY_PROOF: (IdentityProof,),
    FieldType.TRANSFER_CERTIFICATE: (TransferCertificate,),
    FieldType.SIGNATURE: (Signature,),
}
