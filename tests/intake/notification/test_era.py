"""Era dates change exactly where the register changes them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.notification import PartialDate
from intake.notification.era import FIRST_DAY, Era, EraDate, EraError, format_date, parse
from intake.notification.era import from_date as era_of
from intake.notification.era import to_date as day_of

DAYS = st.dates(min_value=FIRST_DAY)

BOUNDARIES = [
    ("明治45年7月29日", date(1912, 7, 29), "明治45年7月29日"),
    ("明治45年7月30日", date(1912, 7, 30), "大正元年7月30日"),
    ("大正元年7月30日", date(1912, 7, 30), "大正元年7月30日"),
    ("大正15年12月24日", date(1926, 12, 24), "大正15年12月24日"),
    ("大正15年12月25日", date(1926, 12, 25), "昭和元年12月25日"),
    ("昭和元年12月25日", date(1926, 12, 25), "昭和元年12月25日"),
    ("昭和64年1月7日", date(1989, 1, 7), "昭和64年1月7日"),
    ("平成元年1月8日", date(1989, 1, 8), "平成元年1月8日"),
    ("平成31年4月30日", date(2019, 4, 30), "平成31年4月30日"),
    ("令和元年5月1日", date(2019, 5, 1), "令和元年5月1日"),
    ("明治6年1月1日", date(1873, 1, 1), "明治6年1月1日"),
]


@pytest.mark.parametrize(("text", "day", "written"), BOUNDARIES)
def test_boundaries(text: str, day: date, written: str) -> None:
    assert parse(text) == day
    assert format_date(day) == written


@pytest.mark.parametrize(
    "text",
    [
        "明治45年7月31日",
        "大正元年7月29日",
        "大正15年12月26日",
        "昭和元年12月24日",
        "昭和64年1月8日",
        "平成元年1月7日",
        "平成31年5月1日",
        "令和元年4月30日",
        "明治5年12月31日",
        "昭和0年1月1日",
        "令和8年2月29日",
        "2026-02-29",
        "8年4月1日",
        "26-04-01",
        "令和8年4月",
        "令和8.4/1",
        "慶応3年1月1日",
        "",
        "令和99年13月1日",
    ],
)
def test_days_that_are_not(text: str) -> None:
    with pytest.raises(EraError):
        parse(text)


@pytest.mark.parametrize(
    "text", ["R8.4.1", "r8-4-1", "令8/4/1", "令和８年４月１日", " 2026年 4月 1日 ", "2026.4.1"]
)
def test_ways_to_write_one_day(text: str) -> None:
    assert parse(text) == date(2026, 4, 1)


@given(DAYS)
def test_every_day_has_one_written_form(day: date) -> None:
    assert day_of(era_of(day)) == day
    if day.year < 2118:
        assert parse(format_date(day)) == day


@given(DAYS.filter(lambda day: day < date(9999, 12, 31)))
def test_the_next_day_is_the_next_day(day: date) -> None:
    here, there = era_of(day), era_of(day + timedelta(days=1))
    assert list(Era).index(there.era) - list(Era).index(here.era) in (0, 1)


def test_days_before_the_present_calendar_have_no_era_date() -> None:
    with pytest.raises(EraError):
        era_of(date(1872, 12, 31))
    assert format_date(date(1872, 12, 31)) == "1872年12月31日"
    with pytest.raises(EraError):
        day_of(EraDate(Era.REIWA, 9000, 1, 1))


def test_partly_known_dates_say_what_is_not_known() -> None:
    assert format_date(PartialDate(1928)) == "1928年（月日不詳）"
    assert format_date(PartialDate(1928, 4)) == "1928年4月（日不詳）"
    assert format_date(PartialDate(1928, 4, 1)) == "昭和3年4月1日"


@pytest.mark.parametrize("parts", [(0,), (1928, None, 1), (1928, 13), (1928, 2, 30)])
def test_partial_dates_that_are_not(parts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"."):
        PartialDate(*parts)
