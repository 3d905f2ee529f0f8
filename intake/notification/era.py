"""Japanese era dates (元号) with the register's boundaries.

A day on which an era changed has two names up to Shōwa (M45.7.30 = T1.7.30, T15.12.25 = S1.12.25);
both are read, the new one is written. Days before 1873 are refused: Japan still counted by the
lunisolar calendar then, and year, month and day cannot be carried over by arithmetic.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from intake.errors import IntakeError
from intake.notification.values import PartialDate


class EraError(IntakeError):
    """A date does not exist in the era given; check era, year, month and day."""


class Era(StrEnum):
    """Eras by their letter."""

    MEIJI = "M"
    TAISHO = "T"
    SHOWA = "S"
    HEISEI = "H"
    REIWA = "R"


@dataclass(frozen=True, slots=True)
class EraDate:
    """A date as an era names it; year 1 is 元年."""

    era: Era
    year: int
    month: int
    day: int


_SPANS: Final = {
    Era.MEIJI: (date(1868, 1, 1), date(1912, 7, 30)),
    Era.TAISHO: (date(1912, 7, 30), date(1926, 12, 25)),
    Era.SHOWA: (date(1926, 12, 25), date(1989, 1, 7)),
    Era.HEISEI: (date(1989, 1, 8), date(2019, 4, 30)),
    Era.REIWA: (date(2019, 5, 1), date.max),
}
"""First and last day of each era; Meiji counts its years from the start of 1868."""

FIRST_DAY: Final = date(1873, 1, 1)
"""First day of the present calendar in Japan (M6.1.1)."""

NAMES: Final = {
    Era.MEIJI: "明治",
    Era.TAISHO: "大正",
    Era.SHOWA: "昭和",
    Era.HEISEI: "平成",
    Era.REIWA: "令和",
}

_BY_SIGN = {
    **{name: era for era, name in NAMES.items()},
    **{name[0]: era for era, name in NAMES.items()},
    **{era.value: era for era in Era},
}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．／－", "0123456789./-")
_ERA_TEXT = re.compile(
    r"(明治|大正|昭和|平成|令和|[明大昭平令MTSHR])"
    r"(元|\d{1,2})(?:年(\d{1,2})月(\d{1,2})日|([./-])(\d{1,2})\5(\d{1,2}))",
    re.ASCII,
)
_COMMON_TEXT = re.compile(
    r"(?:西暦)?(\d{4})(?:年(\d{1,2})月(\d{1,2})日|([./-])(\d{1,2})\4(\d{1,2}))", re.ASCII
)


def from_date(day: date) -> EraDate:
    """Give the era date of a day; EraError before 1873."""
    if day < FIRST_DAY:
        raise EraError("days before 1873 have no era date by arithmetic; write the common year")
    for era in reversed(Era):
        first, _ = _SPANS[era]
        if day >= first:
            return EraDate(era, day.year - first.year + 1, day.month, day.day)
    raise AssertionError(day)


def to_date(era_date: EraDate) -> date:
    """Give the day; EraError outside the era, on a day that is not, or before 1873."""
    first, last = _SPANS[era_date.era]
    if era_date.year < 1:
        raise EraError("an era begins with year 1 (元年)")
    try:
        day = date(first.year + era_date.year - 1, era_date.month, era_date.day)
    except (ValueError, OverflowError):
        raise EraError("there is no such day; check month and day") from None
    if day < FIRST_DAY:
        raise EraError("days before 1873 (M6.1.1) follow another calendar; ask for the common date")
    if not first <= day <= last:
        raise EraError(f"the day lies outside {NAMES[era_date.era]}; check the era")
    return day


def parse(text: str) -> date:
    """Read `令和8年4月1日`, `令和元年5月1日`, `R8.4.1`, `昭64.1.7`, `2026-04-01`, `2026年4月1日`.

    Full-width digits are read too. Nothing is guessed: a year needs its era or four digits.
    EraError for anything else.
    """
    plain = "".join(text.split()).translate(_FULL_WIDTH).upper()
    if found := _ERA_TEXT.fullmatch(plain):
        sign, year, *rest = found.groups()
        month, day = (rest[0], rest[1]) if rest[0] else (rest[3], rest[4])
        number = 1 if year == "元" else int(year)
        return to_date(EraDate(_BY_SIGN[sign], number, int(month), int(day)))
    if found := _COMMON_TEXT.fullmatch(plain):
        year, *rest = found.groups()
        month, day = (rest[0], rest[1]) if rest[0] else (rest[3], rest[4])
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            raise EraError("there is no such day; check year, month and day") from None
    raise EraError("not a date; write an era or a four-digit year, month and day")


def format_date(day: date | PartialDate) -> str:
    """Write `令和8年4月1日`; days before 1873 and partly known ones in the common era.

    What is not known is said: `1928年4月（日不詳）`, `1928年（月日不詳）`.
    """
    if isinstance(day, PartialDate):
        if day.month is None:
            return f"{day.year}年（月日不詳）"
        if day.day is None:
            return f"{day.year}年{day.month}月（日不詳）"
        return format_date(date(day.year, day.month, day.day))
    if day < FIRST_DAY:
        return f"{day.year}年{day.month}月{day.day}日"
    found = from_date(day)
    year = "元" if found.year == 1 else str(found.year)
    return f"{NAMES[found.era]}{year}年{found.month}月{found.day}日"
