"""Printed amounts of yen: a number is read whole, or not at all."""

import re
from typing import Final

FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９，．／～〜￥", "0123456789,./~~¥")
DASHES: Final = "-‐‑‒–—―−－ー"
MINUS: Final = f"{DASHES}△▲"
NUMERALS: Final = "〇零一二三四五六七八九十百千万億兆"
ANY: Final = rf"[0-9,.{NUMERALS}](?:\s*[0-9,.{NUMERALS}])*"
"""Whatever may be part of a number; spaces between digits do not end it."""
MARK: Final = re.compile(rf"円|¥|[{DASHES}](?!\s*[-0-9])")
"""What shows an amount: before it 円 or the dash that closes it, behind it ¥."""
BEFORE: Final = re.compile(rf"({ANY})\s*\Z")
BEHIND: Final = re.compile(rf"\s*([{MINUS}]*\s*{ANY})")
SIGN: Final = re.compile(r"[金¥]\s*\Z")
WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}|[1-9][0-9]{0,11}")
MYRIADS: Final = re.compile(r"([1-9][0-9]{0,3}|[1-9],[0-9]{3})万([0-9]{1,4}|[1-9],[0-9]{3})?")
NEGATIVE: Final = re.compile(rf"(?:(?<![ァ-ヺぁ-ゖ])ー|[{MINUS.replace('ー', '')}]|マイナス)\s*\Z")
"""The long vowel of a word such as タクシー is no minus."""
BOUND: Final = re.compile(r"[0-9]\s*[、・･'’`/~_:×*]\s*\Z")
"""Digits that a mark binds to the number, or a range that the number ends."""
GOES_ON: Final = re.compile(rf"\s*円?\s*(?:[{MINUS}~]\s*[金¥]?\s*[0-9]|から|[0-9]+\s*銭)")
LONGEST: Final = 100
"""No amount is longer, with what stands before it; more is not looked at."""


def read_yen(text: str) -> int | None:
    """The first amount; None when it is below nothing, a range, or not certainly the whole number.

    Reads `12,345円`, `金 1,000円也`, `¥12,345`, `45,600-`, `12万3,000円`.
    """
    plain = text.translate(FULL_WIDTH)
    for mark in MARK.finditer(plain):
        lead = plain[max(0, mark.start() - LONGEST) : mark.start()]
        found = BEHIND.match(plain, mark.end()) if mark[0] == "¥" else BEFORE.search(lead)
        if found is None:
            continue
        if mark[0] != "¥":
            lead = lead[: found.start()]
        if mark[0] in DASHES and "," not in found[1] and SIGN.search(lead) is None:
            continue  # a number with a dash behind it is many things
        end = found.end() if mark[0] == "¥" else mark.end()
        return None if _in_doubt(lead) or GOES_ON.match(plain, end) else _value(found[1])
    return None


def _in_doubt(lead: str) -> bool:
    """Whether what stands before an amount may change it."""
    before = SIGN.sub("", lead)
    return bool(NEGATIVE.search(before) or BOUND.search(before))


def _value(number: str) -> int | None:
    if WHOLE.fullmatch(number):
        return int(number.replace(",", ""))
    found = MYRIADS.fullmatch(number)
    if found is None:
        return None
    myriads, rest = (int((part or "0").replace(",", "")) for part in found.groups())
    return myriads * 10_000 + rest
