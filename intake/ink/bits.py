"""Bit strings and variable-length integers: the two alphabets an ink block is written in."""

from typing import Final

from intake.errors import DecodeError

ESCAPE_ONES: Final = 24
"""Ones in a row that say: a value too large for its parameter follows with its own length."""

RUN_START: Final = 4
"""First parameter of the lengths of runs."""

MEMORY: Final = 8
"""Values that an adaptive parameter remembers, at most."""

LARGEST_VARINT: Final = 2**70
"""Bound of a varint; what a device or kernel reports fits in 64 bits."""


def zigzag(value: int) -> int:
    """Fold signed to unsigned: 0, -1, 1, -2 becomes 0, 1, 2, 3."""
    return value << 1 if value >= 0 else (-value << 1) - 1


def unzigzag(value: int) -> int:
    """Undo `zigzag`."""
    return value >> 1 if value & 1 == 0 else -((value + 1) >> 1)


def varint(value: int) -> bytes:
    """Give a non-negative integer in groups of seven bits, low groups first."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)


def read_varint(data: bytes, position: int) -> tuple[int, int]:
    """Give a varint and the position behind it; IndexError when the bytes end inside it."""
    value = shift = 0
    while True:
        group = data[position]
        position += 1
        value |= (group & 0x7F) << shift
        if group < 0x80:
            break
        shift += 7
        if shift > 70:
            raise DecodeError("a number in the ink log is too long")
    if (group == 0 and shift) or value > LARGEST_VARINT:
        raise DecodeError("a number in the ink log is not in its shortest form or too large")
    return value, position


class Adaptive:
    """The Rice parameter that follows the size of the last values, the same on both sides.

    It is the smallest k with count * 2^k >= sum; both are halved when the count reaches MEMORY.
    """

    def __init__(self, start: int) -> None:
        self._sum = 1 << start
        self._count = 1

    def parameter(self) -> int:
        """The parameter for the next value."""
        mean = -(-self._sum // self._count)
        return max(0, mean - 1).bit_length()

    def learn(self, value: int) -> None:
        """Take note of the value that was coded."""
        self._sum += value
        self._count += 1
        if self._count >= MEMORY:
            self._sum >>= 1
            self._count >>= 1


def write_rice(values: list[int], start: int) -> str:
    """Give non-negative values as bits, each with the parameter learnt from those before."""
    adaptive = Adaptive(start)
    return "".join([_coded(value, adaptive) for value in values])


def write_runs(values: list[int], start: int) -> str:
    """Give values that are mostly zero: length of a run of zeros, then the value behind it less 1.

    Runs and values learn their parameters apart; the run that ends the values has none behind it.
    """
    runs, others = Adaptive(RUN_START), Adaptive(start)
    bits: list[str] = []
    run = 0
    for value in values:
        if value:
            bits += [_coded(run, runs), _coded(value - 1, others)]
            run = 0
        else:
            run += 1
    return "".join(bits) + (_coded(run, runs) if run else "")


def _coded(value: int, adaptive: Adaptive) -> str:
    """Give the quotient in ones, a zero, then the low bits.

    From a quotient of ESCAPE_ONES on: that many ones, eight bits of length, the value itself.
    """
    parameter = adaptive.parameter()
    adaptive.learn(value)
    quotient = value >> parameter
    if quotient >= ESCAPE_ONES:
        length = value.bit_length()
        return "1" * ESCAPE_ONES + f"{length:08b}{value:0{length}b}"
    low = f"{value & ((1 << parameter) - 1):0{parameter}b}" if parameter else ""
    return "1" * quotient + "0" + low


class BitReader:
    """Reads what `write_rice` wrote; DecodeError when the bytes end too early."""

    def __init__(self, data: bytes) -> None:
        self._bits = f"{int.from_bytes(data, 'big'):0{8 * len(data)}b}" if data else ""
        self._position = 0

    def rice(self, count: int, start: int) -> list[int]:
        """Read `count` values that `write_rice` wrote with the same start."""
        adaptive = Adaptive(start)
        return [self._next(adaptive) for _ in range(count)]

    def runs(self, count: int, start: int) -> list[int]:
        """Read `count` values that `write_runs` wrote with the same start."""
        runs, others = Adaptive(RUN_START), Adaptive(start)
        values: list[int] = []
        while len(values) < count:
            run = self._next(runs)
            if run > count - len(values):
                raise DecodeError("an ink block holds more samples than it says")
            values += [0] * run
            if len(values) < count:
                values.append(self._next(others) + 1)
        return values

    def _next(self, adaptive: Adaptive) -> int:
        value = self._one(adaptive.parameter())
        adaptive.learn(value)
        return value

    def _one(self, parameter: int) -> int:
        start = self._position
        stop = self._bits.find("0", start, start + ESCAPE_ONES)
        if stop >= 0:
            self._position = stop + 1
            return (stop - start) << parameter | self._number(parameter)
        if len(self._bits) < start + ESCAPE_ONES:
            raise DecodeError("an ink block ends too early")
        self._position = start + ESCAPE_ONES
        return self._number(self._number(8))

    def close(self) -> None:
        """Refuse anything behind the last value but zero bits up to a whole byte."""
        rest = self._bits[self._position :]
        if len(rest) > 7 or "1" in rest:
            raise DecodeError("bits follow the last sample of an ink block")

    def _number(self, width: int) -> int:
        if not width:
            return 0
        end = self._position + width
        if end > len(self._bits):
            raise DecodeError("an ink block ends too early")
        value = int(self._bits[self._position : end], 2)
        self._position = end
        return value


def packed(bits: str) -> bytes:
    """Give a string of 0 and 1 as bytes, the last one filled up with zeros."""
    size = (len(bits) + 7) // 8
    return int(bits.ljust(8 * size, "0"), 2).to_bytes(size, "big") if bits else b""
