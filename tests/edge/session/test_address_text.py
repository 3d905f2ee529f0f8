"""One character of an address, found and replaced in its one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.session.address_text import characters_of, with_character
from intake.notification import Address

ADDRESS = Address("131016", "東京都千代田区", "一番町", "1番地", "青海荘203", "0001001")


@pytest.mark.parametrize(
    ("position", "part", "expected"),
    [
        (0, "prefecture_city", "辻京都千代田区"),
        (7, "town", "辻番町"),
        (9, "town", "一番辻"),
        (10, "lot", "辻番地"),
        (14, "building", "辻海荘203"),
        (19, "building", "青海荘20辻"),
    ],
)
def test_the_part_that_holds_the_character_is_changed(position: int, part: str, expected: str):
    changed = with_character(ADDRESS, position, "辻")
    assert getattr(changed, part) == expected
    assert characters_of(changed)[position].text == "辻"
    assert changed.town_id == ("" if part in ("prefecture_city", "town") else "0001001")


def test_the_space_before_the_building_and_what_is_outside_stay():
    assert with_character(ADDRESS, 13, "辻") == ADDRESS
    assert with_character(ADDRESS, 20, "辻") == ADDRESS


WRITTEN = st.lists(st.sampled_from(["あ", "〓", "1", "　", "辻\U000e0100"]), max_size=5).map(
    "".join
)


@given(st.tuples(WRITTEN, WRITTEN, WRITTEN, WRITTEN), st.integers(0, 24))
def test_nothing_but_the_one_character_changes(parts: tuple[str, ...], position: int):
    address = Address("", *parts)
    before = [one.text for one in characters_of(address)]
    after = [one.text for one in characters_of(with_character(address, position, "〓"))]
    if after != before:
        assert after == [*before[:position], "〓", *before[position + 1 :]]
