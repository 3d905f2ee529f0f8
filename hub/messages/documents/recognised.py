"""Words that were recognised in a picture, put into lines: what tesseract writes as TSV."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from hub.messages.documents.glyph import Box, around
from hub.messages.documents.paragraphs import joined
from hub.messages.documents.result import Line

WORD: Final = "5"
"""Tesseract's level of words."""
COLUMNS: Final = 12
CELL_GAP: Final = 1.5
"""Words further apart than this, in heights of the line, are cells beside each other."""
WORD_GAP: Final = 0.4
"""Words further apart than this keep a space between them."""
MOST_WORDS: Final = 20_000


@dataclass(frozen=True)
class _Word:
    line: tuple[str, ...]
    text: str
    box: Box


def lines(tsv: str, resolution: int) -> tuple[Line, ...]:
    """Lines with their boxes in points, cells between tabs; ValueError when it is no such TSV.

    resolution: pixels an inch of the picture.
    """
    words = list(_words(tsv, 72 / resolution))
    if len(words) > MOST_WORDS:
        raise ValueError("too many words")
    return tuple(_line(list(group)) for _, group in groupby(words, key=lambda word: word.line))


def _words(tsv: str, scale: float) -> Iterator[_Word]:
    for row in tsv.split("\n"):
        level, *numbers = row.split("\t", COLUMNS - 1)
        if level != WORD:
            continue
        if len(numbers) != COLUMNS - 1:
            raise ValueError("this is not what the recogniser writes")
        text = numbers.pop().strip()
        left, top, width, height = (int(number) for number in numbers[5:9])
        box = Box(left * scale, top * scale, (left + width) * scale, (top + height) * scale)
        if text:
            yield _Word(tuple(numbers[:4]), text, box)


def _line(words: Sequence[_Word]) -> Line:
    height = max(word.box.height for word in words)
    texts, boxes = [words[0].text], [words[0].box]
    for before, word in pairwise(words):
        gap = word.box.left - before.box.right
        if gap > CELL_GAP * height:
            texts.append(word.text)
            boxes.append(word.box)
        else:
            space = " " if gap > WORD_GAP * height else ""
            texts[-1] = joined(texts[-1] + space, word.text)
            boxes[-1] = boxes[-1].joined(word.box)
    cells = tuple(boxes) if len(boxes) > 1 else ()
    return Line("\t".join(texts), around(boxes), cells)
