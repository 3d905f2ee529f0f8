"""The numbers in a text, kanji numerals too, each with its unit: 十四日 and 14日 are one."""

import re
import unicodedata
from typing import Final

from hub.numerals import KANJI, value_of

_MYRIADS: Final = {"万": 10**4, "億": 10**8, "兆": 10**12}
_UNITS: Final = (
    "日|週間|か月|箇月|ヶ月|カ月|月|年|歳|才|人|円|回|件|分|時間|時|倍|割|通|個|枚|本|匹|頭|台|つ|名"
    "|メートル|パーセント|%"
)
_DIGITS: Final = rf"(?:[0-9]+(?:\.[0-9]+)?|[{KANJI}]+)"
_FIGURE: Final = re.compile(rf"(?:({_DIGITS})([万億兆]))?({_DIGITS})?({_UNITS})?")
_SAME: Final = {
    "箇月": "か月",
    "ヶ月": "か月",
    "カ月": "か月",
    "才": "歳",
    "名": "人",
    "%": "パーセント",
}
_NO_FIGURE: Final = re.compile(
    rf"第[0-9{KANJI}]+[条項号編章節款](?:の[0-9{KANJI}]+)*"
    r"|一[部般定切方緒時致]|[万統同唯]一|三者|十分|百合|千葉"
)


def figures(text: str) -> frozenset[tuple[float, str]]:
    """All numbers of a text with their units ("" without one); numbers of articles are left out."""
    plain = _NO_FIGURE.sub("", unicodedata.normalize("NFKC", text).replace(",", ""))
    found: list[tuple[str, str, str, str]] = _FIGURE.findall(plain)
    return frozenset(
        (_value(high) * _MYRIADS.get(myriad, 1) + _value(low), _SAME.get(unit, unit))
        for high, myriad, low, unit in found
        if high or low
    )


def _value(digits: str) -> float:
    if not digits:
        return 0.0
    return float(digits) if "." in digits else float(value_of(digits))
