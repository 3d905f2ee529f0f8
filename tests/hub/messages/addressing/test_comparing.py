"""The list's address against the printed one."""

import pytest

from hub.messages.addressing.addressees import Addressee
from hub.messages.addressing.comparing import differences, stands_in


@pytest.mark.parametrize(
    ("printed", "listed"),
    [
        ("関戸6-3-2", "関戸6-3-29"),
        ("関戸6-3", "関戸6-3-29"),
        ("関戸６－３－２", "関戸６－３－２９"),
        ("関戸6-3-2", "関戸6-3-2の5"),
        ("関戸6丁目", "関戸6丁目3番29号"),
        ("3番29号", "関戸6丁目13番29号"),
        ("3-29", "関戸6-3-29"),
        ("関戸十", "関戸十一"),
        ("関戸7", "関戸6-3-29"),
    ],
)
def test_a_part_of_a_number_is_another_address(printed: str, listed: str):
    assert not stands_in(printed, listed)
    person = Addressee("1", "佐藤", listed)
    found = differences(person, ["佐藤"], printed, lambda a, b: a == b)
    assert [doubt.value for doubt in found] == ["address-differs"]


@pytest.mark.parametrize(
    ("printed", "listed"),
    [
        ("関戸6-3-29", "関戸6-3-29"),
        ("関戸 6-3-29", "東京都多摩市関戸6-3-29　コーポ101"),
        ("関戸6-3-29", "関戸6-3-29 101"),
        ("関戸6丁目3番29号", "206-0011東京都多摩市関戸6丁目3番29号関戸ビル"),
        ("関戸6-3-2", "関戸6-3-2三井ビル"),
    ],
)
def test_an_address_that_stands_whole_in_the_lists_is_the_same(printed: str, listed: str):
    assert stands_in(printed, listed)
