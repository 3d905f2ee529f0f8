"""Text to token numbers as the body was trained to read it, and two texts packed into one input."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hub.precedents.entailment.body import Floats, Vocabulary

_SPACES: Final = re.compile(" {2,}")
_MARK: Final = "\u2581"  # stands for a space, and before the first word
_UNKNOWN_BELOW: Final = 10.0  # how far an unknown character lies below the rarest piece
LONGEST_TEXT: Final = 2_000  # characters that are looked at


@dataclass(frozen=True)
class Packed:
    """One input: token numbers, where the second text begins, whether a part was left out."""

    numbers: npt.NDArray[np.int64]
    second: int
    cut: bool

    def marks(self) -> tuple[Floats, Floats]:
        """1 for tokens of the second text; 1 for tokens that the other text has too, not ends."""
        length = len(self.numbers)
        behind = (np.arange(length) >= self.second).astype(np.float32)
        one, two = self.numbers[: self.second], self.numbers[self.second :]
        shared = np.concatenate([np.isin(one, two), np.isin(two, one)])
        shared[[0, self.second - 2, self.second - 1, -1]] = False
        return behind, shared.astype(np.float32)


class Tokeniser:
    """Cuts a text into the likeliest row of pieces."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        self._rarest = vocabulary.least - _UNKNOWN_BELOW

    def numbers(self, text: str) -> list[int]:
        """The token numbers of a text, without begin and end."""
        plain = self._plain(text[:LONGEST_TEXT])
        best = [0.0] + [-1e30] * len(plain)
        chosen: list[tuple[int, int]] = [(0, 0)] * (len(plain) + 1)
        letters = [letter.encode("utf-8", "replace") for letter in plain]
        for start in range(len(letters)):
            self._from(start, best, chosen, letters)
        found: list[int] = []
        at = len(plain)
        while at > 0:
            number, at = chosen[at]
            found.append(number)
        return found[::-1]

    def _from(
        self,
        start: int,
        best: list[float],
        chosen: list[tuple[int, int]],
        letters: Sequence[bytes],
    ) -> None:
        """Try every piece that begins at a letter."""
        words, here, piece = self._words, best[start], b""
        longest = words.pieces.longest
        for behind in range(start + 1, len(letters) + 1):
            piece += letters[behind - 1]
            if len(piece) > longest:
                break
            number = words.pieces.get(piece)
            if number is not None and number != words.unknown:
                score = here + float(words.scores[number])
                if score > best[behind]:
                    best[behind], chosen[behind] = score, (number, start)
        if here + self._rarest > best[start + 1]:
            best[start + 1], chosen[start + 1] = here + self._rarest, (words.unknown, start)

    def _plain(self, text: str) -> str:
        reads = self._words.reads
        read = _SPACES.sub(" ", "".join(reads.get(ord(letter), letter) for letter in text))
        return (read if read.startswith(" ") else f" {read}").replace(" ", _MARK)

    def pair(self, first: str, second: str, most: int) -> Packed:
        """Both texts as begin, first, end, end, second, end: at most `most` tokens.

        The longer one loses its end until both fit.
        """
        one, two = self.numbers(first), self.numbers(second)
        room = most - 4
        cut = len(one) + len(two) > room or max(len(first), len(second)) > LONGEST_TEXT
        if len(one) + len(two) > room:
            short = min(len(one), len(two), room // 2)
            one, two = (
                (one[: room - short], two[:short])
                if len(one) > len(two)
                else (one[:short], two[: room - short])
            )
        words = self._words
        numbers = [words.begin, *one, words.end, words.end, *two, words.end]
        return Packed(np.array(numbers, np.int64), len(one) + 3, cut)
