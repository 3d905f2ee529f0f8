"""Japanese numerals as citations and notices write them: kanji with and without places."""

import re
from typing import Final

DIGITS: Final = {mark: value for value, mark in enumerate("〇一二三四五六七八九")} | {"零": 0}
PLACES: Final = {"十": 10, "百": 100, "千": 1000}
KANJI: Final = "〇零一二三四五六七八九十百千"
_RUN: Final = re.compile(f"[{KANJI}]+")


def value_of(run: str) -> int:
    """The value of a run of digits or kanji: 709, 七〇九, 七百九, 千四十二. ValueError if none."""
    if run.isascii():
        return int(run)
    if not run or any(mark not in KANJI for mark in run):
        raise ValueError(f"no numeral: {run[:20]}")
    if not any(mark in PLACES for mark in run):
        return int("".join(str(DIGITS[mark]) for mark in run))
    total, digit = 0, 0
    for mark in run:
        if mark in PLACES:
            total += (digit or 1) * PLACES[mark]
            digit = 0
        else:
            digit = digit * 10 + DIGITS[mark]
    return total + digit


def kanji_number(text: str) -> str:
    """The text with every run of kanji numerals as Arabic digits."""
    return _RUN.sub(lambda run: str(value_of(run[0])), text)


def in_kanji(value: int) -> str:
    """A number below 10,000 as statutes write it: 48 is 四十八."""
    marks = "〇一二三四五六七八九"
    if not 0 < value < 10_000:
        raise ValueError(f"not a number of an article: {value}")
    written = ""
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            written += name if digit == 1 and name else marks[digit] + name
    return written


def label_of(num: str) -> str:
    """What an article is called in the text: 48_2 is 第四十八条の二; another num stays itself."""
    first, *branches = num.split("_")
    if not all(
        part.isascii() and part.isdigit() and 0 < int(part) < 10_000 for part in [first, *branches]
    ):
        return num
    return f"第{in_kanji(int(first))}条" + "".join(f"の{in_kanji(int(part))}" for part in branches)
