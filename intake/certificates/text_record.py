"""The text application's files: four attributes, the record that vouches for them, the card's key.

Layout: EF 0002 attributes, EF 0003 integrity record, EF 0004 card-verifiable certificate,
EF 0007 signed public key (docs/card-driver.md has the table). Digests, signatures cover raw bytes,
so every parsed value keeps the bytes that were covered.
"""

import datetime as dt
from dataclasses import dataclass, field

from intake.certificates.card_key import CardKey, read_card_key
from intake.certificates.errors import CardDataError
from intake.certificates.tlv import Tlv, read_fields, read_tlv

_NUMBER_FILE, _ATTRIBUTE_FILE, _INTEGRITY_FILE, _KEY_FILE = 0xFF10, 0xFF20, 0xFF30, 0xFF50
_OFFSETS, _NAME, _ADDRESS, _BIRTH, _SEX = 0xDF21, 0xDF22, 0xDF23, 0xDF24, 0xDF25
_NUMBER_DIGEST, _ATTRIBUTE_DIGEST, _RECORD_SIGNATURE = 0xDF31, 0xDF32, 0xDF33
_CARD_KEY, _KEY_SIGNATURE = 0xDF51, 0xDF52
_CERTIFICATE, _CERTIFICATE_BODY, _CERTIFICATE_SIGNATURE = 0x7F21, 0x5F4E, 0x5F37
_ID_BYTES, _DIGEST_BYTES, _SIGNATURE_SIZES = 16, 32, (256, 96)
_BIRTH_DIGITS, _NUMBER_DIGITS = 8, 12
SEX_CODES = ("0", "1", "2", "9")


@dataclass(frozen=True)
class TextAttributes:
    """The four attributes as the card states them. `sex` is a JIS X 0303 digit (0, 1, 2, 9)."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    birth_date: dt.date = field(repr=False)
    sex: str = field(repr=False)
    covered: bytes = field(repr=False)


@dataclass(frozen=True)
class IntegrityRecord:
    """The issuer's digests over the number file and the attributes, and its signature."""

    number_digest: bytes
    attribute_digest: bytes
    covered: bytes
    signature: bytes


@dataclass(frozen=True)
class SignedCardKey:
    """The card's own public key and the issuer's signature over it."""

    key: CardKey
    covered: bytes
    signature: bytes


@dataclass(frozen=True)
class CardVerifiableCertificate:
    """The issuer's key for this card's records, signed by a root key that is not on the card."""

    issuer_id: bytes
    subject_id: bytes
    key: CardKey
    covered: bytes
    signature: bytes


def parse_attributes(raw: bytes) -> TextAttributes:
    """EF 0002 -> the four attributes; raises CardDataError.

    The offset table is read past, never used: the issuer's digest does not cover it.
    """
    outer = _outer(raw, _ATTRIBUTE_FILE)
    table = read_tlv(outer.value)
    if table.tag != _OFFSETS:
        raise CardDataError("the attributes do not begin with their offset table")
    fields = _unique_fields(outer.value, table.end)
    return TextAttributes(
        name=_text(fields, _NAME),
        address=_text(fields, _ADDRESS),
        birth_date=_date(_value(fields, _BIRTH)),
        sex=_sex(_value(fields, _SEX)),
        covered=outer.value[table.end :],
    )


def parse_number(raw: bytes) -> str:
    """EF 0001 -> the 12 digits of the My Number; raises CardDataError without naming them."""
    digits = _outer(raw, _NUMBER_FILE).value
    if len(digits) != _NUMBER_DIGITS or not digits.isdigit():
        raise CardDataError("the number file does not hold 12 digits")
    return digits.decode("ascii")


