import pytest

from drivers import errors
from drivers.discovery import discover
from drivers.errors import DriverError
from drivers.sentences import codes, sentence

ERRORS = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, DriverError)
]


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_has_a_sentence_in_both_languages(error: type[DriverError]):
    spoken = sentence(error.code)
    assert spoken.ja.endswith("。")
    assert spoken.en.endswith(".")
    assert error.__doc__


def test_exit_codes_follow_the_table_of_the_house():
    assert {error.exit_code for error in ERRORS} <= {1, 2, 3, 4}
    assert errors.DeviceLostError.exit_code == 3
    assert errors.DevicePermissionError.exit_code == 4


def test_only_what_plugging_in_or_waiting_can_help_is_retryable():
    assert {error for error in ERRORS if error.retryable} == {
        errors.DeviceMissingError,
        errors.DeviceLostError,
        errors.DeviceBusyError,
    }


def test_no_sentence_leaves_a_place_open():
    for code in codes():
        spoken = sentence(code, where="W", module="M")
        assert "{" not in spoken.ja + spoken.en
        assert ("W" in spoken.ja, "M" in spoken.ja) == ("W" in spoken.en, "M" in spoken.en) or (
            "W" in spoken.en
        )


def test_an_unknown_code_is_not_hidden():
    with pytest.raises(KeyError):
        sentence("no_such_code")


def test_discover_speaks_of_this_machine():
    assert discover().findings is not None
