from __future__ import annotations

import uuid
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import DecodeError, EncodeError
from intake.event.ids import ReceptionNumber, new_event_id, new_notification_id

numbers = st.builds(
    ReceptionNumber.make,
    st.integers(0, 999).map(lambda n: f"{n:03d}"),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(1, 9999),
)


def test_ids_are_random_uuids() -> None:
    ids = {new_event_id() for _ in range(50)} | {new_notification_id() for _ in range(50)}
    assert len(ids) == 100
    assert {uuid.UUID(item).version for item in ids} == {4}


@given(numbers)
def test_a_number_is_read_back(number: ReceptionNumber) -> None:
    assert ReceptionNumber.parse(str(number)) == number
    assert ReceptionNumber.from_wire(str(number)) == number


def test_it_is_read_as_a_person_may_type_it() -> None:
    number = ReceptionNumber.make("012", date(2026, 11, 23), 42)
    assert str(number) == "012-261123-0042-78"
    for typed in ("012261123004278", "012 261123 0042 78", "０１２－２６１１２３－００４２－７８"):
        assert ReceptionNumber.parse(typed) == number
        with pytest.raises(DecodeError):
            ReceptionNumber.from_wire(typed)


@given(numbers)
def test_every_single_wrong_digit_is_refused(number: ReceptionNumber) -> None:
    plain = str(number).replace("-", "")
    for at, old in enumerate(plain):
        for new in set("0123456789") - {old}:
            with pytest.raises(DecodeError):
                ReceptionNumber.parse(plain[:at] + new + plain[at + 1 :])


@given(numbers)
def test_every_exchange_of_two_digits_is_refused(number: ReceptionNumber) -> None:
    plain = str(number).replace("-", "")
    for left, right in combinations(range(len(plain)), 2):
        digits = list(plain)
        digits[left], digits[right] = digits[right], digits[left]
        if (swapped := "".join(digits)) != plain:
            with pytest.raises(DecodeError):
                ReceptionNumber.parse(swapped)


@pytest.mark.parametrize("text", ["", "012-261123-0042-7", "01a-261123-0042-78", "x" * 15])
def test_other_texts_are_refused(text: str) -> None:
    for read in (ReceptionNumber.parse, ReceptionNumber.from_wire):
        with pytest.raises(DecodeError):
            read(text)


def with_check(body: str) -> str:
    return body + f"{98 - int(body) * 100 % 97:02d}"


@pytest.mark.parametrize("body", ["0122613230042", "0122611230000"])
def test_right_check_digits_on_no_real_day_or_counter_are_refused(body: str) -> None:
    assert ReceptionNumber.parse(with_check("0122611230042"))
    with pytest.raises(DecodeError, match="no real day or counter"):
        ReceptionNumber.parse(with_check(body))


@pytest.mark.parametrize("check", ["00", "01", "98", "99"])
def test_check_digits_outside_their_range_have_no_second_meaning(check: str) -> None:
    """97 more than the right digits has the same remainder and must not pass."""
    for counter in range(1, 300):
        text = str(ReceptionNumber.make("012", date(2026, 11, 23), counter))
        other = text[:-2] + check
        if other != text:
            with pytest.raises(DecodeError):
                ReceptionNumber.parse(other)


@pytest.mark.parametrize(
    ("code", "day", "counter"),
    [
        ("12", date(2026, 1, 1), 1),
        ("abc", date(2026, 1, 1), 1),
        ("012", date(1999, 1, 1), 1),
        ("012", date(2100, 1, 1), 1),
        ("012", date(2026, 1, 1), 0),
        ("012", date(2026, 1, 1), 10000),
    ],
)
def test_numbers_outside_the_ranges_are_not_made(code: str, day: date, counter: int) -> None:
    with pytest.raises(EncodeError):
        ReceptionNumber.make(code, day, counter)
