import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.certificates import text_record
from intake.certificates.errors import CardDataError
from intake.certificates.tlv import write_tlv

PARSERS: tuple[Callable[[bytes], object], ...] = (
    text_record.parse_attributes,
    text_record.parse_number,
    text_record.parse_integrity_record,
    text_record.parse_signed_key,
    text_record.parse_certificate,
)


def attributes(
    name: bytes = "山田　花子".encode(),
    birth: bytes = b"19791103",
    sex: bytes = b"2",
    extra: bytes = b"",
) -> bytes:
    table = write_tlv(0xDF21, bytes(8))
    fields = (
        write_tlv(0xDF22, name),
        write_tlv(0xDF23, "青海県白波市".encode()),
        write_tlv(0xDF24, birth),
        write_tlv(0xDF25, sex),
    )
    return write_tlv(0xFF20, table + b"".join(fields) + extra)


def test_the_four_attributes_are_read():
    found = text_record.parse_attributes(attributes())
    assert (found.name, found.address) == ("山田　花子", "青海県白波市")
    assert (found.birth_date, found.sex) == (dt.date(1979, 11, 3), "2")


def test_the_offset_table_is_not_covered_and_not_used():
    found = text_record.parse_attributes(attributes())
    assert found.covered.startswith(bytes.fromhex("df22"))
    assert len(found.covered) == len(attributes()) - 2 - 1 - 11


def test_no_repr_shows_what_the_card_says_of_its_owner():
    shown = repr(text_record.parse_attributes(attributes()))
    assert "山田" not in shown
    assert "1979" not in shown


@pytest.mark.parametrize(
    "raw",
    [
        attributes(name=b"\xff\xfe"),
        attributes(birth=b"19791331"),
        attributes(birth=b"1979110"),
        attributes(birth=b"1979-1-3"),
        attributes(sex=b"3"),
        attributes(sex=b""),
        attributes(extra=write_tlv(0xDF22, b"other")),
        write_tlv(0xFF20, write_tlv(0xDF22, b"no table")),
        write_tlv(0xFF20, write_tlv(0xDF21, bytes(8))),
        write_tlv(0xFF30, b""),
        b"",
    ],
)
def test_another_form_is_refused(raw: bytes):
    with pytest.raises(CardDataError):
        text_record.parse_attributes(raw)


def test_a_number_error_does_not_name_the_number():
    raw = write_tlv(0xFF10, b"12345678901x")
    with pytest.raises(CardDataError) as caught:
        text_record.parse_number(raw)
    assert "1234" not in str(caught.value)
    assert text_record.parse_number(write_tlv(0xFF10, b"123456789018") + b"\xff\xff") == (
        "123456789018"
    )


@given(data=st.binary(max_size=400), parser=st.sampled_from(PARSERS))
def test_random_bytes_are_refused_and_nothing_else(data: bytes, parser: Callable[[bytes], object]):
    with pytest.raises(CardDataError):
        parser(data)


@given(position=st.integers(min_value=0, max_value=200), value=st.integers(0, 255))
def test_a_changed_byte_parses_or_is_refused(position: int, value: int):
    raw = bytearray(attributes())
    raw[position % len(raw)] = value
    try:
        text_record.parse_attributes(bytes(raw))
    except CardDataError:
        return


@given(size=st.integers(min_value=0, max_value=110))
def test_a_truncated_file_is_refused(size: int):
    raw = attributes()
    with pytest.raises(CardDataError):
        text_record.parse_attributes(raw[: min(size, len(raw) - 1)])
