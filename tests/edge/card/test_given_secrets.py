import os
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from edge.card.given_secrets import secret_from
from edge.errors import SettingsError


@contextmanager
def descriptor_with(text: bytes, *, closed: bool = True) -> Generator[int]:
    reading, writing = os.pipe()
    os.write(writing, text)
    if closed:
        os.close(writing)
    yield reading
    os.close(reading)
    if not closed:
        os.close(writing)


@pytest.mark.parametrize("text", [b"1234", b"1234\n"])
def test_one_trailing_newline_does_not_count(text: bytes):
    with descriptor_with(text) as number:
        pin = secret_from(number).pin
    assert pin is not None
    assert bytes(pin.verify_apdu()[5:]) == b"1234"


@pytest.mark.parametrize(
    "text", [b"", b"\n", b"1234\n\n", b"12 34", b"1234\r\n", b"\xef\xbc\x91", b"9" * 200]
)
def test_what_can_be_no_secret_is_none(text: bytes):
    with descriptor_with(text) as number:
        assert secret_from(number).pin is None


def test_a_writer_that_keeps_its_end_open_after_the_newline_does_not_hold_us_up():
    with descriptor_with(b"1234\n", closed=False) as number:
        assert secret_from(number).pin is not None


def test_a_descriptor_that_is_not_open_is_a_usage_error():
    with descriptor_with(b"") as number:
        pass
    with pytest.raises(SettingsError, match=f"file descriptor {number}"):
        secret_from(number)
