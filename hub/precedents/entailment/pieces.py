"""The pieces of text that the body knows, with their numbers, in little memory."""

from typing import Final

import numpy as np
import numpy.typing as npt

_ASCII: Final = 0x80  # octets below are letters and signs of ASCII
Numbers = npt.NDArray[np.int64]


class Pieces:
    """Pieces (UTF-8) to their numbers.

    Two of three pieces that are kept end with a letter or sign of ASCII, which a Japanese text
    seldom has: they stand in sorted arrays, one for each length, that take an eighth of a
    dictionary's memory and are searched by halves. The others stand in a dictionary.
    """

    def __init__(self, text: bytes, starts: Numbers, kept: Numbers) -> None:
        """Piece n is what stands in `text` from starts[n] to starts[n + 1]; `kept` are the n's.

        Of a piece that comes twice the first number counts.
        """
        octets = np.frombuffer(text, np.uint8)
        plain = octets[starts[kept + 1] - 1] < _ASCII
        lengths = starts[kept + 1] - starts[kept]
        self.longest = int(lengths.max(initial=0))  # in octets
        self._plain = {
            length: _Sorted(octets, starts, kept[plain & (lengths == length)], length)
            for length in np.unique(lengths[plain]).tolist()
        }
        self._others: dict[bytes, int] = {}
        for number in kept[~plain].tolist():
            self._others.setdefault(text[starts[number] : starts[number + 1]], number)

    def get(self, piece: bytes) -> int | None:
        """The number of a piece, None for what is none."""
        if piece[-1] >= _ASCII:
            return self._others.get(piece)
        found = self._plain.get(len(piece))
        return None if found is None else found.get(piece)


class _Sorted:
    """Pieces of one length."""

    def __init__(
        self, octets: npt.NDArray[np.uint8], starts: Numbers, kept: Numbers, length: int
    ) -> None:
        table = octets[starts[kept][:, None] + np.arange(length)]
        self._pieces, first = np.unique(table.view(f"S{length}")[:, 0], return_index=True)
        self._numbers = kept[first].astype(np.int32)

    def get(self, piece: bytes) -> int | None:
        place = int(np.searchsorted(self._pieces, np.bytes_(piece)))
        if place == len(self._pieces) or self._pieces[place] != piece:
            return None
        return int(self._numbers[place])
