"""The ink log gives every sample back bit for bit, and what is left of a torn one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import canonical
from intake.errors import DecodeError, EncodeError, OversizeError, UnknownVersionError
from intake.ink import AxisRange, Ink, PenSample, TabletDescription
from intake.ink.bits import (
    ESCAPE_ONES,
    BitReader,
    packed,
    read_varint,
    varint,
    write_rice,
    write_runs,
)
from intake.ink.block import MAX_SAMPLES, read_block, write_block
from intake.ink.header import read_header, write_header
from intake.ink.log import LogReader, LogWriter, decode, encode, recover
from tests.intake.ink.samples import TABLET, handwriting

INTEGERS = st.integers(-(2**62), 2**62)
SMALL = st.integers(-40_000, 40_000)
SAMPLES = st.builds(
    PenSample,
    INTEGERS,
    st.one_of(SMALL, INTEGERS),
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
LONG = handwriting(300)
SHORT = handwriting(120)
INKS = st.lists(SAMPLES, max_size=20).map(lambda samples: Ink(TABLET, tuple(samples)))


@given(INKS)
def test_decode_gives_back_every_bit(ink: Ink) -> None:
    data = encode(ink)
    assert decode(data) == ink
    assert encode(decode(data)) == data


@given(INKS, st.integers(1, 9), st.data())
def test_a_stream_reads_the_same_in_pieces_of_any_size(
    ink: Ink, block: int, data: st.DataObject
) -> None:
    writer = LogWriter(TABLET, block_samples=block)
    log = writer.header() + writer.extend(ink.samples) + writer.flush()
    reader = LogReader()
    samples: list[PenSample] = []
    while log:
        size = data.draw(st.integers(1, len(log)))
        samples += reader.feed(log[:size])
        log = log[size:]
    assert (reader.tablet, tuple(samples)) == (ink.tablet, ink.samples)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_a_torn_log_keeps_whole_blocks_and_can_go_on(cut: int) -> None:
    ink = LONG
    writer = LogWriter(TABLET)
    log = writer.header() + writer.extend(ink.samples) + writer.flush()
    torn = log[: len(writer.header()) + cut % (len(log) - len(writer.header()))]
    left = recover(torn)
    assert left.ink.samples == ink.samples[: len(left.ink.samples)]
    assert len(left.ink.samples) % 64 == 0
    assert left.torn is (left.good_length != len(torn))

    following = LogWriter.resume(torn[: left.good_length])
    mark = replace(ink.samples[0], dropped_before=True)
    whole = torn[: left.good_length] + following.append(mark) + following.flush()
    assert decode(whole).samples == (*left.ink.samples, mark)


@settings(max_examples=60)
@given(st.integers(0, 100_000), st.integers(1, 255))
def test_a_changed_byte_never_gives_other_samples(place: int, flip: int) -> None:
    ink = SHORT
    writer = LogWriter(TABLET)
    log = bytearray(writer.header() + writer.extend(ink.samples) + writer.flush())
    log[place % len(log)] ^= flip
    with pytest.raises((DecodeError, UnknownVersionError)):
        decode(bytes(log))


def test_exchanged_doubled_or_missing_blocks_show() -> None:
    ink = handwriting(192)
    writer = LogWriter(TABLET)
    head = writer.header()
    blocks = [b for b in (writer.append(sample) for sample in ink.samples) if b]
    assert len(blocks) == 3
    for order in ([1, 0, 2], [0, 0, 1, 2], [0, 2]):
        with pytest.raises(DecodeError):
            decode(head + b"".join(blocks[n] for n in order))


def test_three_seconds_at_200_hz_take_about_two_kilobytes() -> None:
    ink = handwriting(600)
    assert len(encode(ink)) < 2_400
    writer = LogWriter(TABLET)
    assert len(writer.header() + writer.extend(ink.samples) + writer.flush()) < 2_700


def test_nothing_is_clamped_or_put_in_order() -> None:
    outside = PenSample(1_000, -5, 99_999, 5_000, 90, -90, contact=True)
    earlier = PenSample(400, 0, 0, -1, in_range=False, dropped_before=True)
    ink = Ink(replace(TABLET, x=AxisRange(100, 200)), (outside, earlier))
    assert decode(encode(ink)) == ink


def test_no_more_samples_than_allowed() -> None:
    still = (PenSample(0, 0, 0, 0),) * 5_000
    data = encode(Ink(TABLET, still))
    assert len(data) < 400
    with pytest.raises(OversizeError):
        decode(data, sample_limit=4_999)
    assert len(decode(data, sample_limit=5_000).samples) == 5_000


def test_other_bytes_are_told_apart() -> None:
    header = LogWriter(TABLET).header()
    for data in (b"", header[:3], header[:20], header[:-1]):
        with pytest.raises(DecodeError):
            recover(data)
    with pytest.raises(DecodeError, match="no ink log"):
        recover(b"PK\x03\x04")
    with pytest.raises(UnknownVersionError):
        recover(header[:4] + b"\x02" + header[5:])
    with pytest.raises(DecodeError, match="damaged"):
        recover(header[:-1] + bytes([header[-1] ^ 1]))
    with pytest.raises(DecodeError):
        LogWriter.resume(header + b"x")
    assert recover(header + b"\xff" * 12).torn
    assert recover(header + varint(1 << 20)).torn


def test_a_reader_stops_at_damage() -> None:
    reader = LogReader()
    writer = LogWriter(TABLET)
    reader.feed(writer.header())
    reader.feed(b"\xff" * 12)
    assert reader.damaged
    assert reader.feed(writer.extend(handwriting(64).samples)) == ()


@pytest.mark.parametrize("size", [0, MAX_SAMPLES + 1])
def test_block_sizes_have_bounds(size: int) -> None:
    with pytest.raises(EncodeError):
        LogWriter(TABLET, block_samples=size)


def test_headers_hold_what_they_say() -> None:
    plain = TabletDescription("browser", "pen", AxisRange(0, 1), AxisRange(0, 1), AxisRange(0, 0))
    assert read_header(write_header(plain)) == plain
    good = canonical.decode(write_header(TABLET), limit=4096)
    assert isinstance(good, dict)
    for change in ({"x": None}, {"x": [1, 2]}, {"x": [1, 2, "3"]}, {"name": ""}, {"more": 1}):
        with pytest.raises(DecodeError):
            read_header(canonical.encode({**good, **change}))


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\x00",
        varint(MAX_SAMPLES + 1),
        b"\x01" + b"\xa0" * 7,
        b"\x01" + b"\x1f" * 6 + b"\x00",
        b"\x01" + b"\x1f" * 7 + b"\x01",
        b"\x01" + b"\x1f" * 7 + b"\x00\x00",
        b"\x01" + b"\x1f" * 6 + b"\x20\x10",
    ],
)
def test_blocks_that_are_none(block: bytes) -> None:
    with pytest.raises(DecodeError):
        read_block(block)


def test_numbers_are_bounded_and_shortest() -> None:
    assert read_varint(varint(2**70), 0) == (2**70, 11)
    for data in (b"\x80\x00", b"\xff" * 12, varint(2**70 + 1)):
        with pytest.raises(DecodeError):
            read_varint(data, 0)
    with pytest.raises(DecodeError):
        BitReader(b"\xff").rice(1, 0)
    with pytest.raises(DecodeError):
        BitReader(b"\xff" * (ESCAPE_ONES // 8) + b"\x40").rice(1, 0)


@given(st.lists(st.integers(0, 2**66), min_size=1), st.integers(0, 30))
def test_coded_numbers_come_back(values: list[int], start: int) -> None:
    reader = BitReader(packed(write_rice(values, start)))
    assert reader.rice(len(values), start) == values
    reader.close()


@given(st.lists(st.sampled_from([0, 0, 0, 0, 1, 7]), min_size=1), st.integers(0, 30))
def test_runs_come_back(values: list[int], start: int) -> None:
    reader = BitReader(packed(write_runs(values, start)))
    assert reader.runs(len(values), start) == values
    reader.close()


def test_a_run_longer_than_the_block_is_refused() -> None:
    with pytest.raises(DecodeError):
        BitReader(packed(write_runs([0] * 9, 0))).runs(8, 0)


def test_one_sample_makes_a_block() -> None:
    sample = PenSample(1 << 60, 1, 2, 3)
    assert read_block(write_block([sample])) == [sample]
