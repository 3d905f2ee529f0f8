"""Deterministic CBOR (RFC 8949 section 4.2.1), written and read by one strict pair.

What is signed and hashed must have exactly one byte form: the reader refuses every other one
instead of repairing it, knows no tag that builds an object, and is bounded in size and depth.
"""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from intake.errors import DecodeError, EncodeError, OversizeError

MAX_DEPTH: Final = 16
_SIMPLE_FORMS: Final[Mapping[bool | None, bytes]] = {False: b"\xf4", True: b"\xf5", None: b"\xf6"}
_SIMPLE_VALUES: Final[Mapping[int, bool | None]] = {
    form[0]: value for value, form in _SIMPLE_FORMS.items()
}
_FLOATS: Final = ((0xF9, ">e"), (0xFA, ">f"), (0xFB, ">d"))
_WIDTHS: Final = {24: 1, 25: 2, 26: 4, 27: 8}
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)


@dataclass(frozen=True)
class Tagged:
    """A value under a CBOR tag; read back only where the caller allows that tag."""

    tag: int
    value: object


def encode(value: object) -> bytes:
    """The one deterministic CBOR form of `value`.

    Takes None, bool, int (64 bit), finite float, str, bytes, list, tuple, Tagged, and mappings
    whose keys are str or int. Raises EncodeError for anything else or deeper than MAX_DEPTH.
    """
    return _encoded(value, MAX_DEPTH)


def decode(
    data: bytes, *, limit: int, depth: int = MAX_DEPTH, tags: frozenset[int] = frozenset()
) -> object:
    """The value whose deterministic form is exactly `data`; arrays come back as lists.

    `limit` is the greatest length in bytes, `tags` names the tags that may occur.
    Raises OversizeError above the limit and DecodeError for anything that `encode` would not
    have written: longer heads, unsorted or double keys, indefinite lengths, trailing bytes,
    NaN and infinities, foreign tags, text that is not UTF-8, deeper than `depth`.
    """
    if len(data) > limit:
        raise OversizeError(f"{len(data)} bytes, but at most {limit} are allowed here")
    reader = _Reader(data, tags)
    value = reader.value(depth)
    if reader.position != len(data):
        raise DecodeError("bytes follow the value")
    return value


def _head(major: int, argument: int) -> bytes:
    start = major << 5
    if argument < 24:
        return bytes([start | argument])
    for code, width in _WIDTHS.items():
        if argument < 1 << (8 * width):
            return bytes([start | code]) + argument.to_bytes(width, "big")
    raise EncodeError("an integer or length is wider than 64 bit")


def _encoded(value: object, depth: int) -> bytes:
    if depth < 0:
        raise EncodeError(f"nested deeper than {MAX_DEPTH}")
    match value:
        case None | bool():
            return _SIMPLE_FORMS[value]
        case int():
            return _head(_UNSIGNED, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
        case float():
            return _encoded_float(value)
        case bytes():
            return _head(_BYTES, len(value)) + value
        case str():
            return _encoded_text(value)
        case _:
            return _encoded_nested(value, depth)


def _encoded_nested(value: object, depth: int) -> bytes:
    match value:
        case list() | tuple():
            items = cast("list[object]", value)
            return _head(_ARRAY, len(items)) + b"".join(_encoded(i, depth - 1) for i in items)
        case Mapping():
            return _encoded_map(cast("Mapping[object, object]", value), depth)
        case Tagged(tag, content):
            return _head(_TAG, tag) + _encoded(content, depth - 1)
        case _:
            raise EncodeError(f"{type(value).__name__} has no wire form")


def _encoded_text(value: str) -> bytes:
    try:
        text = value.encode()
    except UnicodeEncodeError:
        raise EncodeError("a text holds a lone surrogate") from None
    return _head(_TEXT, len(text)) + text


def _encoded_float(value: float) -> bytes:
    if not math.isfinite(value):
        raise EncodeError("only finite numbers have a wire form")
    for first, form in _FLOATS[:-1]:
        try:
            packed = struct.pack(form, value)
        except OverflowError:
            continue
        if struct.unpack(form, packed)[0] == value:
            return bytes([first]) + packed
    return bytes([_FLOATS[-1][0]]) + struct.pack(_FLOATS[-1][1], value)


def _encoded_map(value: Mapping[object, object], depth: int) -> bytes:
    pairs: list[tuple[bytes, bytes]] = []
    for key, item in value.items():
        if isinstance(key, bool) or not isinstance(key, str | int):
            raise EncodeError("a map key is text or an integer")
        pairs.append((_encoded(key, depth - 1), _encoded(item, depth - 1)))
    pairs.sort()
    return _head(_MAP, len(pairs)) + b"".join(key + item for key, item in pairs)


class _Reader:
    """One pass over the bytes; every method leaves `position` behind what it read."""

    def __init__(self, data: bytes, tags: frozenset[int]) -> None:
        self._data = data
        self._tags = tags
        self.position = 0

    def value(self, depth: int) -> object:
        if depth < 0:
            raise DecodeError("nested too deep")
        first = self._take(1)[0]
        major, info = first >> 5, first & 0x1F
        argument = 0 if major == _SIMPLE else self._argument(info)
        match major:
            case 0:
                return argument
            case 1:
                return -1 - argument
            case 2:
                return self._take(argument)
            case 3:
                return self._text(argument)
            case 7:
                return self._simple(first)
            case _:
                return self._nested(major, argument, depth)

    def _nested(self, major: int, argument: int, depth: int) -> object:
        if major == _ARRAY:
            self._room(argument)
            return [self.value(depth - 1) for _ in range(argument)]
        if major == _MAP:
            return self._map(argument, depth)
        if argument not in self._tags:
            raise DecodeError(f"tag {argument} has no place here")
        return Tagged(argument, self.value(depth - 1))

    def _take(self, count: int) -> bytes:
        self._room(count)
        start = self.position
        self.position = start + count
        return self._data[start : self.position]

    def _room(self, count: int) -> None:
        if count > len(self._data) - self.position:
            raise DecodeError("the bytes end too early")

    def _argument(self, info: int) -> int:
        if info < 24:
            return info
        width = _WIDTHS.get(info)
        if width is None:
            raise DecodeError("indefinite or reserved length")
        argument = int.from_bytes(self._take(width), "big")
        if argument < (24 if width == 1 else 1 << (4 * width)):
            raise DecodeError("an integer or length is not in its shortest form")
        return argument

    def _text(self, count: int) -> str:
        try:
            return self._take(count).decode()
        except UnicodeDecodeError:
            raise DecodeError("a text is not UTF-8") from None

    def _map(self, count: int, depth: int) -> dict[object, object]:
        self._room(2 * count)
        found: dict[object, object] = {}
        previous = b""
        for _ in range(count):
            start = self.position
            key = self.value(depth - 1)
            if isinstance(key, bool) or not isinstance(key, str | int):
                raise DecodeError("a map key is neither text nor an integer")
            encoded = self._data[start : self.position]
            if encoded <= previous:
                raise DecodeError("map keys are doubled or not in order")
            previous = encoded
            found[key] = self.value(depth - 1)
        return found

    def _simple(self, first: int) -> object:
        if first in _SIMPLE_VALUES:
            return _SIMPLE_VALUES[first]
        for code, form in _FLOATS:
            if first == code:
                packed = self._take(struct.calcsize(form))
                value = cast("float", struct.unpack(form, packed)[0])
                if not math.isfinite(value) or _encoded_float(value) != bytes([code]) + packed:
                    raise DecodeError("a number is not finite or not in its shortest form")
                return value
        raise DecodeError("a simple value that has no place here")
