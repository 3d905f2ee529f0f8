"""One block of samples: each column predicted from its own past, the errors Rice-coded.

A block stands alone: it holds its first values in full and needs nothing before it.
"""

from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Final

from intake.errors import DecodeError
from intake.ink.bits import (
    BitReader,
    packed,
    read_varint,
    unzigzag,
    varint,
    write_rice,
    write_runs,
    zigzag,
)
from intake.ink.sample import PenSample

MAX_SAMPLES: Final = 1024
"""Most samples in one block."""

_COLUMNS: Final = 7
_ORDERS: Final = range(4)
_LARGEST_PARAMETER: Final = 30
_ALL_ZERO: Final = 31
"""Mode that says: every prediction was exact, no bits follow; other modes are parameters."""

_RUNS: Final = 0x80
"""Bit that says: most predictions were exact, the errors are written as runs."""


def write_block(samples: list[PenSample]) -> bytes:
    """Give the bytes of 1 to MAX_SAMPLES samples."""
    head = bytearray(varint(len(samples)))
    bits: list[str] = []
    for column in zip(*map(_row, samples), strict=True):
        order, mode, coded = _best(list(column))
        head.append(order << 5 | mode)
        head += b"".join(varint(zigzag(value)) for value in _starts(list(column), order))
        bits.append(coded)
    return bytes(head) + packed("".join(bits))


def read_block(data: bytes) -> list[PenSample]:
    """Give the samples of a block; DecodeError when it is not one."""
    try:
        count, heads, position = _read_heads(data)
    except IndexError:
        raise DecodeError("an ink block ends too early") from None
    reader = BitReader(data[position:])
    columns: list[list[int]] = []
    for mode, starts in heads:
        size = count - len(starts)
        errors = _errors(reader, size, mode)
        columns.append(_integrated([unzigzag(error) for error in errors], starts))
    reader.close()
    return [_sample(row) for row in zip(*columns, strict=True)]


def _read_heads(data: bytes) -> tuple[int, list[tuple[int, list[int]]], int]:
    count, position = read_varint(data, 0)
    if not 1 <= count <= MAX_SAMPLES:
        raise DecodeError("an ink block holds no samples or too many")
    heads: list[tuple[int, list[int]]] = []
    for _ in range(_COLUMNS):
        order, mode = data[position] >> 5 & 3, data[position] & (_RUNS | 31)
        position += 1
        starts: list[int] = []
        for _ in range(min(order, count)):
            value, position = read_varint(data, position)
            starts.append(unzigzag(value))
        heads.append((mode, starts))
    return count, heads, position


def _errors(reader: BitReader, count: int, mode: int) -> list[int]:
    if mode & _RUNS:
        return reader.runs(count, mode & 31)
    return [0] * count if mode == _ALL_ZERO else reader.rice(count, mode)


def _row(sample: PenSample) -> tuple[int, ...]:
    flags = sample.in_range | sample.contact << 1 | sample.dropped_before << 2
    return (
        sample.time_us,
        sample.x,
        sample.y,
        sample.pressure,
        sample.tilt_x,
        sample.tilt_y,
        flags,
    )


def _sample(row: tuple[int, ...]) -> PenSample:
    *values, flags = row
    if not 0 <= flags <= 7:
        raise DecodeError("an ink block has unknown flags")
    time_us, x, y, pressure, tilt_x, tilt_y = values
    return PenSample(
        time_us,
        x,
        y,
        pressure,
        tilt_x,
        tilt_y,
        in_range=bool(flags & 1),
        contact=bool(flags & 2),
        dropped_before=bool(flags & 4),
    )


def _best(column: list[int]) -> tuple[int, int, str]:
    """Give order, mode and bits that take the least room, the lowest order first."""
    choices: list[tuple[int, int, int, str]] = []
    differences = column
    for order in _ORDERS:
        if order:
            differences = [b - a for a, b in pairwise(differences)]
        starts = sum(8 * len(varint(zigzag(value))) for value in _starts(column, order))
        for mode, bits in _coded([zigzag(value) for value in differences]):
            choices.append((len(bits) + starts, order, mode, bits))
    _, order, mode, bits = min(choices, key=lambda choice: choice[:3])
    return order, mode, bits


def _coded(errors: list[int]) -> Iterator[tuple[int, str]]:
    if not any(errors):
        yield _ALL_ZERO, ""
        return
    first = errors[:8]
    parameter = min(_LARGEST_PARAMETER, max(0, (sum(first) // len(first)).bit_length() - 1))
    yield parameter, write_rice(errors, parameter)
    if 2 * errors.count(0) > len(errors):
        yield _RUNS, write_runs(errors, 0)


def _starts(column: list[int], order: int) -> list[int]:
    """Give the first value of the column, of its first differences, and so on up to the order."""
    starts: list[int] = []
    for _ in range(min(order, len(column))):
        starts.append(column[0])
        column = [b - a for a, b in pairwise(column)]
    return starts


def _integrated(errors: list[int], starts: list[int]) -> list[int]:
    column = errors
    for start in reversed(starts):
        column = list(accumulate(column, initial=start))
    return column
