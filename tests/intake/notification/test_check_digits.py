"""Check digits catch a wrong digit; values from public examples, never a real person's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import DecodeError
from intake.notification import NotificationError
from intake.notification.check_digits import individual_number_ok, lg_code_ok, resident_code_ok
from intake.notification.individual_number import IndividualNumbers, decode, encode

ID = "7d8f3c1e-2b5a-4c66-9d0e-5a1b2c3d4e5f"
WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


@pytest.mark.parametrize("code", ["131016", "011002", "141003", "271004", "472018", "131250"])
def test_codes_of_municipalities(code: str) -> None:
    assert lg_code_ok(code) is (code != "131250")


@pytest.mark.parametrize("code", ["", "13101", "1310160", "13101x", "１３１０１６", "131015"])
def test_codes_that_are_not(code: str) -> None:
    assert not lg_code_ok(code)


def test_published_examples_of_individual_numbers() -> None:
    assert individual_number_ok("123456789018")
    assert individual_number_ok("023456789013")
    assert individual_number_ok("983205673214")
    assert not individual_number_ok("983205673210")
    assert not individual_number_ok("12345678901")


@given(st.text("0123456789", min_size=11, max_size=11))
def test_individual_numbers_by_the_other_way_to_write_the_formula(body: str) -> None:
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    remainder = total % 11
    check = 0 if remainder <= 1 else 11 - remainder
    found = [digit for digit in "0123456789" if individual_number_ok(body + digit)]
    assert found == [str(check)]


@given(st.text("0123456789", min_size=10, max_size=10))
def test_a_resident_code_has_one_check_digit(body: str) -> None:
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS[1:], strict=True))
    check = 0 if total % 11 <= 1 else 11 - total % 11
    assert [d for d in "0123456789" if resident_code_ok(body + d)] == [str(check)]


def test_numbers_of_persons_stay_apart_and_unseen() -> None:
    numbers = IndividualNumbers(ID, {"p1": "123456789018"})
    assert decode(encode(numbers)) == numbers
    assert "1234" not in repr(numbers)


@pytest.mark.parametrize(
    ("notification_id", "numbers"),
    [
        (ID, {}),
        (ID, {"p1": "123456789019"}),
        (ID, {"P 1": "123456789018"}),
        ("x", {"p1": "123456789018"}),
    ],
)
def test_wrong_numbers_are_refused_without_showing_them(
    notification_id: str, numbers: dict[str, str]
) -> None:
    with pytest.raises(NotificationError) as caught:
        IndividualNumbers(notification_id, numbers)
    assert "123456" not in str(caught.value)


def test_bytes_with_a_wrong_number_are_refused() -> None:
    data = encode(IndividualNumbers(ID, {"p1": "123456789018"}))
    with pytest.raises(DecodeError):
        decode(data.replace(b"123456789018", b"123456789019"))
