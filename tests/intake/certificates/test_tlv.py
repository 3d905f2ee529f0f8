import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.certificates.errors import CardDataError
from intake.certificates.tlv import header_end, read_fields, read_tlv, write_tlv

TAGS = st.sampled_from([0x90, 0x91, 0xA1, 0x5F4E, 0x7F21, 0xDF22, 0xDF2A, 0xFF20])


@given(tag=TAGS, value=st.binary(max_size=70_000 // 100), tail=st.binary(max_size=9))
def test_what_is_written_is_read_back_whatever_follows(tag: int, value: bytes, tail: bytes):
    written = write_tlv(tag, value)
    found = read_tlv(written + tail)
    assert (found.tag, found.value, found.end) == (tag, value, len(written))
    assert header_end(written[:7]) == len(written)


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_535])
def test_lengths_take_their_shortest_form(size: int):
    written = write_tlv(0x90, bytes(size))
    header = 2 if size < 128 else 3 if size < 256 else 4
    assert len(written) == header + size
    assert read_tlv(written).value == bytes(size)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_parse_or_be_refused(data: bytes):
    try:
        found = read_tlv(data)
    except CardDataError:
        return
    assert 0 < found.value_start <= found.end <= len(data)


@given(value=st.binary(min_size=1, max_size=300), cut=st.integers(min_value=1, max_value=300))
def test_a_file_cut_short_is_refused(value: bytes, cut: int):
    written = write_tlv(0xFF20, value)
    with pytest.raises(CardDataError):
        read_tlv(written[: max(0, len(written) - cut)])


@given(value=st.binary(max_size=100), lie=st.integers(min_value=1, max_value=100))
def test_a_length_that_says_more_than_there_is_is_refused(value: bytes, lie: int):
    head = bytes([0x90, 0x82]) + (len(value) + lie).to_bytes(2, "big")
    with pytest.raises(CardDataError):
        read_tlv(head + value)


@pytest.mark.parametrize("data", ["9080", "9084ffffffff", "1fffffff00", "ff", ""])
def test_indefinite_and_endless_forms_are_refused(data: str):
    with pytest.raises(CardDataError):
        read_tlv(bytes.fromhex(data))


@pytest.mark.parametrize("filler", [b"\xff\xff", b"\x00\x00\x00"])
def test_filler_ends_the_fields(filler: bytes):
    data = write_tlv(0xDF22, b"a") + write_tlv(0xDF23, b"b") + filler
    assert [field.value for field in read_fields(data)] == [b"a", b"b"]
