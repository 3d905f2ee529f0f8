"""Japanese era dates (元号) by the register's boundaries."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from intake.errors import IntakeError


class EraError(IntakeError):
    """A date does not exist in the era given; check era, year, month and day."""


class Era(StrEnum):
    """Eras by their one-letter code."""

    MEIJI = "M"
    TAISHO = "T"
    SHOWA = "S"
    HEISEI = "H"
    REIWA = "R"


@dataclass(frozen=True, slots=True)
class EraDate:
    """A date in an era; year 1 is 元年."""

    era: Era
    year: int
    month: int
    day: int


def from_date(day: date) -> EraDate:
    """Give the era date of a day; on a change of era the new era's (M45.7.30 is T1.7.30)."""
    raise NotImplementedError


def to_date(era_date: EraDate) -> date:
    """Give the day; EraError outside the era. Both names of an era's changing day are accepted."""
    raise NotImplementedError


def parse(text: str) -> date:
    """Read `令和8年4月1日`, `令和元年5月1日`, `R8.4.1`, `昭64.1.7`, `2026-04-01`, `2026年4月1日`."""
    raise NotImplementedError


def format_date(day: date) -> str:
    """Write `令和8年4月1日`; days before 1868-10-23 in years of the common era."""
    raise NotImplementedError