def parse_integrity_record(raw: bytes) -> IntegrityRecord:
    """EF 0003 -> digests and signature; raises CardDataError."""
    fields, covered, signature = _signed(_outer(raw, _INTEGRITY_FILE), _RECORD_SIGNATURE)
    return IntegrityRecord(
        number_digest=_sized(fields, _NUMBER_DIGEST, _DIGEST_BYTES),
        attribute_digest=_sized(fields, _ATTRIBUTE_DIGEST, _DIGEST_BYTES),
        covered=covered,
        signature=signature,
    )


def parse_signed_key(raw: bytes) -> SignedCardKey:
    """EF 0007 -> the card's public key and the signature over it; raises CardDataError."""
    fields, covered, signature = _signed(_outer(raw, _KEY_FILE), _KEY_SIGNATURE)
    return SignedCardKey(
        key=read_card_key(_value(fields, _CARD_KEY)), covered=covered, signature=signature
    )


def parse_certificate(raw: bytes) -> CardVerifiableCertificate:
    """EF 0004 -> issuer id, subject id, key and signature; raises CardDataError."""
    fields = _unique_fields(_outer(raw, _CERTIFICATE).value)
    body = _value(fields, _CERTIFICATE_BODY)
    return CardVerifiableCertificate(
        issuer_id=body[:_ID_BYTES],
        subject_id=body[_ID_BYTES : 2 * _ID_BYTES],
        key=read_card_key(body[2 * _ID_BYTES :]),
        covered=body,
        signature=_signature(fields, _CERTIFICATE_SIGNATURE),
    )


def _outer(raw: bytes, tag: int) -> Tlv:
    outer = read_tlv(raw)
    if outer.tag != tag:
        raise CardDataError(f"expected the file {tag:X}, found {outer.tag:X}")
    return outer


def _signed(outer: Tlv, tag: int) -> tuple[dict[int, Tlv], bytes, bytes]:
    """The objects before the signature `tag`, the bytes that it covers, and the signature.

    What stands behind a signature is signed by nobody. One key signs several files of a card, so
    the covered bytes of one, with other objects behind them, would pass for another.
    """
    fields = _unique_fields(outer.value)
    covered = outer.value[: _field(fields, tag).start]
    return _unique_fields(covered), covered, _signature(fields, tag)


def _unique_fields(value: bytes, start: int = 0) -> dict[int, Tlv]:
    fields: dict[int, Tlv] = {}
    for item in read_fields(value, start):
        if item.tag in fields:
            raise CardDataError(f"the object {item.tag:X} stands twice in its file")
        fields[item.tag] = item
    return fields


def _field(fields: dict[int, Tlv], tag: int) -> Tlv:
    if tag not in fields:
        raise CardDataError(f"the object {tag:X} is missing")
    return fields[tag]


def _value(fields: dict[int, Tlv], tag: int) -> bytes:
    return _field(fields, tag).value


def _sized(fields: dict[int, Tlv], tag: int, size: int) -> bytes:
    value = _value(fields, tag)
    if len(value) != size:
        raise CardDataError(f"the object {tag:X} has {len(value)} bytes, not {size}")
    return value


def _signature(fields: dict[int, Tlv], tag: int) -> bytes:
    value = _value(fields, tag)
    if len(value) not in _SIGNATURE_SIZES:
        raise CardDataError(f"the signature {tag:X} has {len(value)} bytes")
    return value


def _text(fields: dict[int, Tlv], tag: int) -> str:
    try:
        return _value(fields, tag).decode("utf-8")
    except UnicodeDecodeError:
        raise CardDataError(f"the object {tag:X} is not UTF-8 text") from None


def _date(value: bytes) -> dt.date:
    if len(value) != _BIRTH_DIGITS or not value.isdigit():
        raise CardDataError("the birth date is not eight digits")
    try:
        return dt.date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        raise CardDataError("the birth date is not a calendar date") from None


def _sex(value: bytes) -> str:
    code = value.decode("latin-1")
    if code not in SEX_CODES:
        raise CardDataError("the sex is not a JIS X 0303 digit")
    return code
