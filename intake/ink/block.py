"""One block of samples: each column predicted from its own past, the errors Rice-coded.

A block stands alone: it holds its first values in full and needs nothing before it.
"""

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
    zigzag,
)
from intake.ink.sample import PenSample

MAX_SAMPLES: Final = 1024
"""Most samples in one block."""

_COLUMNS: Final = 7
_ORDERS: Final = range(4)
_LARGEST_PARAMETER: Final = 30
_ALL_ZERO: Final = 31
"""Parameter that says: every prediction was exact, no bits follow."""


def write_block(samples: list[PenSample]) -> bytes:
    """Give the bytes of 1 to MAX_SAMPLES samples."""
    head = bytearray(varint(len(samples)))
    bits: list[str] = []
    for column in zip(*map(_row, samples), strict=True):
        order, parameter, coded = _best(list(column))
        head.append(order << 5 | parameter)
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
    for parameter, starts in heads:
        size = count - len(starts)
        errors = [0] * size if parameter == _ALL_ZERO else reader.rice(size, parameter)
        columns.append(_integrated([unzigzag(error) for error in errors], starts))
    reader.close()
    return [_sample(row) for row in zip(*columns, strict=True)]


def _read_heads(data: bytes) -> tuple[int, list[tuple[int, list[int]]], int]:
    count, position = read_varint(data, 0)
    if not 1 <= count <= MAX_SAMPLES:
        raise DecodeError("an ink block holds no samples or too many")
    heads: list[tuple[int, list[int]]] = []
    for _ in range(_COLUMNS):
        order, parameter = data[position] >> 5, data[position] & 31
        position += 1
        if order not in _ORDERS:
            raise DecodeError("an ink block is predicted in an unknown way")
        starts: list[int] = []
        for _ in range(min(order, count)):
            value, position = read_varint(data, position)
            starts.append(unzigzag(value))
        heads.append((parameter, starts))
    return count, heads, position


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
    """Give order, parameter and bits that take the least room, the lowest order first."""
    choices: list[tuple[int, int, int, str]] = []
    differences = column
    for order in _ORDERS:
        if order:
            differences = [b - a for a, b in pairwise(differences)]
        parameter, bits = _coded([zigzag(value) for value in differences])
        starts = sum(8 * len(varint(zigzag(value))) for value in _starts(column, order))
        choices.append((len(bits) + starts, order, parameter, bits))
    _, order, parameter, bits = min(choices, key=lambda choice: choice[:2])
    return order, parameter, bits


def _coded(errors: list[int]) -> tuple[int, str]:
    if not any(errors):
        return _ALL_ZERO, ""
    first = errors[:8]
    parameter = min(_LARGEST_PARAMETER, max(0, (sum(first) // len(first)).bit_length() - 1))
    return parameter, write_rice(errors, parameter)


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
