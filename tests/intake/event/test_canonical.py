from __future__ import annotations

import math
import struct

import cbor2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intake import canonical
from intake.canonical import Tagged
from intake.errors import DecodeError, EncodeError, OversizeError

LIMIT = 1 << 20
integers = st.integers(-(2**64), 2**64 - 1)
numbers = st.floats(allow_nan=False, allow_infinity=False)
keys = st.text(max_size=30) | integers
values = st.recursive(
    st.none() | st.booleans() | integers | numbers | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)


@given(values)
def test_what_is_written_is_read_back(value: object) -> None:
    assert canonical.decode(canonical.encode(value), limit=LIMIT) == value


@given(values)
def test_another_reader_of_cbor_reads_the_same(value: object) -> None:
    assert cbor2.loads(canonical.encode(value)) == value


@given(st.dictionaries(st.text(max_size=40), st.integers(-5, 5)))
def test_another_writer_of_canonical_cbor_agrees_for_text_keys(value: dict[str, int]) -> None:
    assert canonical.encode(value) == cbor2.dumps(value, canonical=True)


def test_integer_keys_follow_rfc_8949_and_not_the_older_rule() -> None:
    value = {100: 0, -1: 0}
    assert canonical.encode(value).hex() == "a21864002000"
    assert cbor2.dumps(value, canonical=True).hex() == "a22000186400"  # RFC 7049: by length first


@given(st.binary(max_size=60))
@example(bytes.fromhex("a2616100616101"))
@example(bytes.fromhex("f97e00"))
def test_bytes_are_refused_or_are_the_one_form_of_their_value(data: bytes) -> None:
    tags = frozenset({18})
    try:
        value = canonical.decode(data, limit=LIMIT, tags=tags)
    except DecodeError:
        return
    assert canonical.encode(value) == data


@given(values, st.data())
def test_each_changed_byte_is_refused_or_another_value(value: object, data: st.DataObject) -> None:
    encoded = canonical.encode(value)
    at = data.draw(st.integers(0, len(encoded) - 1))
    changed = encoded[:at] + bytes([encoded[at] ^ data.draw(st.integers(1, 255))])
    changed += encoded[at + 1 :]
    try:
        found = canonical.decode(changed, limit=LIMIT)
    except DecodeError:
        return
    assert canonical.encode(found) == changed != encoded


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (255, "18ff"),
        (256, "190100"),
        (65535, "19ffff"),
        (65536, "1a00010000"),
        (2**32, "1b0000000100000000"),
        (-1, "20"),
        (-(2**64), "3bffffffffffffffff"),
        (1.0, "f93c00"),
        (-0.0, "f98000"),
        (5.960464477539063e-8, "f90001"),
        (100000.0, "fa47c35000"),
        (1.1, "fb3ff199999999999a"),
        (1e300, "fb7e37e43c8800759c"),
        ("水", "63e6b0b4"),
        (b"\x01", "4101"),
        ([], "80"),
        ((1, 2), "820102"),
        ({"b": 1, "a": 2, "aa": 3}, "a3616102616201626161" + "03"),
        (Tagged(18, None), "d2f6"),
        (None, "f6"),
        (True, "f5"),
    ],
)
def test_known_forms(value: object, expected: str) -> None:
    assert canonical.encode(value).hex() == expected


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        2**64,
        -(2**64) - 1,
        "\ud800",
        {1.0: 0},
        {True: 0},
        {None: 0},
        {b"": 0},
        object(),
        {1, 2},
    ],
)
def test_values_without_a_wire_form(value: object) -> None:
    with pytest.raises(EncodeError):
        canonical.encode(value)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "nothing"),
        ("0000", "trailing bytes"),
        ("1800", "long head"),
        ("1817", "long head"),
        ("1900ff", "long head"),
        ("1a0000ffff", "long head"),
        ("1b00000000ffffffff", "long head"),
        ("3800", "long negative head"),
        ("580100", "long length"),
        ("1c", "reserved"),
        ("1f", "indefinite integer"),
        ("5f4100ff", "indefinite bytes"),
        ("7f6161ff", "indefinite text"),
        ("9f00ff", "indefinite array"),
        ("bf616100ff", "indefinite map"),
        ("ff", "lone break"),
        ("a2616100616101", "double key"),
        ("a2616200616100", "unsorted keys"),
        ("a1f500", "boolean key"),
        ("a1f93c0000", "float key"),
        ("a1410000", "bytes key"),
        ("61ff", "not UTF-8"),
        ("63eda080", "surrogate in UTF-8"),
        ("f97e00", "NaN"),
        ("f97c00", "infinity"),
        ("fa3f800000", "long float"),
        ("fb3ff0000000000000", "long float"),
        ("f7", "undefined"),
        ("e0", "simple value"),
        ("f820", "simple value"),
        ("c000", "tag"),
        ("c249010000000000000000", "big number"),
        ("d2f6", "tag that is not allowed here"),
        ("42ff", "too short"),
        ("9affffffff", "promises more than there is"),
        ("bb7fffffffffffffff", "promises more than there is"),
        ("19ff", "head cut off"),
    ],
)
def test_what_the_writer_would_not_write_is_refused(data: str, why: str) -> None:
    with pytest.raises(DecodeError):
        canonical.decode(bytes.fromhex(data), limit=LIMIT)
    assert why


def test_depth_is_bounded_in_both_directions() -> None:
    value: object = 0
    for _ in range(canonical.MAX_DEPTH):
        value = [value]
    assert canonical.decode(canonical.encode(value), limit=LIMIT) == value
    with pytest.raises(EncodeError):
        canonical.encode([value])
    with pytest.raises(DecodeError):
        canonical.decode(b"\x81" * 100_000 + b"\x00", limit=LIMIT)


def test_length_is_bounded() -> None:
    assert canonical.decode(b"\x43abc", limit=4) == b"abc"
    with pytest.raises(OversizeError):
        canonical.decode(b"\x43abc", limit=3)


@given(numbers)
def test_numbers_take_the_shortest_form_that_keeps_them(value: float) -> None:
    encoded = canonical.encode(value)
    for width, form in ((3, ">e"), (5, ">f")):
        if len(encoded) > width:
            try:
                shorter = struct.unpack(form, struct.pack(form, value))[0]
            except OverflowError:
                continue
            assert shorter != value
