"""BER-TLV as the card's files use it: tags of one to three bytes, definite lengths, filler."""

from collections.abc import Iterator
from dataclasses import dataclass

from intake.certificates.errors import CardDataError

_MULTI_BYTE_TAG = 0x1F
_MORE_TAG_BYTES = 0x80
_LONG_LENGTH = 0x80
_MAX_TAG_BYTES = 3
_MAX_LENGTH_BYTES = 3
_FILLERS = (0x00, 0xFF)


@dataclass(frozen=True)
class Tlv:
    """One object: its tag as a number (0xDF22), its value, and where it lies in the input."""

    tag: int
    value: bytes
    start: int
    value_start: int
    end: int


def read_tlv(data: bytes, start: int = 0) -> Tlv:
    """The object at `start`; raises CardDataError when it runs past the end of `data`."""
    tag, position = _read_tag(data, start)
    length, value_start = _read_length(data, position)
    end = value_start + length
    if end > len(data):
        raise CardDataError(f"object {tag:X} says {length} bytes, only {len(data) - value_start}")
    return Tlv(tag, data[value_start:end], start, value_start, end)


def read_fields(data: bytes, start: int = 0) -> Iterator[Tlv]:
    """The objects of a constructed value from `start` on; filler (00 or FF) ends them."""
    while start < len(data) and data[start] not in _FILLERS:
        field = read_tlv(data, start)
        yield field
        start = field.end


def header_end(head: bytes) -> int | None:
    """Whole length of the object that `head` begins, or None when `head` is too short to say."""
    try:
        _tag, position = _read_tag(head, 0)
        length, value_start = _read_length(head, position)
    except CardDataError:
        return None
    return value_start + length


def write_tlv(tag: int, value: bytes) -> bytes:
    """The object as the card stores it: shortest definite length (up to 65,535 bytes)."""
    tag_bytes = tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")
    size = len(value)
    if size < _LONG_LENGTH:
        length = bytes([size])
    else:
        body = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes([_LONG_LENGTH | len(body)]) + body
    return tag_bytes + length + value


def _read_tag(data: bytes, start: int) -> tuple[int, int]:
    if start >= len(data):
        raise CardDataError("no object where one was expected")
    position = start + 1
    if data[start] & _MULTI_BYTE_TAG == _MULTI_BYTE_TAG:
        while True:
            if position >= len(data) or position - start >= _MAX_TAG_BYTES:
                raise CardDataError("a tag runs past the end of the file")
            position += 1
            if not data[position - 1] & _MORE_TAG_BYTES:
                break
    return int.from_bytes(data[start:position], "big"), position


def _read_length(data: bytes, position: int) -> tuple[int, int]:
    if position >= len(data):
        raise CardDataError("an object ends before its length")
    first = data[position]
    if first < _LONG_LENGTH:
        return first, position + 1
    count = first & ~_LONG_LENGTH
    end = position + 1 + count
    if not 1 <= count <= _MAX_LENGTH_BYTES or end > len(data):
        raise CardDataError("an object's length is indefinite, too long or cut off")
    return int.from_bytes(data[position + 1 : end], "big"), end
