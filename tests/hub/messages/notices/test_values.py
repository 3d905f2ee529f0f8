"""Values of notices: dates, amounts, postal codes and telephone numbers, whole or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.messages.notices import values
from hub.messages.notices.values import CheckDigit, ResidentNumber


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("令和八年五月二十三日", "2026-05-23"),
        ("令和元年５月１日（水）", "2019-05-01"),
        ("平成31年4月30日", "2019-04-30"),
        ("2026/5/23まで", "2026-05-23"),
        ("R8.5.23", "2026-05-23"),
        ("5月23日", None),
        ("令和8年2月30日", None),
        ("平成31年5月1日", None),
        ("2026年13月1日", None),
        ("2026年5月23日10時", "2026-05-23"),
        ("12026年5月3日", None),
        ("2026-05-231", None),
        ("2026-05-23-001", None),
        ("01-2026-05-23", None),
        ("KR8.5.23", None),
    ],
)
def test_dates(text: str, value: str | None) -> None:
    assert values.read_date(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("212,100円", 212100),
        ("￥45,600-", 45600),
        ("45,600-", 45600),
        ("金１，０００円也", 1000),
        ("金 12,345円", 12345),
        ("￥12,345", 12345),
        ("¥ 12,345 円", 12345),
        ("合計 3,000円", 3000),
        ("令和8年度 12,345円", 12345),
        ("税額(円) ***3,000円", 3000),
        ("タクシー 700円", 700),
        ("¥1,000 手数料 200円", 1000),
        ("5,000円，期限", 5000),
        ("0円", 0),
        ("12万3,000円", 123000),
        ("１２万円", 120000),
        ("1,200万500円", 12000500),
    ],
)
def test_yen(text: str, value: int) -> None:
    assert values.read_yen(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "十円",
        *("△12,300円", "▲5,000円", "△ 5,000円", "－500円", "¥-500", "-¥500", "マイナス500円"),
        *("△12,300円 差引 5,000円", "5,000円～6,000円", "1,000円から5,000円", "¥5,000-6,000"),
        *("１億２，０００円", "3億2,000万円", "12万 3,000円", "5千円 200円"),
        *("1 2 3 4 5 円", "1 2,000円", "1　２，０００円", "1\n2,000円"),
        *("1,2345円", "1,234.5円", "1、234円", "1・234円", "012,345円", "5,000円50銭"),
        *("042-123-4567", "2026-05-23", "3-2-5", "12-", "1,2345,600-"),
        "9" * 5000 + "円",
    ],
)
def test_an_amount_that_is_not_certain_is_none(text: str) -> None:
    assert values.read_yen(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("〒206-0011", "206-0011"),
        ("郵便番号 ２０６－００１１", "206-0011"),
        ("1234-5678", None),
        ("090-123-4567", None),
        ("206-0011-1", None),
    ],
)
def test_postal_codes(text: str, value: str | None) -> None:
    assert values.read_postal(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("042-123-4567(内線 12)", "042-123-4567"),
        ("0422(12)3456", "0422-12-3456"),
        ("(042)123-4567", "042-123-4567"),
        ("090-1234-5678", "090-1234-5678"),
        ("1-042-123-4567", None),
        ("042-123-4567-8", None),
        ("(042)123-45678", None),
        ("0422-1-345", None),
    ],
)
def test_telephone_numbers(text: str, value: str | None) -> None:
    assert values.read_telephone(text) == value


def test_check_digits() -> None:
    mod11 = ResidentNumber(check_digit=CheckDigit.MOD11)
    passing = [n for n in range(1234560, 1234570) if mod11.read(str(n))]
    assert len(passing) == 1
    mod10 = ResidentNumber(check_digit=CheckDigit.MOD10)
    assert (mod10.read("4539148803436467"), mod10.read("4539148803436468")) == (
        "4539148803436467",
        None,
    )


@given(st.text(max_size=200))
def test_readers_of_values_take_any_text(text: str) -> None:
    for reader in values.READERS.values():
        reader(text)
    ResidentNumber().read(text)


UPSIDE_DOWN = {"type": "name", "zone_mm": [1, 9, 9, 1, 2]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("令和8年4月1日から令和9年3月31日まで", "2026-04-01/2027-03-31"),
        ("自　令和８年４月１日　至　令和９年３月３１日", "2026-04-01/2027-03-31"),
        ("2026年4月1日(水)～2026年6月30日(火)", "2026-04-01/2026-06-30"),
        ("2026/4/1 - 2026/4/1", "2026-04-01/2026-04-01"),
        ("令和9年3月31日から令和8年4月1日まで", None),
        ("令和8年4月1日から同年6月30日まで", None),
        ("令和8年4月1日、令和9年3月31日", None),
        ("令和8年4月1日", None),
        ("令和8年4月1日から令和8年13月1日まで", None),
    ],
)
def test_periods(text: str, value: str | None) -> None:
    assert values.read_period(text) == value
